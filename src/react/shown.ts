import { replaceEqualDeep } from '@tanstack/react-query'
import type { ChannelState } from '../client/channel.ts'
import type { KycFileStatus } from '../client/knowledge/upload-state.ts'
import type { ConnectionState } from '../client/line/line-state.ts'

/** What a query says before the relay has been heard: its cache may have been hydrated, or restored. */
export interface Cached {
  data: KycFileStatus | undefined
  dataUpdatedAt: number
  isPlaceholderData: boolean
  isFetching: boolean
}

/** What follows the client: a part of TanStack's result, and what stands beside it. */
export interface Shown<TData> {
  data: TData | undefined
  error: Error | null
  status: 'pending' | 'error' | 'success'
  isPending: boolean
  isSuccess: boolean
  isError: boolean
  isLoading: boolean
  isInitialLoading: boolean
  isRefetching: boolean
  isLoadingError: boolean
  isRefetchError: boolean
  isPlaceholderData: boolean
  dataUpdatedAt: number
  connection: ConnectionState
  attemptId: string | null
  isSignedOut: boolean
  /** When an upload began that has not been answered, in milliseconds since the epoch; `null`: none. */
  waitingSince: number | null
}

export type Select<TData> = ((status: KycFileStatus) => TData) | undefined

/** Applies a `select` to a status. */
export type Selection<TData> = (
  select: Select<TData>,
  status: KycFileStatus | undefined,
) => { data: TData | undefined; error: Error | null }

/** Applies a `select`, and gives the same result again where it is equal. */
export function createSelection<TData>(): Selection<TData> {
  let lastSelect: Select<TData>
  let lastStatus: KycFileStatus | undefined
  let data: TData | undefined
  let error: Error | null = null

  return (select, status) => {
    if (status !== lastStatus || select !== lastSelect) {
      lastStatus = status
      lastSelect = select
      error = null
      try {
        data = status && select ? replaceEqualDeep(data, select(status)) : (status as TData | undefined)
      } catch (thrown) {
        // As in TanStack Query, the last result stays beside the error.
        error = thrown as Error
      }
    }
    return { data, error }
  }
}

/** Shows what the client knows once the relay has been heard, and what is cached until then. */
export function show<TData>(
  { status: known, updatedAt, error: failure, isSignedOut, attempt, connection }: ChannelState,
  cached: Cached,
  selection: Selection<TData>,
  select: Select<TData>,
): Shown<TData> {
  const raw = isSignedOut ? undefined : (known ?? cached.data)
  const selected = selection(select, raw)
  const error = failure ?? selected.error
  const hasData = raw !== undefined
  const isFromCache = known === null && hasData
  const isPending = !error && !hasData
  const isLoading = cached.isFetching && isPending
  return {
    data: raw && selected.data,
    error,
    status: error ? 'error' : hasData ? 'success' : 'pending',
    isPending,
    isSuccess: !error && hasData,
    isError: error !== null,
    isLoading,
    isInitialLoading: isLoading,
    isRefetching: cached.isFetching && !isPending,
    isLoadingError: error !== null && !hasData,
    isRefetchError: error !== null && hasData,
    isPlaceholderData: isFromCache && cached.isPlaceholderData,
    dataUpdatedAt: isFromCache ? cached.dataUpdatedAt : updatedAt,
    connection,
    attemptId: attempt?.id ?? null,
    isSignedOut,
    waitingSince: attempt && known?.outcome === 'waiting' ? attempt.startedAt : null,
  }
}
