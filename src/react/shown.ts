import { replaceEqualDeep } from '@tanstack/react-query'
import type { ChannelState } from '../client/channel.ts'
import type { KycFileStatus } from '../client/knowledge/upload-state.ts'

/** What a query says before the relay has been heard: its cache may have been hydrated, or restored. */
export interface Cached {
  data: KycFileStatus | undefined
  dataUpdatedAt: number
  isPlaceholderData: boolean
  isFetching: boolean
}

/** The part of TanStack's result that follows the client. */
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
}

export type Select<TData> = ((status: KycFileStatus) => TData) | undefined

/** Applies a `select`, and gives the same result again where it is equal. */
export class Selection<TData> {
  #select: Select<TData>
  #status: KycFileStatus | undefined
  #data: TData | undefined
  #error: Error | null = null

  of(select: Select<TData>, status: KycFileStatus | undefined): { data: TData | undefined; error: Error | null } {
    if (status !== this.#status || select !== this.#select) {
      this.#status = status
      this.#select = select
      this.#apply()
    }
    return { data: this.#data, error: this.#error }
  }

  #apply(): void {
    this.#error = null
    try {
      const selected = this.#status && this.#select ? this.#select(this.#status) : (this.#status as TData | undefined)
      this.#data = this.#select ? replaceEqualDeep(this.#data, selected) : selected
    } catch (error) {
      // By TanStack's rules the result before stays beside the error.
      this.#error = error instanceof Error ? error : new Error(String(error))
    }
  }
}

/** Once the relay has been heard the client speaks, and its cache is asked no more. */
export function show<TData>(
  { status: known, updatedAt, error: failure, isSignedOut }: ChannelState,
  cached: Cached,
  selection: Selection<TData>,
  select: Select<TData>,
): Shown<TData> {
  const raw = isSignedOut ? undefined : (known ?? cached.data)
  const selected = selection.of(select, raw)
  const error = failure ?? selected.error
  const data = raw && selected.data
  const hasData = raw !== undefined
  const status = error ? 'error' : hasData ? 'success' : 'pending'
  const isFromCache = known === null && hasData
  return {
    data,
    error,
    status,
    isPending: status === 'pending',
    isSuccess: status === 'success',
    isError: status === 'error',
    isLoading: cached.isFetching && status === 'pending',
    isInitialLoading: cached.isFetching && status === 'pending',
    isRefetching: cached.isFetching && status !== 'pending',
    isLoadingError: error !== null && !hasData,
    isRefetchError: error !== null && hasData,
    isPlaceholderData: isFromCache && cached.isPlaceholderData,
    dataUpdatedAt: isFromCache ? cached.dataUpdatedAt : updatedAt,
  }
}

/** What a component has read decides when it renders. */
export type Reads = Set<PropertyKey>

/** What of TanStack's result follows the client, once the relay has been heard. */
export const FOLLOWS_CLIENT: ReadonlySet<PropertyKey> = new Set<keyof Shown<unknown>>([
  'data',
  'error',
  'status',
  'isPending',
  'isSuccess',
  'isError',
  'isLoading',
  'isInitialLoading',
  'isRefetching',
  'isLoadingError',
  'isRefetchError',
  'isPlaceholderData',
  'dataUpdatedAt',
])
const FOLLOWS_FETCHING: ReadonlySet<PropertyKey> = new Set(['isLoading', 'isInitialLoading', 'isRefetching'])

/** What TanStack Query has to tell of: what was read, and does not come from the client. */
export function readsOfQuery(reads: Reads, isHeard: boolean): PropertyKey[] {
  if (!isHeard) return [...reads]
  return [...reads].flatMap((key) => {
    if (FOLLOWS_FETCHING.has(key)) return ['isFetching']
    return FOLLOWS_CLIENT.has(key) ? [] : [key]
  })
}
