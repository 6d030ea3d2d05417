import { Deadlines } from './deadlines.ts'
import { Heartbeats } from './heartbeats.ts'
import type { EventStore, StoredEvent } from './store.ts'
import type { Subscriber } from './subscriber.ts'
import { encodeEvent, toBytes } from './wire.ts'

/** Knows which streams are open, and brings each event to those of its user. */
export class Hub {
  readonly #users = new Map<string, Set<Subscriber>>()
  #size = 0
  readonly #heartbeats: Heartbeats
  readonly #deadlines = new Deadlines()

  readonly #store: Pick<EventStore, 'watch' | 'unwatch'>

  constructor(heartbeatInterval: number, store: Pick<EventStore, 'watch' | 'unwatch'>) {
    this.#store = store
    this.#heartbeats = new Heartbeats(heartbeatInterval)
  }

  add(subscriber: Subscriber): void {
    const { externalUserId } = subscriber
    const subscribers = this.#users.get(externalUserId)
    if (subscribers) {
      subscribers.add(subscriber)
    } else {
      this.#users.set(externalUserId, new Set([subscriber]))
      this.#store.watch?.(externalUserId)
    }
    this.#size++
    this.#heartbeats.add(subscriber)
    this.#deadlines.add(subscriber)
  }

  delete(subscriber: Subscriber): void {
    const subscribers = this.#users.get(subscriber.externalUserId)
    if (!subscribers?.delete(subscriber)) return
    this.#size--
    if (subscribers.size === 0) {
      this.#users.delete(subscriber.externalUserId)
      this.#store.unwatch?.(subscriber.externalUserId)
    }
    this.#heartbeats.delete(subscriber)
    this.#deadlines.delete(subscriber)
  }

  /** Returns how many streams the event went to. */
  dispatch(event: StoredEvent): number {
    const subscribers = this.#users.get(event.externalUserId)
    if (!subscribers) return 0
    const readers = subscribers.size
    const frame = toBytes(encodeEvent(event))
    for (const subscriber of subscribers) subscriber.send(event.id, frame)
    return readers
  }

  /** How many streams are open, of one user or in all. */
  count(externalUserId?: string): number {
    return externalUserId === undefined ? this.#size : (this.#users.get(externalUserId)?.size ?? 0)
  }

  /** A copy: ending a subscriber takes it out of the hub. */
  subscribers(externalUserId?: string): Subscriber[] {
    if (externalUserId !== undefined) return [...(this.#users.get(externalUserId) ?? [])]
    return [...this.#users.values()].flatMap((subscribers) => [...subscribers])
  }
}
