import { compareEventIds, type EventId, formatEventId, parseEventId } from '../protocol/event-id.ts'
import type { KycFileEvent } from '../protocol/webhooks/kyc-file.ts'
import type { MockClock } from './clock.ts'

/** What the relay keeps of a user unless told otherwise: so many events, for so many milliseconds. */
const MAX_EVENTS = 32
const MAX_AGE = 24 * 60 * 60 * 1000

export interface MockEvent {
  id: string
  data: KycFileEvent
}

/** What a subscriber gets before it goes live. */
export interface MockReplay {
  events: MockEvent[]
  cursor: string
  complete: boolean
}

/** The events of a relay's users. It decides as the relay's stores do; the tests compare the two. */
export class MockHistory {
  readonly #clock: MockClock
  /** Marks the cursors of users without events as given by this relay, far above what one millisecond's events reach. */
  readonly #tag: number
  readonly #users = new Map<string, MockEvent[]>()

  constructor(clock: MockClock, tag: number) {
    this.#clock = clock
    this.#tag = tag
  }

  append(externalUserId: string, status: KycFileEvent['status']): MockEvent {
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
    const oldest = this.#clock.now() - MAX_AGE
    const recent = (this.#users.get(externalUserId) ?? []).filter((event) => eventId(event).ms >= oldest)
    const position = this.#clock.position()
    const latest = recent.slice(-1)
    const cursor = latest[0]?.id ?? formatEventId({ ms: position, n: this.#tag })
    if (lastEventId === null) return { events: latest, cursor, complete: true }

    const seen = recent.findIndex((event) => event.id === lastEventId)
    if (seen >= 0) return { events: recent.slice(seen + 1), cursor, complete: true }

    const from = parseEventId(lastEventId)
    const isOwn = from?.n === this.#tag && from.ms <= position
    const mayBeDropped = recent.length > MAX_EVENTS || (from?.ms ?? 0) < oldest
    if (!from || !isOwn || mayBeDropped) return { events: latest, cursor, complete: false }
    return { events: recent.filter((event) => compareEventIds(eventId(event), from) > 0), cursor, complete: true }
  }
}

function eventId({ id }: MockEvent): EventId {
  return parseEventId(id) ?? { ms: 0, n: 0 }
}
