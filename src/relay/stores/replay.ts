import * as z from 'zod/mini'
import { compareEventIds, type EventId, formatEventId, parseEventId } from '../../protocol/event-id.ts'
import { parseOptions } from '../../protocol/options.ts'
import type { History, Replay, StoredEvent } from './store.ts'

const historySchema = z.strictObject({
  maxEvents: z._default(z.int().check(z.minimum(1, 'expected a whole number of 1 or more')), 32),
  maxAge: z._default(z.number().check(z.positive('expected milliseconds above 0')), 24 * 60 * 60 * 1000),
})

export function parseHistory(caller: string, history: History): Required<History> {
  return parseOptions(caller, historySchema, history)
}

/** What a store knows beside the events of the user who is asking. */
export interface Shelf extends Required<History> {
  /** Milliseconds since the epoch, by the clock that gives ids: read after the position, and so not behind it. */
  now: number
  /** Not below any cursor that the store has given to the user, and below every id still to come. */
  position: EventId
  /** The store keeps every event of the user that came after it, or has kept it until it became too old or one too many. */
  since: EventId
  /** A time when the store was closed, without its ends: a cursor from there is another store's. */
  closed?: { from: EventId; to: EventId }
}

/**
 * Decides what a subscriber gets, from the kept events of a user in the order of their ids.
 *
 * A cursor is a point in time, whoever gave it out. The store can vouch for what came after it if it lies neither before
 * something that was dropped nor ahead of the store. Stores keep one event more than `maxEvents`: it is not sent, it shows
 * from where on nothing has been dropped.
 */
export function replay(kept: readonly StoredEvent[], lastEventId: string | null, shelf: Shelf): Replay {
  const { now, maxEvents, maxAge } = shelf
  const ids = kept.map(({ id }) => parseEventId(id) ?? { ms: 0, n: 0 })
  const firstYoung = ids.findIndex(({ ms }) => ms >= now - maxAge)
  const first = Math.max(firstYoung < 0 ? kept.length : firstYoung, kept.length - maxEvents)
  const latest = kept.slice(first).slice(-1)
  const cursor = latest[0]?.id ?? formatEventId(shelf.position)
  if (lastEventId === null) return { events: latest, cursor, complete: true, now }

  const from = parseEventId(lastEventId)
  if (from === null || !vouches(shelf, from, ids[first - 1])) return { events: latest, cursor, complete: false, now }
  const events = kept.filter((_, index) => index >= first && isBefore(from, ids[index]))
  // Where nothing has come the position stays: it never falls.
  return { events, cursor: events.length > 0 || latest.length === 0 ? cursor : lastEventId, complete: true, now }
}

/** Whether every event of the user after a cursor is still sent. */
function vouches({ position, since, closed }: Shelf, cursor: EventId, lastDropped: EventId | undefined): boolean {
  if (isBefore(cursor, since) || isBefore(cursor, lastDropped)) return false
  if (closed && isBefore(closed.from, cursor) && isBefore(cursor, closed.to)) return false
  return !isBefore(position, cursor)
}

function isBefore(one: EventId, other: EventId | undefined): boolean {
  return other !== undefined && compareEventIds(one, other) < 0
}
