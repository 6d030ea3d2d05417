import { formatEventId, parseEventId } from '../../protocol/event-id.ts'
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

class MemoryStore implements EventStore {
  readonly #history: Required<History>
  readonly #clock = new EventClock()
  readonly #opening: Opening
  readonly #listeners = new Listeners()
  readonly #users = new Map<string, StoredEvent[]>()
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
    const stored = { ...event, id: formatEventId(this.#clock.next()) }
    const kept = this.#users.get(event.externalUserId)
    if (kept) kept.push(stored)
    else this.#users.set(event.externalUserId, [stored])
    // One event more than is sent: it shows from where on nothing has been dropped.
    if (kept && kept.length > this.#history.maxEvents + 1) kept.shift()
    this.#listeners.tell(stored)
    return stored
  }

  async since(externalUserId: string, lastEventId: string | null): Promise<Replay> {
    return replay(this.#users.get(externalUserId) ?? [], lastEventId, {
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
      const latest = parseEventId(events.at(-1)?.id ?? '')
      if (latest && latest.ms < oldest) this.#users.delete(externalUserId)
    }
  }
}
