import type { KycTimeline, OverallState, TimelineState, TimelineStep } from '../../client/knowledge/timeline.ts'
import type { ShownLine } from '../parts/line.ts'

/** What is shown of one step. */
export interface KycTimelineStepView extends Omit<TimelineStep, 'state'> {
  /** What is to be done; `loading` until the relay has been heard. */
  readonly state: TimelineState | 'loading'
  /** It is the first of those that are most pressing. */
  readonly isCurrent: boolean
}

/** What the timeline shows: where the steps are, and how the line is. Neither follows from the other. */
export interface KycTimelineView {
  /** The most pressing state among the steps; `loading` until the relay has been heard. */
  readonly overall: OverallState | 'loading'
  /** How the line is: `reconnecting`, `lost` and `paused` end by themselves, `failed` when somebody comes back. */
  readonly connection: ShownLine
  readonly steps: readonly KycTimelineStepView[]
}

/** @param names - the steps that are shown while nothing is known of them. */
export function viewOfTimeline(
  data: KycTimeline | undefined,
  names: readonly string[],
  connection: ShownLine,
): KycTimelineView {
  if (!data) {
    const steps = names.map((step) => ({ step, state: 'loading', at: null, reason: null, isCurrent: false }) as const)
    return { overall: 'loading', connection, steps }
  }
  const { overall } = data
  const current = overall === 'done' ? undefined : data.steps.find(({ state }) => state === overall)
  return { overall, connection, steps: data.steps.map((step) => ({ ...step, isCurrent: step === current })) }
}

/** Tells whether a person can do something about a step. */
export function isOpen({ state }: Pick<KycTimelineStepView, 'state'>): boolean {
  return state === 'todo' || state === 'action_needed' || state === 'expired'
}
