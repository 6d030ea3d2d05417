import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'

/**
 * Shows how many files of an upload are checked. Renders a `<progress>`, and nothing for a single file: nobody knows how far
 * that is.
 */
export const Progress = forwardRef<HTMLProgressElement, KycPartProps<'progress'>>(function Progress(props, ref) {
  const { view, messages } = useStatus()
  const { expected, added, failed } = view.files
  if (expected < 2) return null
  const own = { ref, max: expected, value: Math.min(added + failed, expected), 'aria-label': messages.filesProgress }
  return renderPart('progress', 'progress', own, props, view)
})
