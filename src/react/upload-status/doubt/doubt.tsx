import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'
import { doubtText } from '../texts.ts'

/** Says why the answer may not be the whole truth. Renders a `<p>`, and nothing where no doubt concerns a person. */
export const Doubt = forwardRef<HTMLParagraphElement, KycPartProps<'p'>>(function Doubt(props, ref) {
  const { view, messages } = useStatus()
  const text = doubtText(view, messages)
  return text === null ? null : renderPart('doubt', 'p', { ref, children: text }, props, view)
})
