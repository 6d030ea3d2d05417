'use client'

import { type UseQueryOptions, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import * as z from 'zod/mini'
import type { Attempt } from '../client/attempt.ts'
import { type ChannelState, type ConnectionState, IDLE_STATE } from '../client/channel.ts'
import type { KycStatusError } from '../client/errors.ts'
import type { KycFileStatus } from '../client/upload-state.ts'
import { parseOptions } from '../protocol/options.ts'
import { useKycStatusClient } from './provider.tsx'
import { fileStatusOptions } from './query.ts'
import { useOverdue } from './use-overdue.ts'

export interface UseKycFileStatusOptions<TData = KycFileStatus> {
  /** `false`: nothing is opened. Default `true`. */
  enabled?: boolean
  /** Milliseconds that an upload may wait before `isOverdue` turns true. Default 60,000. */
  overdueAfter?: number
  /** Takes out of the status what this component needs; it renders when that changes. */
  select?: (status: KycFileStatus) => TData
  /** Whether an error is thrown to the next error boundary. */
  throwOnError?: boolean
}

export type UseKycFileStatusResult<TData = KycFileStatus> = UseQueryResult<TData, KycStatusError> & {
  /** How the line to the relay is. Trouble there is neither `error` nor an outcome. */
  readonly connection: ConnectionState
  /** The upload has been waiting for longer than `overdueAfter`. That is not a failure. */
  readonly isOverdue: boolean
  /** Call it, and await it, before the bytes of an upload leave. See `KycStatusClient.beginUpload`. */
  readonly beginUpload: (options?: { files?: number }) => Promise<Attempt>
  /** Ends an attempt whose upload did not leave. See `KycStatusClient.clear`. */
  readonly clear: () => void
  /** Connects anew, now, also after an error. */
  readonly reconnect: () => void
}

const overdueAfterSchema = z.number('expected milliseconds').check(z.positive('expected milliseconds above 0'))

/**
 * What is known of a user's upload, as it happens. It returns TanStack Query's own result, with the connection and what one
 * can do beside it: `data.outcome` says what became of the document, `error` is set only where nothing will heal.
 *
 * @param externalUserId - the user who is signed in; the relay refuses any other.
 */
export function useKycFileStatus<TData = KycFileStatus>(
  externalUserId: string,
  { enabled = true, overdueAfter = 60_000, select, throwOnError }: UseKycFileStatusOptions<TData> = {},
): UseKycFileStatusResult<TData> {
  parseOptions('useKycFileStatus: overdueAfter', overdueAfterSchema, overdueAfter)
  const client = useKycStatusClient()
  const queryClient = useQueryClient()

  const subscribe = useCallback(
    (listener: () => void) => (enabled ? client.subscribe(externalUserId, listener) : () => {}),
    [client, externalUserId, enabled],
  )
  const getState = useCallback(
    () => (enabled ? client.getState(externalUserId) : IDLE_STATE),
    [client, externalUserId, enabled],
  )
  const attemptId = useSyncExternalStore(subscribe, () => currentAttempt(getState()), noAttempt)
  const since = useSyncExternalStore(subscribe, () => waitingSince(getState()), notWaiting)
  const readConnection = useConnection(subscribe, getState)
  const isOverdue = useOverdue(since, overdueAfter)
  // What this page knows already is no part of the markup that the server sent.
  const isHydrated = useSyncExternalStore(noSubscription, yes, no)

  const options = useMemo(
    () => fileStatusOptions(client, externalUserId, attemptId),
    [client, externalUserId, attemptId],
  )
  const { initialData, ...always } = options as object as UseQueryOptions<
    KycFileStatus,
    KycStatusError,
    TData,
    typeof options.queryKey
  >
  const result = useQuery<KycFileStatus, KycStatusError, TData, typeof options.queryKey>({
    ...always,
    enabled,
    ...(enabled && isHydrated && initialData && { initialData }),
    ...(select && { select }),
    ...(throwOnError !== undefined && { throwOnError }),
  })

  useEffect(() => {
    // The query function holds the connection until the relay is heard.
    if (!enabled) void queryClient.cancelQueries({ queryKey: options.queryKey, exact: true, type: 'inactive' })
  }, [queryClient, options, enabled])

  useEffect(() => {
    const write = () => {
      const { status, error } = getState()
      if (status?.attemptId === attemptId) queryClient.setQueryData(options.queryKey, status)
      // The query function rejects with the error, and the status that is known stays beside it.
      if (error) void queryClient.refetchQueries({ queryKey: options.queryKey, exact: true }, { cancelRefetch: false })
    }
    write()
    return subscribe(write)
  }, [queryClient, options, attemptId, subscribe, getState])

  const beginUpload = useCallback(
    (uploadOptions?: { files?: number }) => client.beginUpload(externalUserId, uploadOptions),
    [client, externalUserId],
  )
  const clear = useCallback(() => client.clear(externalUserId), [client, externalUserId])
  const reconnect = useCallback(() => client.reconnect(externalUserId), [client, externalUserId])

  return useMemo(() => {
    const extras = {
      get connection() {
        return readConnection()
      },
      isOverdue,
      beginUpload,
      clear,
      reconnect,
    }
    return beside(result, extras)
  }, [result, readConnection, isOverdue, beginUpload, clear, reconnect])
}

/** Reads the connection. Like TanStack's own properties, it makes nobody render who does not read it. */
function useConnection(subscribe: (listener: () => void) => () => void, getState: () => ChannelState) {
  const isRead = useRef(false)
  const subscribeIfRead = useCallback(
    (listener: () => void) => subscribe(() => isRead.current && listener()),
    [subscribe],
  )
  const connection = useSyncExternalStore(subscribeIfRead, () => getState().connection, noConnection)
  return useCallback(() => {
    isRead.current = true
    return connection
  }, [connection])
}

/**
 * A view on TanStack's result with more beside it. Not a copy: to copy it is to read all of it, and a component renders for
 * what it reads.
 */
function beside<TData, TExtras extends object>(
  result: UseQueryResult<TData, KycStatusError>,
  extras: TExtras,
): UseQueryResult<TData, KycStatusError> & TExtras {
  const owner = (target: object, key: PropertyKey) => (Object.hasOwn(extras, key) ? extras : target)
  return new Proxy(result, {
    get: (target, key) => Reflect.get(owner(target, key), key),
    has: (target, key) => Reflect.has(owner(target, key), key),
    ownKeys: (target) => [...Reflect.ownKeys(target), ...Reflect.ownKeys(extras)],
    getOwnPropertyDescriptor: (target, key) => Reflect.getOwnPropertyDescriptor(owner(target, key), key),
  }) as UseQueryResult<TData, KycStatusError> & TExtras
}

function currentAttempt({ attempt }: ChannelState): string | null {
  return attempt?.id ?? null
}

function waitingSince({ attempt, status }: ChannelState): number | null {
  return attempt && status?.outcome === 'waiting' ? attempt.startedAt : null
}

// On the server nothing is known.
const noAttempt = () => currentAttempt(IDLE_STATE)
const notWaiting = () => waitingSince(IDLE_STATE)
const noConnection = () => IDLE_STATE.connection
const noSubscription = () => () => {}
const yes = () => true
const no = () => false
