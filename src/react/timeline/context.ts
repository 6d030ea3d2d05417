import { createContext, type ReactNode, useContext } from 'react'
import { InvalidOptionsError } from '../../protocol/invalid-options.ts'
import type { TimelineTold } from './texts.ts'
import type { KycTimelineStepView } from './view.ts'

/** A way to do what a step needs: shown where something is, or the result of a function, in every state. */
export type KycStepAction = ReactNode | ((step: KycTimelineStepView) => ReactNode)

/** What the parts get from their root. */
export interface Timeline extends TimelineTold {
  scope: 'kyc-timeline' | 'kyc-step-status'
  /** The line is open, so news arrives. */
  isOpen: boolean
  actions: Readonly<Record<string, KycStepAction>>
  contact: ReactNode
  titleId: string
  onCheckAgain: () => void
}

export const TimelineContext = createContext<Timeline | null>(null)
/** The step that a part is about. */
export const StepContext = createContext<KycTimelineStepView | null>(null)

/** @throws {InvalidOptionsError} outside of a root. */
export function useTimeline(): Timeline {
  const timeline = useContext(TimelineContext)
  if (!timeline) {
    throw new InvalidOptionsError('KycTimeline: expected a <KycTimeline.Root> or <KycStepStatus.Root> above its parts')
  }
  return timeline
}

/** @throws {InvalidOptionsError} outside of a step. */
export function useStep(): KycTimelineStepView {
  const step = useContext(StepContext)
  if (!step) {
    throw new InvalidOptionsError('KycTimeline: expected a <KycTimeline.Step> or <KycStepStatus.Root> above this part')
  }
  return step
}
