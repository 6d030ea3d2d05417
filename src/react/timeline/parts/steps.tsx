import { forwardRef } from 'react'
import { useTimeline } from '../context.ts'
import { type KycTimelinePartProps, renderTimelinePart } from '../part.ts'
import { Step } from './step.tsx'

/**
 * The steps, in order. Renders an `<ol>` with a `Step` for each; children take the place of these.
 */
export const Steps = forwardRef<HTMLOListElement, KycTimelinePartProps<'ol'>>(function Steps(
  { children, ...props },
  ref,
) {
  const timeline = useTimeline()
  const all = timeline.view.steps.map(({ step }) => <Step key={step} step={step} />)
  // Safari takes a list without bullets for no list, unless its role says so.
  const own = { ref, role: 'list', children: children ?? all }
  return renderTimelinePart('steps', 'ol', own, props, timeline)
})
