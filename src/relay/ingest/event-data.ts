import { externalUserIdProblem } from '../../protocol/external-user-id.ts'
import { STEP_STATES, type StepState } from '../../protocol/step-state.ts'
import { KYC_FILE_FRAME, KYC_FILE_STATUSES } from '../../protocol/words.ts'

/** The data of an event, in the order in which they are told. */
export interface EventData {
  externalUserId: string
  status: string
  /** None where the frame is `kyc-file`, unless nobody knows the status. */
  state?: StepState
  reason?: string
  /** ISO 8601 in UTC. */
  occurredAt?: string
}

const MAX_STATUS_LENGTH = 64
const MAX_REASON_LENGTH = 256

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/

/**
 * The data of what `toEvent` of a definition has given. The body is right by then, so what is wrong here is the definition's.
 *
 * @returns `null` for what is of no interest.
 * @throws {TypeError} if it is no event; the message names the frame and the field, and repeats no value.
 */
export function eventData(frame: string, given: unknown): EventData | null {
  if (given === null) return null
  if (typeof given !== 'object') throw wrong(frame, '', 'expected an event or null')
  const { externalUserId, status, state, reason, occurredAt } = given as { [field: string]: unknown }
  const problem = externalUserIdProblem(externalUserId)
  if (problem !== null) throw wrong(frame, 'externalUserId', problem)
  if (!isStatus(status)) {
    throw wrong(frame, 'status', `expected 1 to ${MAX_STATUS_LENGTH} characters, no control characters`)
  }
  const user = { externalUserId: externalUserId as string, status }
  if (frame === KYC_FILE_FRAME) {
    return KYC_FILE_STATUSES.some((known) => known === status) ? user : { ...user, state: 'unknown' }
  }
  if (!isState(state)) throw wrong(frame, 'state', `expected one of ${STEP_STATES.join(', ')}`)
  if (reason !== undefined && !isReason(reason)) {
    throw wrong(frame, 'reason', `expected text of at most ${MAX_REASON_LENGTH} characters`)
  }
  return {
    ...user,
    state,
    ...(reason !== undefined && { reason }),
    ...(occurredAt !== undefined && { occurredAt: inUtc(frame, occurredAt) }),
  }
}

function isStatus(status: unknown): status is string {
  return typeof status === 'string' && status !== '' && status.length <= MAX_STATUS_LENGTH && !CONTROL.test(status)
}

function isState(state: unknown): state is StepState {
  return STEP_STATES.some((known) => known === state)
}

function isReason(reason: unknown): reason is string {
  return typeof reason === 'string' && reason.length <= MAX_REASON_LENGTH
}

/** RFC 3339, 5.6, also without seconds. A time without an offset would be that of whichever zone the relay runs in. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

function inUtc(frame: string, occurredAt: unknown): string {
  const ms = typeof occurredAt === 'string' && TIME.test(occurredAt) ? Date.parse(occurredAt) : Number.NaN
  if (!(ms > 0)) throw wrong(frame, 'occurredAt', 'expected a time since 1970 in ISO 8601, with Z or an offset')
  return new Date(ms).toISOString()
}

function wrong(frame: string, field: string, expected: string): TypeError {
  return new TypeError([`toEvent of ${frame}`, field, expected].filter(Boolean).join(': '))
}
