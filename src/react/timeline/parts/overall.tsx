import { forwardRef } from 'react'
import { useTimeline } from '../context.ts'
import { type KycTimelinePartProps, renderTimelinePart } from '../part.ts'
import { overallText } from '../texts.ts'

/** Says in a sentence how things stand. Renders a `<p>`. */
export const Overall = forwardRef<HTMLParagraphElement, KycTimelinePartProps<'p'>>(function Overall(props, ref) {
  const timeline = useTimeline()
  return renderTimelinePart('overall', 'p', { ref, children: overallText(timeline) }, props, timeline)
})
