import { decide, STEP_STATES, type StepEvent, type StepState } from '../../protocol/step-state.ts'
import type { KYC_FILE_FRAME } from '../../protocol/words.ts'
import type { StepAttempt } from './attempt.ts'
import type { KycStepEvent } from './received.ts'
import type { KycFileStatus } from './upload-state.ts'

/** What is known of one step: another object once it has changed. */
export interface KnownStep {
  /** The upload that this tab waits for; `null`: none. */
  readonly attempt: StepAttempt | null
  /** What the relay has told of the step, in the order of its receipt. */
  readonly events: readonly KycStepEvent[]
}

/** What is known of all steps of a user: a part of `ChannelState`. */
export interface KnownSteps {
  /** What is known of the step `kyc-file`. */
  readonly status: KycFileStatus | null
  /** What is known of each step, by its name. One that is missing has had no event and no upload. */
  readonly steps: ReadonlyMap<string, KnownStep>
  /** The relay has been heard in this page. */
  readonly isHeard: boolean
}

/** Where a step of a user stands. */
export interface KycStep {
  externalUserId: string
  /** The frame of its webhook, `poa` for example. */
  step: string
  /** What that means to the person who waits; `none` before any event. */
  state: StepState | 'none'
  /** The provider's word; `null` where it has not said one, or not yet for this upload. */
  status: string | null
  /** When the relay heard of it, or when the upload began that is waited for, ISO 8601; `null` before any event. */
  at: string | null
  /** Why, in the provider's word; `null` where it does not say. */
  reason: string | null
  /** The upload that this belongs to; `null` where none was begun in this tab, or it was cleared. */
  attemptId: string | null
  /** The event that says so, or the point of the upload that is waited for: a position of the stream. */
  cursor: string
}

/**
 * Says where a step stands, by the one rule of the protocol; `null` until the relay has been heard, unless there is an attempt.
 * A tab with an attempt for the step judges by the events after its point alone: until the first of them it is in review.
 */
export function stepOf(externalUserId: string, step: string, known: KnownSteps): KycStep | null {
  if (step === FILE) return known.status && fileStep(known.status)
  const { attempt, events } = known.steps.get(step) ?? SILENT
  if (!attempt && !known.isHeard) return null
  const by = decide(attempt ? eventsAfter(attempt) : events)?.by
  const base = { externalUserId, step, reason: by?.reason ?? null, attemptId: attempt?.id ?? null }
  if (by) return { ...base, state: knownState(by), status: by.status, at: by.receivedAt, cursor: by.id }
  return attempt
    ? { ...base, ...WAITING, at: new Date(attempt.startedAt).toISOString(), cursor: attempt.cursor ?? NOWHERE }
    : { ...base, state: 'none', status: null, at: null, cursor: NOWHERE }
}

/** The events after the point. Before that is known, what has come may belong to what was before. */
function eventsAfter({ cursor, counted }: StepAttempt): readonly KycStepEvent[] {
  return cursor === null ? [] : counted
}

const SILENT: KnownStep = { attempt: null, events: [] }
const WAITING = { state: 'in_review', status: null } as const
/** A position before every other. */
const NOWHERE = '0-0'

/** Written out, so that a page which loads this later loads nothing else with it. */
const FILE: typeof KYC_FILE_FRAME = 'kyc-file'

/** *KYC File Added* has no state of its own: its attempts say what it means. */
const FILE_STATES = {
  none: { state: 'none', status: null },
  waiting: WAITING,
  added: { state: 'approved', status: 'ADDED' },
  error: { state: 'action_needed', status: 'ERROR' },
} as const

function fileStep({ externalUserId, outcome, at, attemptId, cursor }: KycFileStatus): KycStep {
  return { externalUserId, step: FILE, ...FILE_STATES[outcome], at, reason: null, attemptId, cursor }
}

/** A newer relay may know states that this version does not: those are neither red nor green. */
function knownState({ state }: StepEvent): StepState {
  return STEP_STATES.find((known) => known === state) ?? 'unknown'
}
