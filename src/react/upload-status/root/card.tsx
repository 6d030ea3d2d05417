import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'

/** The element of the root. */
export const Card = forwardRef<HTMLDivElement, KycPartProps<'div'>>(function Card(props, ref) {
  const { view, messages, titleId } = useStatus()
  const own = {
    ref,
    role: 'group',
    'aria-labelledby': titleId,
    // The focus moves here when the button that has it goes away.
    tabIndex: -1,
    lang: messages.locale,
    dir: messages.direction,
  }
  return renderPart('root', 'div', own, props, view)
})
