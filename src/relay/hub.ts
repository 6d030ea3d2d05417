import { Deadlines } from './deadlines.ts'
import { Heartbeats } from './heartbeats.ts'
import type { StoredEvent } from './store.ts'
import type { Subscriber } from './subscriber.ts'
import { encodeEvent, toBytes } from './wire.ts'

/** Knows which streams are open, and brings each event to those of its user. */
export class Hub {
  readonly #users = new Map<string, Set<Subscriber>>()
  readonly #heartbeats: Heartbeats
  readonly #deadlines = new Deadlines()

  constructor(heartbeatInterval: number) {
    this.#heartbeats = new Heartbeats(heartbeatInterval)
  }

  add(subscriber: Subscriber): void {
    const subscribers = this.#users.get(subscriber.externalUserId) ?? new Set()
    this.#users.set(subscriber.externalUserId, subscribers.add(subscriber))
    this.#heartbeats.add(subscriber)
    this.#deadlines.add(subscriber)
  }

  delete(subscriber: Subscriber): void {
    const subscribers = this.#users.get(subscriber.externalUserId)
    subscribers?.delete(subscriber)
    if (subscribers?.size === 0) this.#users.delete(subscriber.externalUserId)
    this.#heartbeats.delete(subscriber)
    this.#deadlines.delete(subscriber)
  }

  dispatch(event: StoredEvent): void {
    const subscribers = this.#users.get(event.externalUserId)
    if (!subscribers) return
    const frame = toBytes(encodeEvent(event))
    for (const subscriber of subscribers) subscriber.send(event.id, frame)
  }

  /** A copy: ending a subscriber takes it out of the hub. */
  subscribers(externalUserId?: string): Subscriber[] {
    if (externalUserId !== undefined) return [...(this.#users.get(externalUserId) ?? [])]
    return [...this.#users.values()].flatMap((subscribers) => [...subscribers])
  }
}
