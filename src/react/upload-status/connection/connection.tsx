import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'
import { connectionText } from '../texts.ts'

/** Says what a person should know about the line. Renders a `<p>`, and nothing where there is nothing to know. */
export const Connection = forwardRef<HTMLParagraphElement, KycPartProps<'p'>>(function Connection(props, ref) {
  const status = useStatus()
  const text = connectionText(status)
  return text === null ? null : renderPart('connection', 'p', { ref, children: text }, props, status.view)
})
