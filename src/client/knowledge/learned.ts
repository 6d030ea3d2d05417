import { isAfter, parseEventId } from '../../protocol/event-id.ts'
import type { Sync } from '../../protocol/frames.ts'
import { type Attempt, countEvent, newAttempt, owedAfter, place } from './attempt.ts'
import type { ReceivedEvent } from './received.ts'
import { attemptState, type KycFileStatus, latestState } from './upload-state.ts'

/** What has been learned of one user. Each function here takes one and gives the next. */
export interface Learned {
  readonly attempt: Attempt | null
  /** The event that was received last; `null`: there was none. */
  readonly latest: ReceivedEvent | null
  /** Where the stream resumes; `null` before the first `sync`. */
  readonly cursor: string | null
  /** The relay has been heard in this page. */
  readonly isHeard: boolean
  /** The ids that were read last, so that an event is new only once, however often it is replayed. */
  readonly seen: readonly string[]
  /** The events that came while the attempt had no point. */
  readonly unplaced: readonly ReceivedEvent[]
  /** How many answers to attempts that have ended are still to come. */
  readonly owed: number
}

export const nothingLearned: Learned = {
  attempt: null,
  latest: null,
  cursor: null,
  isHeard: false,
  seen: [],
  unplaced: [],
  owed: 0,
}

/** How many ids are remembered; a relay keeps 32 events of a user unless it is told otherwise. */
const MAX_SEEN = 1000

/** How the point of an attempt follows from a `sync`. */
export type Aim =
  /** The upload, which began so many milliseconds before, is held back until this `sync`: its cursor is the point. */
  | { type: 'held'; elapsed: number }
  /** The upload was let go so many milliseconds before this `sync` was received. */
  | { type: 'clock'; elapsed: number; isUncertain: boolean }

/** An upload begins, and takes the place of the one before. */
export function begin(learned: Learned, files: number): Learned {
  const owed = learned.attempt ? owedAfter(learned.attempt) : learned.owed
  return { ...learned, attempt: newAttempt(files, owed), unplaced: [], owed: 0 }
}

/** Learns a live event. One that has been read before only moves the cursor. */
export function learnEvent(learned: Learned, event: ReceivedEvent): Learned {
  const { seen, cursor } = learned
  const at = { ...learned, cursor: isAfter(event.id, cursor ?? '') ? event.id : cursor }
  return seen.includes(event.id) ? at : take(at, [event])
}

export interface Replay {
  events: readonly ReceivedEvent[]
  sync: Omit<Sync, 'heartbeat'>
  /** Where it resumed. */
  from: string | null
  /** How the attempt gets its point; `null` while its upload is held back for another `sync`. */
  aim: Aim | null
}

/** Learns a replay as one change, so that nobody sees the states between its events. */
export function learnReplay(learned: Learned, { events, sync, from, aim }: Replay): Learned {
  const { attempt, latest } = learned
  const fresh = events.filter(({ id }) => !learned.seen.includes(id))
  const known: Learned = { ...learned, cursor: sync.cursor, isHeard: true }
  const placed = attempt && aim ? takeAim(attempt, aim, { learned, fresh, sync, from }) : attempt
  const took = placed === attempt ? take(known, fresh) : note({ ...known, attempt: placed, unplaced: [] }, fresh)
  const last = events[events.length - 1] ?? null
  if (from !== null && sync.complete && !last) return took
  // The last event of the replay is the latest, unless another came after the replay had been read.
  const isLater = sync.complete && latest !== null && isAfter(latest.id, last?.id ?? sync.cursor)
  return { ...took, latest: isLater ? latest : last }
}

/**
 * Ends the attempt: the latest event speaks again. Where the stream resumes stays known.
 *
 * @param isSent - the upload had left, so answers to it may still come.
 */
export function endAttempt(learned: Learned, isSent: boolean): Learned {
  const { attempt } = learned
  return attempt ? { ...learned, attempt: null, unplaced: [], owed: owedAfter(attempt, isSent) } : learned
}

/** Says what is known; `null` until the relay has been heard, unless there is an attempt. */
export function statusOf(externalUserId: string, { attempt, latest, cursor, isHeard }: Learned): KycFileStatus | null {
  const at = cursor ?? '0-0'
  if (attempt) return attemptState(externalUserId, attempt, at)
  return isHeard ? latestState(externalUserId, latest, at) : null
}

/** Events that have not been read before. */
function take(learned: Learned, events: readonly ReceivedEvent[]): Learned {
  const { attempt, unplaced } = learned
  const noted = note(learned, events)
  if (attempt?.cursor === null) return { ...noted, unplaced: [...unplaced, ...events] }
  return { ...noted, attempt: attempt && events.reduce(countEvent, attempt) }
}

function note(learned: Learned, events: readonly ReceivedEvent[]): Learned {
  const seen = [...learned.seen, ...events.map(({ id }) => id)].slice(-MAX_SEEN)
  return { ...learned, seen, latest: events[events.length - 1] ?? learned.latest }
}

interface Facts {
  learned: Learned
  sync: Omit<Sync, 'heartbeat'>
  from: string | null
  fresh: readonly ReceivedEvent[]
}

/** Gives an attempt its point. Where the relay has another store by now, the point may be replaced. */
function takeAim(attempt: Attempt, aim: Aim, { learned, fresh, sync, from }: Facts): Attempt {
  const all = [...learned.unplaced, ...fresh]
  const isLost = from !== null && !sync.complete

  if (attempt.cursor !== null) {
    if (sync.complete) return attempt
    // Events are missing. In another store, whose clock is behind, what comes may have lower ids than the point.
    const isBehind = isAfter(attempt.cursor, sync.cursor)
    const cursor = isBehind && aim.type === 'clock' ? pointByClock(sync, aim) : attempt.cursor
    return place(attempt, { cursor, isFirst: false, isMissed: true }, fresh)
  }

  if (aim.type === 'held') {
    const isFirst = [...learned.seen, ...fresh.map(({ id }) => id)].every((id) => isAfter(id, sync.cursor))
    const placed = place(attempt, { cursor: sync.cursor, isFirst, isMissed: isLost }, all)
    // Events from before the upload began answer earlier uploads, so these answers are no longer owed.
    const beganAt = pointByClock(sync, aim)
    const before = all.filter(({ id }) => !isAfter(id, beganAt) && !placed.counted.includes(id))
    return { ...placed, owed: Math.max(0, placed.owed - before.length) }
  }

  const placed = place(attempt, { cursor: pointByClock(sync, aim), isFirst: false, isMissed: false }, all)
  // From nowhere only the latest event is sent: if that counts, there may be others.
  const mayHideOthers = from === null && placed.counted.length > 0
  return { ...placed, isMissed: aim.isUncertain || isLost || mayHideOthers }
}

/**
 * The time at which the upload was let go, by the clock that gives ids. That clock was read before the `sync` was received,
 * so this is that time or a little earlier, and no answer is lost.
 */
function pointByClock({ now, cursor }: Pick<Sync, 'now' | 'cursor'>, { elapsed }: Aim): string {
  const clock = Math.max(Date.parse(now), parseEventId(cursor)?.ms ?? 0)
  return `${Math.max(0, Math.floor(clock - elapsed) - 1)}-0`
}
