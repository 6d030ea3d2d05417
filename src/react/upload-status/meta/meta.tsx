import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'
import { metaText } from '../texts.ts'

/**
 * Says that the page updates by itself, or when it was last up to date. Renders a `<p>`, and nothing where no answer is awaited.
 */
export const Meta = forwardRef<HTMLParagraphElement, KycPartProps<'p'>>(function Meta(props, ref) {
  const { view, messages, checkedAt } = useStatus()
  const text = metaText(view, messages, checkedAt)
  return text === null ? null : renderPart('meta', 'p', { ref, children: text }, props, view)
})
