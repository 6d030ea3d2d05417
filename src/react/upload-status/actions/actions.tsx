import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { CheckAgain } from '../check-again/check-again.tsx'
import { renderPart } from '../part.tsx'
import { Retry } from '../retry/retry.tsx'
import { useStatus } from '../status.ts'

/** The buttons, each where it can help, and after them the children. Renders a `<div>`. */
export const Actions = forwardRef<HTMLDivElement, KycPartProps<'div'>>(function Actions({ children, ...props }, ref) {
  const { view } = useStatus()
  const buttons = (
    <>
      <Retry />
      <CheckAgain />
      {children}
    </>
  )
  return renderPart('actions', 'div', { ref, children: buttons }, props, view)
})
