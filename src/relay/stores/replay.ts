import { checkOptions, duration, type Rules, wholeNumber } from '../../protocol/check-options.ts'
import { compareEventIds, type EventId, formatEventId, parseEventId } from '../../protocol/event-id.ts'
import type { History, Replay, StoredEvent } from './store.ts'

const rules: Rules = {
  maxEvents: wholeNumber,
  maxAge: duration,
}

export function parseHistory(caller: string, history: History): Required<History> {
  checkOptions(caller, rules, history)
  const { maxEvents = 32, maxAge = 24 * 60 * 60 * 1000 } = history
  return { maxEvents, maxAge }
}

/** What a store knows beside the events of the user who is asking. */
export interface Shelf extends Required<History> {
  /** Milliseconds since the epoch, by the clock that gives ids: read after the position, and so not behind it. */
  now: number
  /** The cursor of a user without events: below every id still to come. It never falls. */
  position: EventId
  /**
   * The mark: the last of the user's events that is gone although no other one came after it. Where there is none, something
   * that no position of the store lies below.
   */
  since: EventId
  /** The `n` of every position that the store gives out. Redis has none: a user has one position there, which is `since`. */
  epoch?: number
  /** The store was closed in these milliseconds. A position from there is one of a file of which this one is an earlier copy. */
  closed?: { from: number; until: number }
}

/**
 * Decides what a subscriber gets, from the kept events of a user in the order of their ids.
 *
 * Stores keep one event more than `maxEvents`: it is not sent, it shows from where on nothing has been dropped.
 */
export function replay(kept: readonly StoredEvent[], lastEventId: string | null, shelf: Shelf): Replay {
  const { now, maxEvents, maxAge } = shelf
  const ids = kept.map(({ id }) => parseEventId(id) ?? { ms: 0, n: 0 })
  const firstYoung = ids.findIndex(({ ms }) => ms >= now - maxAge)
  const first = Math.max(firstYoung < 0 ? kept.length : firstYoung, kept.length - maxEvents)
  const latest = kept.slice(first).slice(-1)
  // An erasure has an id, which lies above the position for the rest of its millisecond.
  const position = isBefore(shelf.position, shelf.since) ? shelf.since : shelf.position
  const cursor = latest[0]?.id ?? formatEventId(position)
  if (lastEventId === null) return { events: latest, cursor, complete: true, now }

  const from = parseEventId(lastEventId)
  if (from === null || !vouches(shelf, from, ids, first)) return { events: latest, cursor, complete: false, now }
  const events = kept.filter((_, index) => index >= first && isBefore(from, ids[index]))
  // Where nothing has come the position stays: it never falls.
  return { events, cursor: events.length > 0 || latest.length === 0 ? cursor : lastEventId, complete: true, now }
}

/**
 * Whether the store knows a cursor, and still sends every event of the user after it. The time of a cursor proves nothing: it
 * may come from a store that was lost, whose clock was ahead of this one's.
 */
function vouches(
  { position, since, epoch, closed }: Shelf,
  cursor: EventId,
  ids: readonly EventId[],
  first: number,
): boolean {
  if (isBefore(cursor, ids[first - 1])) return false
  if ([...ids, since].some((id) => compareEventIds(id, cursor) === 0)) return true
  const isOfClosedTime = closed !== undefined && cursor.ms >= closed.from && cursor.ms < closed.until
  return cursor.n === epoch && !isBefore(cursor, since) && !isBefore(position, cursor) && !isOfClosedTime
}

function isBefore(one: EventId, other: EventId | undefined): boolean {
  return other !== undefined && compareEventIds(one, other) < 0
}
