import { Deadlines } from '../http/deadlines.ts'
import type { EventStore, StoredEvent } from '../stores/store.ts'
import { Heartbeats } from './heartbeats.ts'
import type { Subscriber } from './subscriber.ts'
import { encodeEvent, toBytes } from './wire.ts'

/** Knows which streams are open, and brings each event to those of its user. */
export class Hub {
  /** Each list stays as it is: a reader that is cut while others are told leaves a new one behind. */
  readonly #users = new Map<string, readonly Subscriber[]>()
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
    const others = this.#users.get(externalUserId) ?? []
    this.#users.set(externalUserId, [...others, subscriber])
    if (others.length === 0) this.#store.watch?.(externalUserId)
    this.#size++
    this.#heartbeats.add(subscriber)
    this.#deadlines.add(subscriber)
  }

  delete(subscriber: Subscriber): void {
    const { externalUserId } = subscriber
    const subscribers = this.#users.get(externalUserId)
    if (!subscribers?.includes(subscriber)) return
    this.#size--
    const others = subscribers.filter((other) => other !== subscriber)
    if (others.length > 0) {
      this.#users.set(externalUserId, others)
    } else {
      this.#users.delete(externalUserId)
      this.#store.unwatch?.(externalUserId)
    }
    this.#heartbeats.delete(subscriber)
    this.#deadlines.delete(subscriber)
  }

  /** Returns how many streams the event went to. */
  dispatch(event: StoredEvent): number {
    const subscribers = this.#users.get(event.externalUserId)
    if (!subscribers) return 0
    const frame = toBytes(encodeEvent(event))
    for (const subscriber of subscribers) subscriber.send(event.id, frame)
    return subscribers.length
  }

  /** How many streams are open, of one user or in all. */
  count(externalUserId?: string): number {
    return externalUserId === undefined ? this.#size : (this.#users.get(externalUserId)?.length ?? 0)
  }

  subscribers(externalUserId?: string): readonly Subscriber[] {
    return externalUserId === undefined ? [...this.#users.values()].flat() : (this.#users.get(externalUserId) ?? [])
  }
}
