import { forwardRef } from 'react'
import { StepContext, useTimeline } from '../context.ts'
import { type KycStepPartProps, renderStepPart } from '../part.ts'
import type { KycStepName } from '../steps.ts'
import { Action } from './action.tsx'
import { Detail } from './detail.tsx'
import { Icon } from './icon.tsx'
import { Name } from './name.tsx'
import { State } from './state.tsx'
import { Time } from './time.tsx'

export interface KycTimelineStepProps extends KycStepPartProps<'li'> {
  /** Which one of the timeline's steps. */
  step: KycStepName
}

/**
 * One step. Renders an `<li>`, and nothing for a step that its timeline does not have. Children take the place of its parts.
 */
export const Step = forwardRef<HTMLLIElement, KycTimelineStepProps>(function Step(
  { step: name, children, ...props },
  ref,
) {
  const timeline = useTimeline()
  const step = timeline.view.steps.find((known) => known.step === name)
  if (!step) return null
  const parts = (
    <>
      <Icon />
      <div data-scope={timeline.scope} data-part="content">
        <Name />
        <State />
        <Detail />
        <Time />
        <Action />
      </div>
    </>
  )
  const own = { ref, 'aria-current': step.isCurrent ? 'step' : undefined, children: children ?? parts }
  return (
    <StepContext.Provider value={step}>{renderStepPart('step', 'li', own, props, timeline, step)}</StepContext.Provider>
  )
})
