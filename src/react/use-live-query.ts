'use client'

import { type UseQueryOptions, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { IDLE_STATE } from '../client/channel.ts'
import type { KycStatusError } from '../client/errors.ts'
import type { StepAttempt, UploadAttempt } from '../client/knowledge/attempt.ts'
import type { ConnectionState } from '../client/line/line-state.ts'
import { createKnown } from './known.ts'
import { useClient } from './provider.tsx'
import { liveOptions, writeKnown } from './query.ts'
import type { LiveState, Reading } from './reading.ts'
import type { Select, Shown } from './shown.ts'
import { useIsHydrated } from './use-is-hydrated.ts'

/** What stands beside TanStack's result in every hook. */
export interface Controls<TAttempt extends StepAttempt = UploadAttempt> {
  /** How the line to the relay is. Trouble there is neither `error` nor an outcome. */
  readonly connection: ConnectionState
  /** Call it, and await it, before the bytes of an upload leave. See `KycStatusClient.beginUpload`. */
  readonly beginUpload: (options?: { files?: number }) => Promise<TAttempt>
  /** Ends an attempt whose upload did not leave. See `KycStatusClient.clear`. */
  readonly clear: () => void
  /** Connects again, now, also after an error. */
  readonly reconnect: () => void
}

export interface LiveQueryOptions<T, TData> {
  enabled: boolean
  select?: Select<T, TData>
  throwOnError?: boolean | undefined
  placeholderData?: T | undefined
}

export interface LiveQuery<TData> {
  shown: Shown<TData>
  /** The properties that the component has read. */
  reads: Set<PropertyKey>
  /** TanStack's result, in which what is shown, the controls and `extras` take precedence. */
  view(extras: object): object
}

/**
 * What a reading says, as a component sees it. Until the relay has been heard it comes from the query of the current attempt,
 * which may have been hydrated. After that it comes from the client, whatever happens to the query.
 *
 * @param caller - the hook that asks, for the messages of errors.
 */
export function useLiveQuery<T extends object, TData>(
  caller: string,
  externalUserId: string,
  reading: Reading<T>,
  { enabled, select, throwOnError, placeholderData }: LiveQueryOptions<T, TData>,
): LiveQuery<TData> {
  const client = useClient(caller)
  const queryClient = useQueryClient()
  const known = useMemo(() => createKnown<T, TData>(client, externalUserId, reading), [client, externalUserId, reading])
  // While it hydrates, a component shows what the server rendered, even if this page knows more already.
  const isHydrated = useIsHydrated()

  // A new cache must not make it subscribe again: that would open a line that a sign-out has closed.
  const cache = useRef(queryClient)
  useEffect(() => {
    cache.current = queryClient
  }, [queryClient])
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!enabled) return noop
      const write = () => writeKnown(cache.current, client, externalUserId, reading, known.state())
      const stop = client.subscribe(externalUserId, () => {
        write()
        listener()
      })
      write()
      return stop
    },
    [client, externalUserId, reading, enabled, known],
  )
  const state = isHydrated ? known.state() : (IDLE_STATE as object as LiveState<T>)
  const attemptId = state.attempt?.id ?? null
  const options = useMemo(
    () => liveOptions(client, externalUserId, reading, attemptId),
    [client, externalUserId, reading, attemptId],
  )
  const asked = {
    ...options,
    enabled: enabled && !state.isSignedOut,
    // The client keeps what is shown up to date.
    staleTime: Number.POSITIVE_INFINITY,
    initialData: state.status ?? undefined,
    initialDataUpdatedAt: state.updatedAt,
    notifyOnChangeProps: known.readOfQuery,
    placeholderData: placeholderData ?? options.placeholderData,
  }
  const query: UseQueryResult<T, KycStatusError> = useQuery(asked as object as UseQueryOptions<T, KycStatusError>)
  useEffect(() => {
    // Otherwise the query function would hold the connection until the relay is heard.
    if (!enabled) void queryClient.cancelQueries({ queryKey: options.queryKey, exact: true, type: 'inactive' })
  }, [queryClient, options, enabled])

  const shown = known.render(state, query, select)
  useSyncExternalStore(subscribe, known.read, noop)
  // Mounting makes a line that was given up try again, so an error from before that is not thrown.
  const [errorBefore] = useState(state.error)
  if (throwOnError && shown.error && shown.error !== errorBefore) throw shown.error

  const controls = useMemo(() => {
    const { upload } = reading
    return {
      beginUpload: (uploadOptions?: { files?: number }) =>
        client.beginUpload(externalUserId, { ...upload, ...uploadOptions } as object),
      clear: () => {
        // What was known before the attempt may be old.
        const { queryKey } = liveOptions(client, externalUserId, reading, null)
        queryClient.removeQueries({ queryKey, exact: true })
        client.clear(externalUserId, upload)
      },
      reconnect: () => client.reconnect(externalUserId),
    }
  }, [client, queryClient, externalUserId, reading])

  const { reads } = known
  return { shown, reads, view: (extras) => viewOf([extras, controls, shown, query], query, reads) }
}

/**
 * A view of several objects, the first before the others. It is not a copy: copying reads every property, and a component
 * renders for what it reads.
 */
function viewOf(all: readonly object[], query: object, reads: Set<PropertyKey>): object {
  const owner = (key: PropertyKey) => all.find((own) => key in own) ?? query
  return new Proxy(query, {
    get: (_, key) => {
      reads.add(key)
      return Reflect.get(owner(key), key)
    },
    has: (_, key) => key in owner(key),
    ownKeys: () => [...new Set(all.flatMap(Reflect.ownKeys))],
    getOwnPropertyDescriptor: (_, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(owner(key), key)
      return descriptor && { ...descriptor, configurable: true }
    },
  })
}

const noop = () => undefined
