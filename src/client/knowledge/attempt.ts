import { isAfter } from '../../protocol/event-id.ts'
import type { KycStepEvent, ReceivedEvent } from './received.ts'

/** An upload for a step that someone is waiting for. */
export interface StepAttempt {
  readonly id: string
  /** When it began, in milliseconds since the epoch, by this device's clock. */
  readonly startedAt: number
  /** The point: only events after it count. `null` until it is known. */
  readonly cursor: string | null
  /** The events after its point, in the order of their receipt; until that is known, those that have come since it began. */
  readonly counted: readonly KycStepEvent[]
}

/**
 * One upload that someone is waiting for. The webhook names no file, so an attempt marks the point in the stream from which
 * answers count: what came before belongs to an earlier upload.
 */
export interface UploadAttempt extends StepAttempt {
  /** How many files it has. */
  readonly files: number
}

/** An attempt, with what counting needs besides. */
export interface Attempt extends UploadAttempt {
  /** However often an event is replayed, it counts once. */
  readonly counted: readonly ReceivedEvent[]
  /** The relay knew of no event at the point. So each event comes after it, whatever its id. */
  readonly isFirst: boolean
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
    counted: [],
    isFirst: false,
    letGoAt: null,
    owed,
    isMissed: false,
  }
}

/** Not `crypto.randomUUID`, which pages without HTTPS don't have. React Native has no `crypto` at all. */
function randomId(): string {
  const bytes = new Uint8Array(24).map(() => Math.random() * 256)
  globalThis.crypto?.getRandomValues(bytes)
  return Array.from(bytes, (byte) => (byte % 16).toString(16)).join('')
}

/** The events after the point. Before that is known, what has come may belong to what was before. */
export function answersTo<T>({ cursor, counted }: { cursor: string | null; counted: readonly T[] }): readonly T[] {
  return cursor === null ? [] : counted
}

/** Counts an event, if it comes after the point; before that is known the event is remembered. */
export function countEvent(attempt: Attempt, event: ReceivedEvent): Attempt {
  const { cursor, isFirst, counted } = attempt
  const { id } = event
  const isNew = counted.every((one) => one.id !== id)
  const counts = isNew && (cursor === null || isFirst || isAfter(id, cursor))
  return counts ? { ...attempt, counted: [...counted, event] } : attempt
}
