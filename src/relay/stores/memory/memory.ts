import { EventClock } from '../../../protocol/event-clock.ts'
import { compareEventIds, type EventId, formatEventId } from '../../../protocol/event-id.ts'
import { isTrimDue, outdated, parseHistory } from '../history.ts'
import { Listeners } from '../listeners.ts'
import { replay } from '../replay.ts'
import { SignOutMarks } from '../sign-out-marks.ts'
import type { EventStore, History, Kept, NewEvent, Replay, SignOut, StoredEvent } from '../store.ts'
import { userKey } from '../user-key.ts'

/** How often what is too old is deleted, in milliseconds. It counts as gone before that. */
const SWEEP_INTERVAL = 60_000

/**
 * Keeps events in this process's memory, for tests, previews and development. **It does not survive the process**: a
 * webhook that was acknowledged is lost with it. Use `sqliteStore` where that matters.
 */
export function memoryStore(history: History = {}): EventStore {
  return new MemoryStore(parseHistory('memoryStore', history))
}

/** An event of a user, without what it shares with the others: there are many, and they are held for days. */
interface KeptEvent extends EventId {
  frame: string
  data: string
}

class MemoryStore implements EventStore {
  readonly #history: Required<History>
  readonly #clock = new EventClock()
  readonly #listeners = new Listeners<StoredEvent>()
  readonly #endingListeners = new Listeners<string>()
  readonly #users = new Map<string, KeptEvent[]>()
  /** The newest of a user's events that was deleted, or the erasure; by `userKey`. */
  readonly #dropped = new Map<number, EventId>()
  /** The millisecond in which the store was used first: it tells the positions of this store from those of every other one. */
  #epoch: number | null = null
  /** When each delivery came, in that order; by user, frame and name. */
  readonly #deliveries = new Map<string, number>()
  readonly #signOuts = new SignOutMarks()
  #sweptAt = performance.now()
  /** The time by the clock that gives ids, up to which what is too old has been deleted. */
  #sweptUpTo = Number.NEGATIVE_INFINITY

  constructor(history: Required<History>) {
    this.#history = history
  }

  async append(event: NewEvent, deliveryId: string | null = null): Promise<StoredEvent | null> {
    this.#epoch ??= this.#clock.now()
    if (performance.now() - this.#sweptAt >= SWEEP_INTERVAL) this.#sweep()
    if (deliveryId !== null) {
      const delivery = `${deliveriesOf(event.externalUserId)}${JSON.stringify([event.frame, deliveryId])}`
      const cameAt = this.#deliveries.get(delivery)
      if (cameAt !== undefined && cameAt >= this.#oldest()) return null
      if (cameAt !== undefined) this.#deliveries.delete(delivery)
      this.#deliveries.set(delivery, this.#clock.now())
    }
    const id = this.#clock.next()
    this.#keep(event, id)
    const stored = { ...event, id: formatEventId(id) }
    this.#listeners.tell(stored)
    return stored
  }

  async since(externalUserId: string, lastEventId: string | null): Promise<Replay> {
    this.#epoch ??= this.#clock.now()
    const epoch = this.#epoch
    const answer = replay(this.#eventsOf(externalUserId), lastEventId, {
      ...this.#history,
      epoch,
      position: { ms: this.#clock.position(), n: epoch },
      now: this.#clock.now(),
      since: this.#dropped.get(userKey(externalUserId)) ?? { ms: epoch - 1, n: epoch },
    })
    return { ...answer, signedOutAt: this.#signOuts.at(externalUserId) }
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  async forget(externalUserId: string): Promise<void> {
    this.#users.delete(externalUserId)
    const beginning = deliveriesOf(externalUserId)
    for (const delivery of this.#deliveries.keys()) {
      if (delivery.startsWith(beginning)) this.#deliveries.delete(delivery)
    }
    // An id of its own: above the ids of what is erased, and not above any that comes.
    this.#drop(externalUserId, this.#clock.next())
    this.#endingListeners.tell(externalUserId)
  }

  async signOut(externalUserId: string, signOut: SignOut): Promise<void> {
    this.#signOuts.add(externalUserId, signOut)
    this.#endingListeners.tell(externalUserId)
  }

  signedOutAt(externalUserId: string): number | null {
    return this.#signOuts.at(externalUserId)
  }

  listenToEndings(listener: (externalUserId: string) => void): () => void {
    return this.#endingListeners.add(listener)
  }

  async kept(externalUserId: string): Promise<Kept> {
    const beginning = deliveriesOf(externalUserId)
    const deliveries = [...this.#deliveries].flatMap(([delivery, receivedAt]) => {
      if (!delivery.startsWith(beginning)) return []
      const [frame, id] = JSON.parse(delivery.slice(beginning.length)) as [string, string]
      return { frame, id, receivedAt }
    })
    return { events: this.#eventsOf(externalUserId), deliveries }
  }

  async close(): Promise<void> {
    this.#users.clear()
    this.#deliveries.clear()
    this.#dropped.clear()
    this.#signOuts.clear()
  }

  #eventsOf(externalUserId: string): StoredEvent[] {
    const kept = this.#users.get(externalUserId) ?? []
    return kept.map(({ ms, n, frame, data }) => ({ externalUserId, id: formatEventId({ ms, n }), frame, data }))
  }

  #keep({ externalUserId, frame, data }: NewEvent, { ms, n }: EventId): void {
    const kept = { ms, n, frame, data }
    const events = this.#users.get(externalUserId)
    if (events) events.push(kept)
    else this.#users.set(externalUserId, [kept])
    if (events && isTrimDue(events.length, this.#history)) this.#trim(externalUserId, events)
  }

  /** Deletes what does not count any more. */
  #trim(externalUserId: string, kept: readonly KeptEvent[]): void {
    const events = this.#eventsOf(externalUserId)
    const gone = new Set<StoredEvent | undefined>(outdated(events, this.#clock.now(), this.#history))
    const last = kept.findLast((_, index) => gone.has(events[index]))
    if (!last) return
    const left = kept.filter((_, index) => !gone.has(events[index]))
    if (left.length > 0) this.#users.set(externalUserId, left)
    else this.#users.delete(externalUserId)
    this.#drop(externalUserId, { ms: last.ms, n: last.n })
  }

  #drop(externalUserId: string, last: EventId): void {
    const key = userKey(externalUserId)
    const before = this.#dropped.get(key)
    if (!before || compareEventIds(before, last) < 0) this.#dropped.set(key, last)
  }

  #oldest(): number {
    return this.#clock.now() - this.#history.maxAge
  }

  /** A user's events are looked at when one of them is no longer young, and when it may be the latest of a frame that ends. */
  #sweep(): void {
    this.#sweptAt = performance.now()
    const now = this.#clock.now()
    const { maxAge, keepLatest } = this.#history
    const hasPassed = ({ ms }: KeptEvent, age: number) => ms < now - age && ms >= this.#sweptUpTo - age
    for (const [externalUserId, events] of this.#users) {
      if (events.some((event) => hasPassed(event, maxAge) || hasPassed(event, keepLatest))) {
        this.#trim(externalUserId, events)
      }
    }
    this.#sweptUpTo = now
    const oldest = this.#oldest()
    for (const [delivery, at] of this.#deliveries) {
      if (at >= oldest) break
      this.#deliveries.delete(delivery)
    }
  }
}

/** The beginning of the key of each of the user's deliveries, and of no other user's. */
function deliveriesOf(externalUserId: string): string {
  return JSON.stringify(externalUserId)
}
