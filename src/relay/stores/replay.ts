import { compareEventIds, type EventId, formatEventId, parseEventId } from '../../protocol/event-id.ts'
import { latestOfEachFrame, remaining, without } from './history.ts'
import type { History, Replay, StoredEvent } from './store.ts'

/** What a store knows beside the events of the user who is asking. */
export interface Shelf extends Required<History> {
  /** Milliseconds since the epoch, by the clock that gives ids: read after the position, and so not behind it. */
  now: number
  /** The cursor of a user without events: below every id still to come. It never falls. */
  position: EventId
  /**
   * The mark: the newest of the user's events that was deleted, or the erasure. Where there is none, something that no
   * position of the store lies below.
   */
  since: EventId
  /** The `n` of every position that the store gives out. Redis has none: a user has one position there, which is `since`. */
  epoch?: number
  /** The store was closed in these milliseconds. A position from there is one of a file of which this one is an earlier copy. */
  closed?: { from: number; until: number }
}

/** Decides what a subscriber gets, from the kept events of a user in the order of their ids. */
export function replay(kept: readonly StoredEvent[], lastEventId: string | null, shelf: Shelf): Replay {
  const { now } = shelf
  const events = remaining(kept, now, shelf)
  // What does not count any more is gone, whether it was deleted or not.
  const dropped = without(kept, events).at(-1)
  const mark = dropped ? later(idOf(dropped), shelf.since) : shelf.since
  const latest = events.at(-1)
  // The mark of an erasure lies above the position for the rest of its millisecond, and that of another user may anywhere.
  const cursor = formatEventId(later(latest ? idOf(latest) : shelf.position, mark))
  const beginning = (complete: boolean) => ({ events: [...latestOfEachFrame(events)], cursor, complete, now })
  if (lastEventId === null) return beginning(true)

  const from = parseEventId(lastEventId)
  const isKept = kept.some(({ id }) => id === lastEventId)
  if (from === null || !vouches(shelf, from, mark, isKept)) return beginning(false)
  const after = events.slice(events.findLastIndex((event) => !isBefore(from, idOf(event))) + 1)
  // Where nothing has come the position stays: it never falls.
  return { events: after, cursor: after.length > 0 || !latest ? cursor : lastEventId, complete: true, now }
}

/**
 * Whether the store knows a cursor, and still has every event of the user after it. The time of a cursor proves nothing: it
 * may come from a store that was lost, whose clock was ahead of this one's.
 */
function vouches({ position, epoch, closed }: Shelf, cursor: EventId, mark: EventId, isKept: boolean): boolean {
  if (isBefore(cursor, mark)) return false
  if (isKept || !isBefore(mark, cursor)) return true
  const isOfClosedTime = closed !== undefined && cursor.ms >= closed.from && cursor.ms < closed.until
  return cursor.n === epoch && !isBefore(position, cursor) && !isOfClosedTime
}

function idOf({ id }: StoredEvent): EventId {
  return parseEventId(id) ?? { ms: 0, n: 0 }
}

function isBefore(one: EventId, other: EventId): boolean {
  return compareEventIds(one, other) < 0
}

function later(one: EventId, other: EventId): EventId {
  return isBefore(one, other) ? other : one
}
