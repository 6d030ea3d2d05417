import { forwardRef } from 'react'
import { type PartProps, renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'
import { stateTexts } from '../texts.ts'

/** What the status means, and what to do. Renders a `<p>`. */
export const Description = forwardRef<HTMLParagraphElement, PartProps<'p'>>(function Description(props, ref) {
  const status = useStatus()
  return renderPart('description', 'p', { ref, children: stateTexts(status).description }, props, status.view)
})
