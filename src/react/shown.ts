import { replaceEqualDeep } from '@tanstack/react-query'
import type { ConnectionState } from '../client/line/line-state.ts'
import type { LiveState } from './reading.ts'

/** What a query says before the relay has been heard: its cache may have been hydrated, or restored. */
export interface Cached<T> {
  data: T | undefined
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
  /** When an upload of files began that has not been answered, in milliseconds since the epoch; `null`: none. */
  waitingSince: number | null
}

export type Select<T, TData> = ((status: T) => TData) | undefined

/** Applies a `select` to a status. */
export type Selection<T, TData> = (
  select: Select<T, TData>,
  status: T | undefined,
) => { data: TData | undefined; error: Error | null }

/** Applies a `select`, and gives the same result again where it is equal. */
export function createSelection<T, TData>(): Selection<T, TData> {
  let lastSelect: Select<T, TData>
  let lastStatus: T | undefined
  let data: TData | undefined
  let error: Error | null = null

  return (select, status) => {
    if (status !== lastStatus || select !== lastSelect) {
      lastStatus = status
      lastSelect = select
      error = null
      try {
        data = status && select ? replaceEqualDeep(data, select(status)) : (status as unknown as TData | undefined)
      } catch (thrown) {
        // As in TanStack Query, the last result stays beside the error.
        error = thrown as Error
      }
    }
    return { data, error }
  }
}

/** Shows what the client knows once the relay has been heard, and what is cached until then. */
export function show<T extends object, TData>(
  { status: known, updatedAt, error: failure, isSignedOut, attempt, connection }: LiveState<T>,
  cached: Cached<T>,
  selection: Selection<T, TData>,
  select: Select<T, TData>,
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
    waitingSince: attempt && isWaiting(known) ? attempt.startedAt : null,
  }
}

/** Of files alone: of a step it is not known how long it may take. */
const isWaiting = (known: { outcome?: unknown } | null) => known?.outcome === 'waiting'
