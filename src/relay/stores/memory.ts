import { type EventId, formatEventId } from '../../protocol/event-id.ts'
import type { EventStore, History, NewEvent, Replay, StoredEvent } from '../store.ts'
import { EventClock } from './event-clock.ts'
import { Listeners } from './listeners.ts'
import { newOpening, type Opening, parseHistory, replay } from './replay.ts'

/** How often what is too old is deleted, in milliseconds. It counts as gone before that. */
const SWEEP_INTERVAL = 60_000

/**
 * Keeps events in this process's memory, for tests, previews and development. **It does not survive the process**: a
 * webhook that was acknowledged is lost with it. Use `sqliteStore` where that matters.
 */
export function memoryStore(history: History = {}): EventStore {
  return new MemoryStore(parseHistory('memoryStore', history))
}

/** An event of a user, without what it shares with the others: there are many, and all are held for a day. */
interface Kept extends EventId {
  frame: string
  data: string
}

class MemoryStore implements EventStore {
  readonly #history: Required<History>
  readonly #clock = new EventClock()
  readonly #opening: Opening
  readonly #listeners = new Listeners()
  readonly #users = new Map<string, Kept[]>()
  /** When each delivery came, in that order. */
  readonly #deliveries = new Map<string, number>()
  #sweptAt = performance.now()

  constructor(history: Required<History>) {
    this.#history = history
    this.#opening = newOpening({ ms: 0, n: 0 }, history)
  }

  async append(event: NewEvent, deliveryId: string | null = null): Promise<StoredEvent | null> {
    if (performance.now() - this.#sweptAt >= SWEEP_INTERVAL) this.#sweep()
    if (deliveryId !== null) {
      const cameAt = this.#deliveries.get(deliveryId)
      if (cameAt !== undefined && cameAt >= this.#oldest()) return null
      if (cameAt !== undefined) this.#deliveries.delete(deliveryId)
      this.#deliveries.set(deliveryId, Date.now())
    }
    const id = this.#clock.next()
    this.#keep(event, id)
    const stored = { ...event, id: formatEventId(id) }
    this.#listeners.tell(stored)
    return stored
  }

  async since(externalUserId: string, lastEventId: string | null): Promise<Replay> {
    const kept = this.#users.get(externalUserId) ?? []
    const events = kept.map(({ ms, n, frame, data }) => ({ externalUserId, id: formatEventId({ ms, n }), frame, data }))
    return replay(events, lastEventId, {
      now: Date.now(),
      position: this.#clock.position(),
      openings: [this.#opening],
    })
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  async forget(externalUserId: string): Promise<void> {
    this.#users.delete(externalUserId)
  }

  async close(): Promise<void> {
    this.#users.clear()
    this.#deliveries.clear()
  }

  #keep({ externalUserId, frame, data }: NewEvent, { ms, n }: EventId): void {
    const kept = { ms, n, frame, data }
    const events = this.#users.get(externalUserId)
    if (events) events.push(kept)
    else this.#users.set(externalUserId, [kept])
    // One event more than is sent: it shows from where on nothing has been dropped.
    if (events && events.length > this.#history.maxEvents + 1) events.shift()
  }

  #oldest(): number {
    return Date.now() - this.#history.maxAge
  }

  #sweep(): void {
    this.#sweptAt = performance.now()
    const oldest = this.#oldest()
    for (const [deliveryId, at] of this.#deliveries) {
      if (at >= oldest) break
      this.#deliveries.delete(deliveryId)
    }
    for (const [externalUserId, events] of this.#users) {
      const latest = events.at(-1)
      if (latest && latest.ms < oldest) this.#users.delete(externalUserId)
    }
  }
}
