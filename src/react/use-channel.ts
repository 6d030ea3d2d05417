'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Attempt } from '../client/attempt.ts'
import { type ChannelState, type ConnectionState, IDLE_STATE } from '../client/channel.ts'
import { checkOptions, duration } from '../client/options.ts'
import type { KycFileStatus } from '../client/upload-state.ts'
import { isAfter } from '../protocol/event-id.ts'
import { useClient } from './provider.tsx'
import { fileStatusOptions, keepNewer, kycKeys } from './query.ts'
import { useOverdue } from './use-overdue.ts'

/** What stands beside TanStack's result. */
export interface Extras {
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

interface UseChannelOptions<TData> {
  enabled: boolean
  overdueAfter?: number | undefined
  select?: ((status: KycFileStatus) => TData) | undefined
}

/** One user's channel, as a component sees it: the query of its current attempt, and what stands beside its result. */
export function useChannel<TData>(
  externalUserId: string,
  { enabled, overdueAfter = 60_000, select }: UseChannelOptions<TData>,
) {
  checkOptions('useKycFileStatus', { overdueAfter: duration }, { overdueAfter })
  const client = useClient('useKycFileStatus')
  const queryClient = useQueryClient()

  const subscribe = useCallback(
    (listener: () => void) => (enabled ? client.subscribe(externalUserId, listener) : () => {}),
    [client, externalUserId, enabled],
  )
  const getState = useCallback(
    // Also while it is not enabled: an attempt that is under way does not turn into what was before it.
    () => (externalUserId === '' ? IDLE_STATE : client.getState(externalUserId)),
    [client, externalUserId],
  )
  const attemptId = useSyncExternalStore(subscribe, () => currentAttempt(getState()), noAttempt)
  const since = useSyncExternalStore(subscribe, () => waitingSince(getState()), notWaiting)
  const readConnection = useConnection(subscribe, getState)
  const readOverdue = useOverdue(since, overdueAfter)
  // What this page knows already is no part of the markup that the server sent.
  const isHydrated = useSyncExternalStore(noSubscription, yes, no)

  const options = useMemo(
    () => fileStatusOptions(client, externalUserId, attemptId),
    [client, externalUserId, attemptId],
  )
  // A snapshot of the server's may be hydrated late, over what the stream has said since.
  const selectNewest = useCallback(
    (data: KycFileStatus): TData => {
      // What this page has heard is no part of the markup that the server sent.
      const newest = isHydrated ? newer(data, getState().status) : data
      return select ? select(newest) : (newest as TData)
    },
    [getState, select, isHydrated],
  )

  useEffect(() => {
    // The query function holds the connection until the relay is heard.
    if (!enabled) void queryClient.cancelQueries({ queryKey: options.queryKey, exact: true, type: 'inactive' })
  }, [queryClient, options, enabled])

  useEffect(() => {
    const write = () => {
      const { status, error } = getState()
      if (status?.attemptId === attemptId) writeOnce(queryClient, options.queryKey, status)
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
  const clear = useCallback(() => {
    // What was known before the attempt is asked for anew.
    queryClient.removeQueries({ queryKey: kycKeys.fileStatus(externalUserId, null, client.url), exact: true })
    client.clear(externalUserId)
  }, [client, queryClient, externalUserId])
  const reconnect = useCallback(() => client.reconnect(externalUserId), [client, externalUserId])

  const extras = useMemo<Extras>(
    () => ({
      get connection() {
        return readConnection()
      },
      get isOverdue() {
        return readOverdue()
      },
      beginUpload,
      clear,
      reconnect,
    }),
    [readConnection, readOverdue, beginUpload, clear, reconnect],
  )
  return { options, select: selectNewest, isHydrated, extras }
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
export function beside<TResult extends { isPaused: boolean }>(result: TResult, extras: Extras): TResult & Extras {
  // Who reads nothing of a result renders for all of it, by TanStack's rules; so this is read, which does not change.
  void result.isPaused
  const owner = (target: object, key: PropertyKey) => (Object.hasOwn(extras, key) ? extras : target)
  return new Proxy(result, {
    get: (target, key) => Reflect.get(owner(target, key), key),
    has: (target, key) => Reflect.has(owner(target, key), key),
    ownKeys: (target) => [...Reflect.ownKeys(target), ...Reflect.ownKeys(extras)],
    getOwnPropertyDescriptor: (target, key) => Reflect.getOwnPropertyDescriptor(owner(target, key), key),
  }) as TResult & Extras
}

/** A hundred components hear of one change; the first one to write it is enough. Writing also ends an error. */
function writeOnce(
  queryClient: QueryClient,
  queryKey: ReturnType<typeof kycKeys.fileStatus>,
  status: KycFileStatus,
): void {
  const cached = queryClient.getQueryState<KycFileStatus>(queryKey)
  const isWritten = cached?.status === 'success' && keepNewer(cached.data, status) === cached.data
  if (!isWritten) queryClient.setQueryData(queryKey, status)
}

/** The later of two, if they are about the same upload. */
function newer(data: KycFileStatus, known: KycFileStatus | null): KycFileStatus {
  return known && known.attemptId === data.attemptId && isAfter(known.cursor, data.cursor) ? known : data
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
