import { type ChannelState, IDLE_STATE } from '../client/channel.ts'
import type { KycStatusClient } from '../client/client.ts'
import { type Cached, type Select, Selection, type Shown, show } from './shown.ts'

const NOTHING_CACHED: Cached = { data: undefined, dataUpdatedAt: 0, isPlaceholderData: false, isFetching: false }

/** What one component shows of a user. It renders for what it has read, and for nothing else. */
export class Known<TData> {
  /** What was read. Another upload has another query, and so has another person. */
  readonly reads = new Set<PropertyKey>(['attemptId', 'isSignedOut'])
  readonly #client: KycStatusClient
  readonly #externalUserId: string
  readonly #selection = new Selection<TData>()
  #select: Select<TData>
  #cached = NOTHING_CACHED
  #shown: Shown<TData> | undefined

  constructor(client: KycStatusClient, externalUserId: string) {
    this.#client = client
    this.#externalUserId = externalUserId
  }

  /** What is known now. */
  get state(): ChannelState {
    return this.#externalUserId === '' ? IDLE_STATE : this.#client.getState(this.#externalUserId)
  }

  /** What the component shows from now on. */
  render(state: ChannelState, cached: Cached, select: Select<TData>): Shown<TData> {
    this.#cached = cached
    this.#select = select
    this.#shown = show(state, cached, this.#selection, select)
    return this.#shown
  }

  /** What it shows: another object once something has changed that it has read. */
  readonly read = (): Shown<TData> => {
    const before = this.#shown
    const after = show(this.state, this.#cached, this.#selection, this.#select)
    const isSame = before && [...this.reads].every((key) => Reflect.get(before, key) === Reflect.get(after, key))
    if (!isSame) this.#shown = after
    return isSame ? before : after
  }

  /** The properties that TanStack Query has to tell of: those that were read, and do not come from the client. */
  readonly readOfQuery = (): PropertyKey[] => {
    const reads = [...this.reads]
    if (this.state.status === null) return reads
    // `isLoading` and its like are half the query's.
    return [...reads.filter((key) => !(key in (this.#shown ?? {}))), ...reads.filter(isOfFetching).fill('isFetching')]
  }
}

const isOfFetching = (key: PropertyKey) => /Loading$|Refetching/.test(String(key))
