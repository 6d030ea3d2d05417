import { forwardRef, useMemo } from 'react'
import { type KycPartProps, mergeRefs, refOf } from '../../parts/element.tsx'
import { useFocusKeeper } from '../../parts/focus-keeper.ts'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'
import { canCheckAgain } from '../view.ts'

/**
 * Asks the relay again. Renders a `<button>` while the line is lost or failed, or the answer is very slow, and nothing
 * otherwise.
 */
export const CheckAgain = forwardRef<HTMLButtonElement, KycPartProps<'button'>>(function CheckAgain(props, ref) {
  const { view, messages, onCheckAgain } = useStatus()
  const keepFocus = useFocusKeeper()
  const theirs = refOf<HTMLButtonElement>(props.render)
  const refs = useMemo(() => mergeRefs(keepFocus, ref, theirs), [keepFocus, ref, theirs])
  if (!canCheckAgain(view)) return null
  const own = { ref: refs, type: 'button', onClick: onCheckAgain, children: messages.checkAgain }
  return renderPart('check-again', 'button', own, props, view)
})
