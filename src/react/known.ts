import { IDLE_STATE } from '../client/channel.ts'
import type { KycStatusClient } from '../client/client.ts'
import type { LiveState, Reading } from './reading.ts'
import { type Cached, createSelection, type Select, type Shown, show } from './shown.ts'

/** What one component shows of a user. The component renders for what it has read, and for nothing else. */
export interface Known<T, TData> {
  /** The properties that the component has read. */
  readonly reads: Set<PropertyKey>
  /** What is known now. */
  state(): LiveState<T>
  /** What the component shows from now on. */
  render(state: LiveState<T>, cached: Cached<T>, select: Select<T, TData>): Shown<TData>
  /** What the component shows: another object once a property that it has read has changed. */
  read(): Shown<TData>
  /** The properties whose changes TanStack Query must report: those that were read and do not come from the client. */
  readOfQuery(): PropertyKey[]
}

export function createKnown<T extends object, TData>(
  client: KycStatusClient,
  externalUserId: string,
  reading: Reading<T>,
): Known<T, TData> {
  // Both decide which query is used and whether it is, so each component renders for them.
  const reads = new Set<PropertyKey>(['attemptId', 'isSignedOut'])
  const selection = createSelection<T, TData>()
  let cached: Cached<T>
  let select: Select<T, TData>
  let shown: Shown<TData>

  const state = () => reading.read(externalUserId === '' ? IDLE_STATE : client.getState(externalUserId))

  return {
    reads,
    state,
    render(now, nextCached, nextSelect) {
      cached = nextCached
      select = nextSelect
      shown = show(now, cached, selection, select)
      return shown
    },
    read() {
      const after = show(state(), cached, selection, select)
      const isSame = [...reads].every((key) => Reflect.get(shown, key) === Reflect.get(after, key))
      if (!isSame) shown = after
      return shown
    },
    readOfQuery() {
      const all = [...reads]
      if (state().status === null) return all
      // `isLoading` and the like also depend on the query's `isFetching`.
      return [...all.filter((key) => !(key in shown)), ...all.filter(isOfFetching).fill('isFetching')]
    },
  }
}

const isOfFetching = (key: PropertyKey) => /Loading$|Refetching/.test(String(key))
