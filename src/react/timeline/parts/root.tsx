'use client'

import { forwardRef } from 'react'
import { StepContext, TimelineContext } from '../context.ts'
import type { KycTimelinePartProps } from '../part.ts'
import { type KycTimelineOptions, useTimelineOf } from '../use-timeline-of.ts'
import { Box } from './box.tsx'

export interface KycTimelineRootProps
  extends Omit<KycTimelinePartProps<'div'>, keyof KycTimelineOptions>,
    KycTimelineOptions {}

/** Holds the parts, and tells them where a user's steps stand. Renders a `<div>`, a group that the title names. */
export const Root = forwardRef<HTMLDivElement, KycTimelineRootProps>(function Root(
  { externalUserId, steps, messages, reasons, actions, contact, ...props },
  ref,
) {
  const options = { externalUserId, steps, messages, reasons, actions, contact }
  const timeline = useTimelineOf('kyc-timeline', options)
  return (
    <TimelineContext.Provider value={timeline}>
      {/* It may stand in a step of another one. */}
      <StepContext.Provider value={null}>
        <Box {...props} ref={ref} />
      </StepContext.Provider>
    </TimelineContext.Provider>
  )
})
