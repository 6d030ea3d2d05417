import type { ReactNode } from 'react'
import { useFocusKeeper } from '../parts/focus-keeper.ts'
import type { UploadPartName } from './data-attributes.ts'
import { part } from './part.ts'

/** A button that does not take the focus along when it goes away. */
export function Button({
  part: name,
  type = 'button',
  label,
  onClick,
  children,
}: {
  part: UploadPartName
  type?: 'button' | 'submit'
  /** Its accessible name, where the text that it shows is not enough. */
  label?: string
  onClick?: () => void
  children: ReactNode
}): ReactNode {
  return (
    <button {...part(name)} ref={useFocusKeeper()} type={type} aria-label={label} onClick={onClick}>
      {children}
    </button>
  )
}
