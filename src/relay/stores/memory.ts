import { formatEventId, parseEventId } from '../../protocol/event-id.ts'
import type { EventStore, History, NewEvent, Replay, StoredEvent } from '../store.ts'
import { EventClock } from './event-clock.ts'
import { Listeners } from './listeners.ts'
import { newOpening, type Opening, parseHistory, replay } from './replay.ts'

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
  /** Users in the order of their latest event, so that the ones to drop come first. */
  readonly #users = new Map<string, StoredEvent[]>()
  /** When each delivery came, in that order. */
  readonly #deliveries = new Map<string, number>()

  constructor(history: Required<History>) {
    this.#history = history
    this.#opening = newOpening({ ms: 0, n: 0 }, history)
  }

  async append(event: NewEvent, deliveryId: string | null = null): Promise<StoredEvent | null> {
    this.#dropExpired()
    if (deliveryId !== null) {
      if (this.#deliveries.has(deliveryId)) return null
      this.#deliveries.set(deliveryId, Date.now())
    }
    const stored = { ...event, id: formatEventId(this.#clock.next()) }
    const kept = this.#users.get(event.externalUserId) ?? []
    kept.push(stored)
    // One event more than is sent: it shows from where on nothing has been dropped.
    if (kept.length > this.#history.maxEvents + 1) kept.shift()
    this.#users.delete(event.externalUserId)
    this.#users.set(event.externalUserId, kept)
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

  #dropExpired(): void {
    const oldest = this.#oldest()
    for (const [deliveryId, at] of this.#deliveries) {
      if (at >= oldest) break
      this.#deliveries.delete(deliveryId)
    }
    for (const [externalUserId, events] of this.#users) {
      const latest = parseEventId(events.at(-1)?.id ?? '')
      if (latest && latest.ms >= oldest) break
      this.#users.delete(externalUserId)
    }
  }
}
