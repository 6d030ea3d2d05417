'use client'

import { type UseQueryOptions, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { IDLE_STATE } from '../client/channel.ts'
import type { KycStatusError } from '../client/errors.ts'
import type { UploadAttempt } from '../client/knowledge/attempt.ts'
import type { KycFileStatus } from '../client/knowledge/upload-state.ts'
import type { ConnectionState } from '../client/line/line-state.ts'
import { checkOptions, duration } from '../protocol/check-options.ts'
import { createKnown } from './known.ts'
import { useClient } from './provider.tsx'
import { fileStatusOptions, kycKeys, writeStatus } from './query.ts'
import type { Select, Shown } from './shown.ts'
import { useOverdue } from './use-overdue.ts'

/** What stands beside TanStack's result. */
export interface Extras {
  /** How the line to the relay is. Trouble there is neither `error` nor an outcome. */
  readonly connection: ConnectionState
  /** The upload has been waiting for longer than `overdueAfter`. That is not a failure. */
  readonly isOverdue: boolean
  /** Call it, and await it, before the bytes of an upload leave. See `KycStatusClient.beginUpload`. */
  readonly beginUpload: (options?: { files?: number }) => Promise<UploadAttempt>
  /** Ends an attempt whose upload did not leave. See `KycStatusClient.clear`. */
  readonly clear: () => void
  /** Connects again, now, also after an error. */
  readonly reconnect: () => void
}

interface LiveQueryOptions<TData> {
  enabled: boolean
  overdueAfter?: number | undefined
  select?: Select<TData>
  throwOnError?: boolean | undefined
  placeholderData?: KycFileStatus | undefined
}

export interface LiveQuery<TData> {
  result: UseQueryResult<TData, KycStatusError> & Extras
  shown: Shown<TData>
}

/**
 * One user's status, as a component sees it. Until the relay has been heard it comes from the query of the current attempt,
 * which may have been hydrated. After that it comes from the client, whatever happens to the query.
 *
 * @param caller - the hook that asks, for the messages of errors.
 */
export function useLiveQuery<TData>(
  caller: string,
  externalUserId: string,
  { enabled, overdueAfter = 60_000, select, throwOnError, placeholderData }: LiveQueryOptions<TData>,
): LiveQuery<TData> {
  checkOptions(caller, { overdueAfter: duration }, { overdueAfter })
  const client = useClient(caller)
  const queryClient = useQueryClient()
  const known = useMemo(() => createKnown<TData>(client, externalUserId), [client, externalUserId])
  // While it hydrates, a component shows what the server rendered, even if this page knows more already.
  const isHydrated = useSyncExternalStore(noSubscription, yes, no)

  // A new cache must not make it subscribe again: that would open a line that a sign-out has closed.
  const cache = useRef(queryClient)
  useEffect(() => {
    cache.current = queryClient
  }, [queryClient])
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!enabled) return noop
      const write = () => writeStatus(cache.current, client, externalUserId, known.state())
      const stop = client.subscribe(externalUserId, () => {
        write()
        listener()
      })
      write()
      return stop
    },
    [client, externalUserId, enabled, known],
  )
  const state = isHydrated ? known.state() : IDLE_STATE

  const attemptId = state.attempt?.id ?? null
  const options = useMemo(
    () => fileStatusOptions(client, externalUserId, attemptId),
    [client, externalUserId, attemptId],
  )
  const status = state.status?.attemptId === attemptId ? state.status : null
  const isAsking = enabled && !state.isSignedOut
  const { initialData: _, ...always } = options
  const query = useQuery<KycFileStatus, KycStatusError>({
    ...(always as object as UseQueryOptions<KycFileStatus, KycStatusError>),
    enabled: isAsking,
    // The client keeps what is shown up to date.
    staleTime: Number.POSITIVE_INFINITY,
    ...(isAsking && status && { initialData: status, initialDataUpdatedAt: state.updatedAt }),
    notifyOnChangeProps: known.readOfQuery as () => (keyof UseQueryResult)[],
    ...(placeholderData && { placeholderData }),
  })
  useEffect(() => {
    // Otherwise the query function would hold the connection until the relay is heard.
    if (!enabled) void queryClient.cancelQueries({ queryKey: options.queryKey, exact: true, type: 'inactive' })
  }, [queryClient, options, enabled])

  const shown = known.render(state, query, select)
  useSyncExternalStore(subscribe, known.read, nothingShown)
  // Mounting makes a line that was given up try again, so an error from before that is not thrown.
  const [errorBefore] = useState(state.error)
  if (throwOnError && shown.error && shown.error !== errorBefore) throw shown.error

  const readOverdue = useOverdue(shown.waitingSince, overdueAfter)
  const beginUpload = useCallback(
    (uploadOptions?: { files?: number }) => client.beginUpload(externalUserId, uploadOptions),
    [client, externalUserId],
  )
  const clear = useCallback(() => {
    // What was known before the attempt may be old.
    queryClient.removeQueries({ queryKey: kycKeys.fileStatus(externalUserId, null, client.url), exact: true })
    client.clear(externalUserId)
  }, [client, queryClient, externalUserId])
  const reconnect = useCallback(() => client.reconnect(externalUserId), [client, externalUserId])

  const extras: Partial<Extras> = {
    get isOverdue() {
      known.reads.add('waitingSince')
      return readOverdue()
    },
    beginUpload,
    clear,
    reconnect,
  }
  return { result: view(query, shown, extras, known.reads), shown }
}

/**
 * A view of TanStack's result, in which `shown` and `extras` take precedence. It is not a copy: copying reads every property,
 * and a component renders for what it reads.
 */
function view<TData>(
  query: object,
  shown: Shown<TData>,
  extras: Partial<Extras>,
  reads: Set<PropertyKey>,
): LiveQuery<TData>['result'] {
  const owner = (key: PropertyKey) => [extras, shown].find((own) => key in own) ?? query
  return new Proxy(query, {
    get: (_, key) => {
      reads.add(key)
      return Reflect.get(owner(key), key)
    },
    has: (_, key) => key in owner(key),
    ownKeys: () => [...new Set([query, shown, extras].flatMap((own) => Reflect.ownKeys(own)))],
    getOwnPropertyDescriptor: (_, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(owner(key), key)
      return descriptor && { ...descriptor, configurable: true }
    },
  }) as LiveQuery<TData>['result']
}

const noSubscription = () => noop
const noop = () => {}
const yes = () => true
const no = () => false
const nothingShown = () => undefined
