import type { KycStep } from './step.ts'

/** What is to be done in a step. */
export type TimelineState =
  /** Nothing has come of it yet. */
  | 'todo'
  /** A file is on its way. */
  | 'sending'
  | 'in_review'
  | 'action_needed'
  | 'done'
  | 'declined'
  | 'expired'
  | 'unknown'
  /** The account is ready without it. */
  | 'not_needed'

export interface TimelineStep {
  /** The frame of its webhook. */
  step: string
  state: TimelineState
  /** When the relay heard of it, ISO 8601; `null` where there is nothing to tell. */
  at: string | null
  /** Why, in the provider's word; `null` where it does not say. */
  reason: string | null
}

/** Where somebody stands on the way to an account. */
export interface KycTimeline {
  /** The most pressing state among the steps. `not_needed` does not count. */
  overall: OverallState
  /** The steps that were asked for, in that order. */
  steps: TimelineStep[]
}

/** From the most pressing one to the least. */
const OVERALL = ['declined', 'action_needed', 'expired', 'sending', 'in_review', 'unknown', 'todo', 'done'] as const
export type OverallState = (typeof OVERALL)[number]

/** The step after which an account is ready. */
const READY_STEP = 'user-balance'

/**
 * Puts steps on one line. Every step is optional: once the account is ready (`user-balance` is `ACTIVE`), the steps before it
 * in the list of which nothing was ever heard are not needed. They don't count as done, and nothing that is open is hidden.
 *
 * @param names - the steps to be shown, in order.
 * @param known - where these steps stand. Nothing has been heard of one that is missing.
 * @param sending - the steps for which a file is on its way.
 */
export function timelineOf(
  names: readonly string[],
  known: readonly KycStep[],
  sending: ReadonlySet<string>,
): KycTimeline {
  const of = (name: string) => known.find(({ step }) => step === name)
  const readyAt = of(READY_STEP)?.state === 'approved' ? names.indexOf(READY_STEP) : -1
  const steps = names.map((step, i): TimelineStep => {
    const { state = 'none', at = null, reason = null } = of(step) ?? {}
    if (sending.has(step)) return { step, state: 'sending', at: null, reason: null }
    if (state === 'none') return { step, state: i < readyAt ? 'not_needed' : 'todo', at: null, reason: null }
    return { step, state: state === 'approved' ? 'done' : state, at, reason }
  })
  return { overall: OVERALL.find((state) => steps.some((step) => step.state === state)) ?? 'todo', steps }
}
