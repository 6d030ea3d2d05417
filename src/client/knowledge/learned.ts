import { isAfter, parseEventId } from '../../protocol/event-id.ts'
import type { Sync } from '../../protocol/frames.ts'
import { KYC_FILE_FRAME } from '../../protocol/words.ts'
import { keepSame } from '../same.ts'
import { type Attempt, answersTo, countEvent, newAttempt } from './attempt.ts'
import type { ReceivedEvent } from './received.ts'
import { fileStatus, type KycFileStatus } from './upload-state.ts'

/** What has been learned of one step of a user. */
export interface LearnedStep {
  readonly attempt: Attempt | null
  /** The events that the relay has told of, in the order of their receipt. */
  readonly events: readonly ReceivedEvent[]
  /** How many answers to attempts that have ended are still to come. */
  readonly owed: number
}

/** What has been learned of one user. Each function here takes one and gives the next. */
export interface Learned {
  /** By the frame of the step's webhook. A step keeps its object until something is learned of it. */
  readonly steps: ReadonlyMap<string, LearnedStep>
  /** Where the stream resumes; `null` before the first `sync`. */
  readonly cursor: string | null
  /** The relay has been heard in this page. */
  readonly isHeard: boolean
}

export const nothingLearned: Learned = { steps: new Map(), cursor: null, isHeard: false }
const NOTHING: LearnedStep = { attempt: null, events: [], owed: 0 }

/** How many events of a step are remembered; a relay keeps 32 unless it is told otherwise. */
const MAX_EVENTS = 1000

/** How the point of an attempt follows from a `sync`. */
export type Aim =
  /** The upload, which began so many milliseconds before, is held back until this `sync`: its cursor is the point. */
  | { type: 'held'; elapsed: number }
  /** The upload was let go so many milliseconds before this `sync` was received. */
  | { type: 'clock'; elapsed: number; isUncertain: boolean }

/** What has been learned of a step. */
export function of({ steps }: Learned, step: string): LearnedStep {
  return steps.get(step) ?? NOTHING
}

/** The same, but for what is given of one step. */
export function put(learned: Learned, step: string, change: Partial<LearnedStep>): Learned {
  const before = of(learned, step)
  const after = keepSame(before, { ...before, ...change })
  return after === before ? learned : { ...learned, steps: new Map(learned.steps).set(step, after) }
}

/** An upload begins, and takes the place of the one before. */
export function begin(learned: Learned, step: string, files: number): Learned {
  return put(learned, step, { attempt: newAttempt(files, owedAfter(of(learned, step), true)), owed: 0 })
}

/** Learns a live event. One that has been read before only moves the cursor. */
export function learnEvent(learned: Learned, event: ReceivedEvent): Learned {
  const { id, frame } = event
  const step = of(learned, frame)
  const at = isAfter(id, learned.cursor ?? '') ? { ...learned, cursor: id } : learned
  return put(at, frame, take(step, step.attempt, unread(step, [event])))
}

export interface Replay {
  events: readonly ReceivedEvent[]
  sync: Omit<Sync, 'heartbeat'>
  /** Where it resumed. */
  from: string | null
  /** How the attempt of a step gets its point; `null` while its upload is held back for another `sync`. */
  aim: (attempt: Attempt, step: string) => Aim | null
}

/** Learns a replay as one change, so that nobody sees the states between its events. */
export function learnReplay(learned: Learned, replay: Replay): Learned {
  const { events, sync } = replay
  const frames = new Set([...learned.steps.keys(), ...events.map(({ frame }) => frame)])
  const at: Learned = { ...learned, cursor: sync.cursor, isHeard: true }
  return [...frames].reduce((next, frame) => put(next, frame, learnStep(of(learned, frame), frame, replay)), at)
}

/** Learns what a replay says of one step. */
function learnStep(step: LearnedStep, frame: string, replay: Replay): Partial<LearnedStep> {
  const { sync, from, aim } = replay
  const { attempt } = step
  const told = replay.events.filter((event) => event.frame === frame)
  const fresh = unread(step, told)
  const how = attempt && aim(attempt, frame)
  const took = take(step, attempt && how ? takeAim(attempt, how, step, fresh, replay) : attempt, fresh)
  if (from !== null && sync.complete) return took
  // The relay told all that it knows, but for what came after the replay had been read.
  const later = step.events.filter(({ id }) => sync.complete && isAfter(id, sync.cursor))
  return { ...took, events: [...told, ...later] }
}

