import { forwardRef } from 'react'
import { useStep, useTimeline } from '../context.ts'
import { type KycStepPartProps, renderStepPart } from '../part.ts'
import { stepTexts } from '../texts.ts'

/** Its state in one or two words. Renders a `<p>`, and nothing until the relay has been heard. */
export const State = forwardRef<HTMLParagraphElement, KycStepPartProps<'p'>>(function State(props, ref) {
  const timeline = useTimeline()
  const step = useStep()
  const { state } = stepTexts(step, timeline)
  return state === null ? null : renderStepPart('state', 'p', { ref, children: state }, props, timeline, step)
})
