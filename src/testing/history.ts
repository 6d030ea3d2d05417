import { compareEventIds, type EventId, formatEventId, parseEventId } from '../protocol/event-id.ts'
import type { KycFileEvent } from '../protocol/webhooks/kyc-file.ts'
import type { MockClock } from './clock.ts'

/** What the relay keeps of a user unless told otherwise: so many events, for so many milliseconds, and the latest for longer. */
const MAX_EVENTS = 32
const MAX_AGE = 24 * 60 * 60 * 1000
const KEEP_LATEST = 30 * MAX_AGE

export interface MockEvent {
  id: string
  data: KycFileEvent
}

/** What a subscriber gets before it goes live. */
export interface MockReplay {
  events: MockEvent[]
  cursor: string
  complete: boolean
  /** Milliseconds by the clock that gives ids. */
  now: number
}

/** The events of a relay's users. It decides as the relay's stores do; the tests compare the two. */
export class MockHistory {
  readonly #clock: MockClock
  readonly #users = new Map<string, MockEvent[]>()
  /**
   * The millisecond in which it was used first: fake timers may be set up after the relay. It tells the positions of this
   * relay from those of every other one.
   */
  #epoch: number | null = null

  constructor(clock: MockClock) {
    this.#clock = clock
  }

  append(externalUserId: string, status: KycFileEvent['status']): MockEvent {
    this.#epoch ??= this.#clock.now()
    const event = {
      id: formatEventId(this.#clock.nextId()),
      data: { externalUserId, status, receivedAt: this.#clock.iso() },
    }
    // One more than is sent: it shows from where on nothing has been dropped.
    const kept = [...(this.#users.get(externalUserId) ?? []), event].slice(-MAX_EVENTS - 1)
    this.#users.set(externalUserId, kept)
    return event
  }

  since(externalUserId: string, lastEventId: string | null): MockReplay {
    this.#epoch ??= this.#clock.now()
    const position = { ms: this.#clock.position(), n: this.#epoch }
    const now = this.#clock.now()
    const kept = this.#users.get(externalUserId) ?? []
    const latest = kept.slice(-1).filter((event) => eventId(event).ms >= now - KEEP_LATEST)
    const young = kept.filter((event) => eventId(event).ms >= now - MAX_AGE).slice(-MAX_EVENTS)
    const sent = young.length > 0 ? young : latest
    const cursor = latest[0]?.id ?? formatEventId(position)
    if (lastEventId === null) return { events: latest, cursor, complete: true, now }

    const from = parseEventId(lastEventId)
    const dropped = kept.at(-1 - sent.length)
    const isKept = kept.some(({ id }) => id === lastEventId)
    const isPosition = from?.n === this.#epoch && from.ms >= this.#epoch - 1 && from.ms <= position.ms
    const isBeforeDropped = from && dropped && compareEventIds(from, eventId(dropped)) < 0
    if (!from || isBeforeDropped || !(isKept || isPosition)) {
      return { events: latest, cursor, complete: false, now }
    }
    const events = sent.filter((event) => compareEventIds(eventId(event), from) > 0)
    return { events, cursor: events.length > 0 || latest.length === 0 ? cursor : lastEventId, complete: true, now }
  }
}

function eventId({ id }: MockEvent): EventId {
  return parseEventId(id) ?? { ms: 0, n: 0 }
}