/**
 * Ends the attempt of a step: all of its events speak again. Where the stream resumes stays known.
 *
 * @param isSent - the upload had left, so answers to it may still come.
 */
export function endAttempt(learned: Learned, step: string, isSent: boolean): Learned {
  return put(learned, step, { attempt: null, owed: owedAfter(of(learned, step), isSent) })
}

/** How many answers are still to come once there is no attempt any more. */
function owedAfter({ attempt, owed }: LearnedStep, isSent: boolean): number {
  return attempt ? Math.max(0, attempt.owed + (isSent ? attempt.files : 0) - answersTo(attempt).length) : owed
}

/** Somebody waits for an upload in this tab. */
export function hasAttempt({ steps }: Learned): boolean {
  return [...steps.values()].some(({ attempt }) => attempt)
}

/** Says what is known of the file; `null` until the relay has been heard, unless there is an attempt. */
export function statusOf(externalUserId: string, learned: Learned, step = KYC_FILE_FRAME): KycFileStatus | null {
  const known = of(learned, step)
  const isKnown = learned.isHeard || known.attempt !== null
  return isKnown ? fileStatus(externalUserId, known, learned.cursor ?? '0-0') : null
}

/** Those that have not been read before: an event is new only once, however often it is replayed. */
export function unread({ attempt, events }: LearnedStep, told: readonly ReceivedEvent[]): ReceivedEvent[] {
  const known = [...events, ...(attempt?.counted ?? [])]
  return told.filter(({ id }) => !known.some((event) => event.id === id))
}

/** Takes in events that have not been read before. A cache may replay older ones than are known. */
function take({ events }: LearnedStep, attempt: Attempt | null, fresh: readonly ReceivedEvent[]): Partial<LearnedStep> {
  const inOrder = [...events, ...fresh].sort((a, b) => (isAfter(a.id, b.id) ? 1 : -1))
  return {
    attempt: attempt && fresh.reduce(countEvent, attempt),
    events: fresh.length > 0 ? inOrder.slice(-MAX_EVENTS) : events,
  }
}

/** Gives an attempt its point. Where the relay has another store by now, the point may be replaced. */
function takeAim(
  attempt: Attempt,
  aim: Aim,
  { events }: LearnedStep,
  fresh: readonly ReceivedEvent[],
  { sync, from }: Replay,
): Attempt {
  const isLost = from !== null && !sync.complete

  if (attempt.cursor !== null) {
    if (sync.complete) return attempt
    // Events are missing. In another store, whose clock is behind, what comes may have lower ids than the point.
    const isBehind = isAfter(attempt.cursor, sync.cursor)
    const cursor = isBehind && aim.type === 'clock' ? pointByClock(sync, aim) : attempt.cursor
    return { ...attempt, cursor, isFirst: false, isMissed: true }
  }

  const since = [...attempt.counted, ...fresh]
  const isHeld = aim.type === 'held'
  const beganAt = pointByClock(sync, aim)
  const isFirst = isHeld && [...events, ...since].every(({ id }) => isAfter(id, sync.cursor))
  const open: Attempt = { ...attempt, cursor: isHeld ? sync.cursor : beganAt, isFirst, counted: [] }
  const placed = since.reduce(countEvent, open)
  const { counted, owed } = placed
  // Events from before the upload began answer earlier uploads, so these answers are no longer owed.
  const before = since.filter((event) => isHeld && !isAfter(event.id, beganAt) && !counted.includes(event))
  // From nowhere only the latest event is sent: if that counts, there may be others.
  const isUncertain = !isHeld && (aim.isUncertain || (from === null && counted.length > 0))
  return { ...placed, owed: Math.max(0, owed - before.length), isMissed: isLost || isUncertain }
}

/**
 * The time at which the upload was let go, by the clock that gives ids. That clock was read before the `sync` was received,
 * so this is that time or a little earlier, and no answer is lost.
 */
function pointByClock({ now, cursor }: Pick<Sync, 'now' | 'cursor'>, { elapsed }: Aim): string {
  const clock = Math.max(Date.parse(now), parseEventId(cursor)?.ms ?? 0)
  return `${Math.max(0, Math.floor(clock - elapsed) - 1)}-0`
}
