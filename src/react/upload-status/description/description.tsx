import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'
import { stateTexts } from '../texts.ts'

/** Says what the status means, and what to do. Renders a `<p>`. */
export const Description = forwardRef<HTMLParagraphElement, KycPartProps<'p'>>(function Description(props, ref) {
  const status = useStatus()
  return renderPart('description', 'p', { ref, children: stateTexts(status).description }, props, status.view)
})
