import { forwardRef } from 'react'
import { useTimeline } from '../context.ts'
import { type KycTimelinePartProps, renderTimelinePart } from '../part.ts'
import { lineText } from '../texts.ts'

/** Says what a person should know about the line. Renders a `<p>`, and nothing where there is nothing to know. */
export const Connection = forwardRef<HTMLParagraphElement, KycTimelinePartProps<'p'>>(function Connection(props, ref) {
  const timeline = useTimeline()
  const text = lineText(timeline)
  return text === null ? null : renderTimelinePart('connection', 'p', { ref, children: text }, props, timeline)
})
