import { type Moment, moment, since } from '../clock.ts'
import type { Attempt } from './attempt.ts'
import type { Aim } from './learned.ts'

/** How long an upload is held back for its point, in milliseconds, before it is let go. */
export const MAX_HOLD = 3000
/** How far the wall clock may run ahead of the steady one, in milliseconds, before the device is taken to have slept. */
const SLEPT = 5000

/** An upload that was begun in this page. */
export interface Upload {
  readonly id: string
  readonly beganAt: Moment
  /** `null` while it is held back. */
  letGoAt: Moment | null
}

/**
 * Works out how an attempt gets its point from a `sync` that is received now.
 *
 * @param upload - the last upload for its step that was begun in this page.
 * @param uploadThen - which one that was when the relay was asked.
 */
export function aimOf(
  attempt: Attempt,
  upload: Upload | undefined,
  uploadThen: Upload | undefined,
  askedAt: Moment,
  now: Moment = moment(),
): Aim | null {
  const roundTrip = since(askedAt, now)
  if (upload?.id !== attempt.id) {
    // It was begun in another page: the wall clock is all that the two have in common.
    const letGoAt = attempt.letGoAt ?? attempt.startedAt
    const elapsed = now.wall - letGoAt
    const isUncertain = elapsed < 0 || roundTrip > letGoAt - attempt.startedAt
    return { type: 'clock', elapsed: Math.max(0, elapsed), isUncertain }
  }
  const { beganAt, letGoAt } = upload
  // A request from before the upload may have been answered before it.
  if (!letGoAt) return uploadThen === upload ? { type: 'held', elapsed: since(beganAt, now) } : null
  const held = Math.min(MAX_HOLD, since(beganAt, letGoAt))
  const elapsed = now.steady - letGoAt.steady
  const ahead = now.wall - letGoAt.wall - elapsed
  // Up to the time that the upload was held back, the point may lie before its end and still after its beginning. So a short
  // sleep of the device loses no answer.
  const slack = Math.max(0, Math.min(ahead, held - roundTrip))
  return { type: 'clock', elapsed: elapsed + slack, isUncertain: ahead > SLEPT || roundTrip > held }
}
