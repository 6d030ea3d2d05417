import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'
import { stepTexts } from '../texts.ts'

/** Says how many files of an upload were added, and refused. Renders a `<ul>`, and nothing for a single file. */
export const Steps = forwardRef<HTMLUListElement, KycPartProps<'ul'>>(function Steps(props, ref) {
  const { view, messages } = useStatus()
  const steps = stepTexts(view, messages)
  if (steps.length === 0) return null
  const children = steps.map(({ step, text }) => (
    <li key={step} data-scope="kyc-upload-status" data-part="step" data-step={step}>
      {text}
    </li>
  ))
  return renderPart('steps', 'ul', { ref, children }, props, view)
})
