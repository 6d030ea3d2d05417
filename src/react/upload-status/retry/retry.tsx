import { forwardRef, useMemo } from 'react'
import { type KycPartProps, mergeRefs, refOf } from '../../parts/element.tsx'
import { useFocusKeeper } from '../../parts/focus-keeper.ts'
import { renderPart } from '../part.tsx'
import { canRetry, useStatus } from '../status.ts'

/** Begins again after an error. Renders a `<button>`, and nothing where it cannot help or the root has no `onRetry`. */
export const Retry = forwardRef<HTMLButtonElement, KycPartProps<'button'>>(function Retry(props, ref) {
  const status = useStatus()
  const keepFocus = useFocusKeeper()
  const theirs = refOf<HTMLButtonElement>(props.render)
  const refs = useMemo(() => mergeRefs(keepFocus, ref, theirs), [keepFocus, ref, theirs])
  if (!canRetry(status)) return null
  const own = { ref: refs, type: 'button', onClick: status.onRetry, children: status.messages.retry }
  return renderPart('retry', 'button', own, props, status.view)
})
