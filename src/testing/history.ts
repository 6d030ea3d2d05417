import { compareEventIds, type EventId, formatEventId, parseEventId } from '../protocol/event-id.ts'
import { type StepEvent, told } from '../protocol/step-state.ts'
import type { MockClock } from './clock.ts'

/** What the relay keeps of each frame of a user unless told otherwise: so many events, for so many milliseconds. */
const MAX_EVENTS = 32
const MAX_AGE = 24 * 60 * 60 * 1000
/** For how long it keeps what a page that opens late is told, in milliseconds. */
const KEEP_LATEST = 30 * MAX_AGE

/** The data of a frame. */
export interface MockData extends StepEvent {
  externalUserId: string
  reason?: string
}

export interface MockEvent {
  id: string
  frame: string
  data: MockData
}

/** What a subscriber gets before it goes live. */
export interface MockReplay {
  events: MockEvent[]
  cursor: string
  complete: boolean
  /** Milliseconds by the clock that gives ids. */
  now: number
}

interface MockUser {
  events: MockEvent[]
  /** The newest event that was dropped. */
  dropped: EventId
}

/** The events of a relay's users. It decides as the relay's stores do; the tests compare the two. */
export class MockHistory {
  readonly #clock: MockClock
  readonly #users = new Map<string, MockUser>()
  /**
   * The millisecond in which it was used first: fake timers may be set up after the relay. It tells the positions of this
   * relay from those of every other one.
   */
  #epoch: number | null = null

  constructor(clock: MockClock) {
    this.#clock = clock
  }

  append(frame: string, data: Omit<MockData, 'receivedAt'>): MockEvent {
    this.#epoch ??= this.#clock.now()
    const event = { id: formatEventId(this.#clock.nextId()), frame, data: { ...data, receivedAt: this.#clock.iso() } }
    const { events, dropped } = this.#trimmed(data.externalUserId)
    this.#users.set(data.externalUserId, { events: [...events, event], dropped })
    return event
  }

  since(externalUserId: string, lastEventId: string | null): MockReplay {
    this.#epoch ??= this.#clock.now()
    const position = { ms: this.#clock.position(), n: this.#epoch }
    const now = this.#clock.now()
    const { events, dropped } = this.#trimmed(externalUserId)
    const cursor = events.at(-1)?.id ?? formatEventId(position)
    const beginning = { events: ofEachFrame(events, latestOf), cursor, now }
    if (lastEventId === null) return { ...beginning, complete: true }

    const from = parseEventId(lastEventId)
    const isKept = lastEventId === formatEventId(dropped) || events.some(({ id }) => id === lastEventId)
    const isPosition = from?.n === this.#epoch && from.ms >= this.#epoch - 1 && from.ms <= position.ms
    if (!from || compareEventIds(from, dropped) < 0 || !(isKept || isPosition)) return { ...beginning, complete: false }
    const after = events.filter((event) => compareEventIds(idOf(event), from) > 0)
    return {
      events: after,
      cursor: after.length > 0 || events.length === 0 ? cursor : lastEventId,
      complete: true,
      now,
    }
  }

  /** What is left of a user's events by now. */
  #trimmed(externalUserId: string): MockUser {
    const now = this.#clock.now()
    const { events, dropped } = this.#users.get(externalUserId) ?? { events: [], dropped: { ms: 0, n: 0 } }
    const left = ofEachFrame(events, (some) => remainingOf(some, now))
    const last = events.filter((event) => !left.includes(event)).at(-1)
    const user = { events: left, dropped: last && compareEventIds(idOf(last), dropped) > 0 ? idOf(last) : dropped }
    this.#users.set(externalUserId, user)
    return user
  }
}

function ofEachFrame(events: MockEvent[], choose: (events: MockEvent[]) => MockEvent[]): MockEvent[] {
  const frames = [...new Set(events.map(({ frame }) => frame))]
  const chosen = frames.flatMap((name) => choose(events.filter(({ frame }) => frame === name)))
  return events.filter((event) => chosen.includes(event))
}

/** Of one frame: those that are recent, and what a page that opens late is told. */
function remainingOf(events: MockEvent[], now: number): MockEvent[] {
  const latest = events.at(-1)
  if (!latest || idOf(latest).ms < now - KEEP_LATEST) return []
  const needed = latestOf(events)
  const recent = events.slice(-MAX_EVENTS)
  return events.filter((event) => needed.includes(event) || (recent.includes(event) && idOf(event).ms >= now - MAX_AGE))
}

/** Of one frame. */
function latestOf(events: MockEvent[]): MockEvent[] {
  const needed = told(events.map(({ data }) => data))
  return events.filter(({ data }) => needed.includes(data))
}

function idOf({ id }: MockEvent): EventId {
  return parseEventId(id) ?? { ms: 0, n: 0 }
}
