import { forwardRef } from 'react'
import { useStep, useTimeline } from '../context.ts'
import { type KycStepPartProps, renderStepPart } from '../part.ts'
import { stepTexts } from '../texts.ts'

/** The name of the step. Renders a `<p>`. */
export const Name = forwardRef<HTMLParagraphElement, KycStepPartProps<'p'>>(function Name(props, ref) {
  const timeline = useTimeline()
  const step = useStep()
  const { name } = stepTexts(step, timeline)
  return renderStepPart('name', 'p', { ref, children: name }, props, timeline, step)
})
