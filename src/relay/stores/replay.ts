import * as z from 'zod/mini'
import { type EventId, formatEventId, parseEventId } from '../../protocol/event-id.ts'
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
  /** Events for a user. */
  maxEvents: number
  /** Events before this millisecond count as gone. */
  oldest: number
  /** A millisecond before every id still to come. */
  position: number
  /** Marks the cursors of this store for users without events. No event has this number as its `n`. */
  tag: number
}

/** The `tag` of a new store: far above what one millisecond's events reach, and unlikely to be another store's. */
export function newTag(): number {
  return 1e9 + Math.floor(Math.random() * 1e9)
}

/**
 * Decides what a subscriber gets, from the kept events of a user in the order of their ids.
 *
 * A cursor is known if it is the id of a kept event, or if this store gave it to the user when there was no event.
 * Stores keep one event more than `maxEvents`: it is not sent, it shows from where on nothing has been dropped.
 */
export function replay(kept: readonly StoredEvent[], lastEventId: string | null, shelf: Shelf): Replay {
  const recent = kept.filter((event) => eventTime(event) >= shelf.oldest)
  const events = recent.slice(-shelf.maxEvents)
  const latest = events.slice(-1)
  const cursor = latest[0]?.id ?? formatEventId({ ms: shelf.position, n: shelf.tag })

  if (lastEventId === null) return { events: latest, cursor, complete: true }

  const seen = recent.findIndex((event) => event.id === lastEventId)
  if (seen >= 0) return { events: recent.slice(seen + 1), cursor, complete: true }

  const since = parseEventId(lastEventId)
  const nothingDropped = recent.length <= shelf.maxEvents
  if (since && nothingDropped && isOurs(since, shelf)) {
    return { events: events.filter((event) => eventTime(event) > since.ms), cursor, complete: true }
  }
  return { events: latest, cursor, complete: false }
}

function isOurs({ ms, n }: EventId, { tag, oldest, position }: Shelf): boolean {
  return n === tag && ms >= oldest && ms <= position
}

function eventTime({ id }: StoredEvent): number {
  return parseEventId(id)?.ms ?? 0
}
