import { isAfter } from '../../protocol/event-id.ts'
import type { ReceivedEvent } from './received.ts'

/**
 * One upload that someone is waiting for. The webhook names no file, so an attempt marks the point in the stream from which
 * answers count: what came before belongs to an earlier upload.
 */
export interface UploadAttempt {
  readonly id: string
  /** How many files it has. */
  readonly files: number
  /** When it began, in milliseconds since the epoch, by this device's clock. */
  readonly startedAt: number
  /** The point: only events after it count. `null` until it is known. */
  readonly cursor: string | null
  readonly added: number
  readonly failed: number
  /** When the relay heard of the event that decided its outcome, ISO 8601. */
  readonly decidedAt: string | null
}

/** An attempt, with what counting needs besides. */
export interface Attempt extends UploadAttempt {
  /** The relay knew of no event at the point. So each event comes after it, whatever its id. */
  readonly isFirst: boolean
  /** The ids of the events that were counted: however often one is replayed, it counts once. */
  readonly counted: readonly string[]
  /** When the upload could leave, in milliseconds since the epoch, by this device's clock; `null` while it is held back. */
  readonly letGoAt: number | null
  /** How many answers to the uploads before it had not come yet at the point. */
  readonly owed: number
  /** An answer may be missing, or be another upload's: see `doubt`. */
  readonly isMissed: boolean
}

/** @param owed - how many answers to the uploads before have not come. */
export function newAttempt(files: number, owed = 0): Attempt {
  return {
    id: randomId(),
    files,
    startedAt: Date.now(),
    cursor: null,
    isFirst: false,
    added: 0,
    failed: 0,
    counted: [],
    decidedAt: null,
    letGoAt: null,
    owed,
    isMissed: false,
  }
}

/** Not `crypto.randomUUID`, which pages without HTTPS don't have. React Native has no `crypto` at all. */
function randomId(): string {
  const bytes = globalThis.crypto
    ? crypto.getRandomValues(new Uint8Array(12))
    : Uint8Array.from({ length: 12 }, () => Math.random() * 256)
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Says how many answers are still to come when an attempt ends. */
export function owedAfter({ owed, files, added, failed }: Attempt, isSent = true): number {
  return Math.max(0, owed + (isSent ? files : 0) - added - failed)
}

/** Corrects how many files an upload has: one that was broken off has only those that were sent. */
export function withFiles(attempt: Attempt, files: number, now = new Date()): Attempt {
  const isDecided = attempt.added >= files
  return { ...attempt, files, decidedAt: attempt.decidedAt ?? (isDecided ? now.toISOString() : null) }
}

/** Gives an attempt the point from which it counts, and counts what has come. */
export function place(
  attempt: Attempt,
  point: Pick<Attempt, 'cursor' | 'isFirst' | 'isMissed'>,
  events: readonly ReceivedEvent[],
): Attempt {
  return events.reduce(countEvent, { ...attempt, ...point })
}

/** Counts an event, if it comes after the point. Once every file is added, nothing overturns that. */
export function countEvent(attempt: Attempt, { id, status, receivedAt }: ReceivedEvent): Attempt {
  const { cursor, isFirst, counted, files } = attempt
  if (cursor === null || counted.includes(id) || !(isFirst || isAfter(id, cursor))) return attempt
  const isError = status === 'ERROR'
  const added = attempt.added + (isError ? 0 : 1)
  const decides = isError ? attempt.added < files : added === files
  return {
    ...attempt,
    added,
    failed: attempt.failed + (isError ? 1 : 0),
    counted: [...counted, id],
    decidedAt: decides ? receivedAt : attempt.decidedAt,
  }
}
