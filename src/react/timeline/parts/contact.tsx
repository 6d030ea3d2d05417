import { forwardRef } from 'react'
import { useTimeline } from '../context.ts'
import { type KycTimelinePartProps, renderTimelinePart } from '../part.ts'

/** Your way to ask for help, as the root has it. Renders a `<div>`, and nothing where there is none. */
export const Contact = forwardRef<HTMLDivElement, KycTimelinePartProps<'div'>>(function Contact(props, ref) {
  const timeline = useTimeline()
  if (!timeline.contact) return null
  const children = (
    <>
      <span>{timeline.messages.contact}</span> {timeline.contact}
    </>
  )
  return renderTimelinePart('contact', 'div', { ref, children }, props, timeline)
})
