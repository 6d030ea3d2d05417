import { isAfter, parseEventId } from '../protocol/event-id.ts'
import { hasShape, isCount, isNullOr, isText } from './guards.ts'
import type { ReceivedEvent } from './upload-state.ts'

/** The last day that a `Date` can name, in milliseconds since the epoch (ECMA-262, 21.4.1.1). */
const MAX_TIME = 8.64e15

/**
 * One upload that someone is waiting for. The webhook names no file, so an attempt marks the point in the stream from which
 * answers count: what came before belongs to an earlier upload.
 */
export interface Attempt {
  readonly id: string
  /** How many files it has. */
  readonly files: number
  /** When it began, in milliseconds since the epoch, by this device's clock. */
  readonly startedAt: number
  /** What has been counted so far ends here; `null` until the position of the stream is known. */
  readonly cursor: string | null
  readonly added: number
  readonly failed: number
  /** When the relay heard of the event that decided its outcome, ISO 8601. */
  readonly decidedAt: string | null
}

const isAttempt = hasShape<Attempt>({
  id: isText,
  files: (value): value is number => isCount(value) && value > 0,
  startedAt: (value): value is number => typeof value === 'number' && value >= 0 && value <= MAX_TIME,
  cursor: isNullOr((value): value is string => isText(value) && parseEventId(value) !== null),
  added: isCount,
  failed: isCount,
  decidedAt: isNullOr(isText),
})

export function newAttempt(files: number, cursor: string | null): Attempt {
  // Not crypto.randomUUID: a page that is not served over HTTPS does not have it.
  const id = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { id, files, startedAt: Date.now(), cursor, added: 0, failed: 0, decidedAt: null }
}

/** An upload that is broken off has only the files that were sent. */
export function withFiles(attempt: Attempt, files: number, now = new Date()): Attempt {
  const isDecided = attempt.added >= files
  return { ...attempt, files, decidedAt: attempt.decidedAt ?? (isDecided ? now.toISOString() : null) }
}

/** Counts an event, if it comes after what has been counted. Once every file is added, nothing overturns that. */
export function countEvent(attempt: Attempt, { id, status, receivedAt }: ReceivedEvent): Attempt {
  if (attempt.cursor === null || !isAfter(id, attempt.cursor)) return attempt
  const counted = { ...attempt, cursor: id }
  const isDecided = attempt.added >= attempt.files
  if (status === 'ERROR') {
    return { ...counted, failed: attempt.failed + 1, decidedAt: isDecided ? attempt.decidedAt : receivedAt }
  }
  const added = attempt.added + 1
  return { ...counted, added, decidedAt: added === attempt.files ? receivedAt : attempt.decidedAt }
}

/**
 * The point from which answers count, for an attempt that began without a connection and whose upload was not held back any
 * longer: its start, by the relay's clock.
 */
export function startByRelayClock({ startedAt }: Attempt, sync: { now: string }, now = Date.now()): string {
  const elapsed = Math.max(0, now - startedAt)
  return `${Math.max(0, Math.floor(Date.parse(sync.now) - elapsed))}-0`
}

/** Attempts survive a reload of their tab, one for each user of a relay. Where storage is blocked they don't. */
export const attemptStorage = {
  load(key: string): Attempt | null {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null')
      return isAttempt(kept) ? kept : null
    } catch {
      return null
    }
  },

  save(key: string, attempt: Attempt | null): void {
    try {
      if (attempt) sessionStorage.setItem(key, JSON.stringify(attempt))
      else sessionStorage.removeItem(key)
    } catch {
      // blocked or full: the attempt lives in this page alone
    }
  },
}
