'use client'

import { forwardRef, useMemo } from 'react'
import { type KycStepAction, StepContext, TimelineContext } from '../context.ts'
import type { KycStepPartProps } from '../part.ts'
import type { KycStepName } from '../steps.ts'
import { type KycTimelineCommonOptions, useTimelineOf } from '../use-timeline-of.ts'
import { Box } from './box.tsx'

/** The options of a card's root, besides the attributes of its element. */
export interface KycStepStatusOptions extends KycTimelineCommonOptions {
  /** The step, by the frame of its webhook. */
  step: KycStepName
  /**
   * A way to do what the step needs: a link or a button, which is shown where something is to be done, or a function of the
   * step, which is called in every state.
   */
  action?: KycStepAction | undefined
}

export interface KycStepStatusRootProps
  extends Omit<KycStepPartProps<'div'>, keyof KycStepStatusOptions>,
    KycStepStatusOptions {}

/** Holds the parts, and tells them where one step stands. Renders a `<div>`, a group that the title names. */
export const CardRoot = forwardRef<HTMLDivElement, KycStepStatusRootProps>(function Root(
  { externalUserId, step, messages, reasons, action, contact, ...props },
  ref,
) {
  const actions = useMemo(() => ({ [step]: action }), [step, action])
  const options = { externalUserId, steps: [step], messages, reasons, actions, contact }
  const timeline = useTimelineOf('kyc-step-status', options)
  const [shown = null] = timeline.view.steps
  return (
    <TimelineContext.Provider value={timeline}>
      <StepContext.Provider value={shown}>
        <Box {...props} ref={ref} />
      </StepContext.Provider>
    </TimelineContext.Provider>
  )
})
