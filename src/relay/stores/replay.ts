import * as z from 'zod/mini'
import { compareEventIds, type EventId, formatEventId, parseEventId } from '../../protocol/event-id.ts'
import { parseOptions } from '../../protocol/options.ts'
import type { History, Replay, StoredEvent } from '../store.ts'

const historySchema = z.strictObject({
  maxEvents: z._default(z.int().check(z.minimum(1, 'expected a whole number of 1 or more')), 32),
  maxAge: z._default(z.number().check(z.positive('expected milliseconds above 0')), 24 * 60 * 60 * 1000),
})

export function parseHistory(caller: string, history: History): Required<History> {
  return parseOptions(caller, historySchema, history)
}

/** What a store knows beside the events of the user who is asking. */
export interface Shelf {
  /** Milliseconds since the epoch. */
  now: number
  /** A millisecond before every id still to come. */
  position: number
  /** Each time the store was opened, the last one being now. */
  openings: readonly [...Opening[], Opening]
}

/**
 * One time that a store was opened. A cursor for a user without events is a time, and clocks step back while nobody looks:
 * the tag in it tells when the store was opened that gave it, and what came after the next opening came after it.
 */
export interface Opening extends Required<History> {
  /** Far above what one millisecond's events reach, and unlikely to be another store's. */
  tag: number
  /** Every id that was given since is higher. */
  from: EventId
}

export function newOpening(from: EventId, history: Required<History>): Opening {
  return { tag: 1e9 + Math.floor(Math.random() * 1e9), from, ...history }
}

/**
 * Decides what a subscriber gets, from the kept events of a user in the order of their ids.
 *
 * A cursor is known if it is the id of a kept event, or if this store gave it to the user when there was no event.
 * Stores keep one event more than `maxEvents`: it is not sent, it shows from where on nothing has been dropped.
 */
export function replay(kept: readonly StoredEvent[], lastEventId: string | null, shelf: Shelf): Replay {
  const { now, position, openings } = shelf
  const { tag, maxEvents, maxAge } = current(openings)
  const recent = kept.filter((event) => eventId(event).ms >= now - maxAge)
  const events = recent.slice(-maxEvents)
  const latest = events.slice(-1)
  const cursor = latest[0]?.id ?? formatEventId({ ms: position, n: tag })

  if (lastEventId === null) return { events: latest, cursor, complete: true }

  const seen = recent.findIndex((event) => event.id === lastEventId)
  if (seen >= 0) return { events: recent.slice(seen + 1), cursor, complete: true }

  const since = resumePoint(parseEventId(lastEventId), recent.length, shelf)
  if (since) {
    return { events: events.filter((event) => compareEventIds(eventId(event), since) > 0), cursor, complete: true }
  }
  return { events: latest, cursor, complete: false }
}

/**
 * What a cursor that was given to a user without events comes after; `null` for one that this store did not give, or after
 * which an event may have been dropped, now or when less was kept.
 */
function resumePoint(cursor: EventId | null, kept: number, { now, position, openings }: Shelf): EventId | null {
  const opening = openings.findIndex(({ tag }) => tag === cursor?.n)
  if (!cursor || opening < 0) return null
  const next = openings[opening + 1]
  const mayBeDropped = openings
    .slice(opening)
    .some(({ maxEvents, maxAge }) => kept > maxEvents || cursor.ms < now - maxAge)
  if (mayBeDropped) return null
  if (!next) return cursor.ms <= position ? cursor : null
  return compareEventIds(cursor, next.from) < 0 ? cursor : next.from
}

function current(openings: Shelf['openings']): Opening {
  return openings[openings.length - 1] as Opening
}

function eventId({ id }: StoredEvent): EventId {
  return parseEventId(id) ?? { ms: 0, n: 0 }
}
