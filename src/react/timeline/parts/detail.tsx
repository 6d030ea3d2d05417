import { forwardRef } from 'react'
import { useStep, useTimeline } from '../context.ts'
import { type KycStepPartProps, renderStepPart } from '../part.ts'
import { stepTexts } from '../texts.ts'

/** What the state means, and what to do. Renders a `<p>`, and nothing where the state says it all. */
export const Detail = forwardRef<HTMLParagraphElement, KycStepPartProps<'p'>>(function Detail(props, ref) {
  const timeline = useTimeline()
  const step = useStep()
  const { detail } = stepTexts(step, timeline)
  return detail === null ? null : renderStepPart('detail', 'p', { ref, children: detail }, props, timeline, step)
})
