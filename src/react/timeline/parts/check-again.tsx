import { forwardRef, useMemo } from 'react'
import { mergeRefs, refOf } from '../../parts/element.tsx'
import { useFocusKeeper } from '../../parts/focus-keeper.ts'
import { useTimeline } from '../context.ts'
import { type KycTimelinePartProps, renderTimelinePart } from '../part.ts'
import { lineText } from '../texts.ts'

/** Asks the relay again. Renders a `<button>` while the line is lost or failed, and nothing otherwise. */
export const CheckAgain = forwardRef<HTMLButtonElement, KycTimelinePartProps<'button'>>(
  function CheckAgain(props, ref) {
    const timeline = useTimeline()
    const keepFocus = useFocusKeeper()
    const theirs = refOf<HTMLButtonElement>(props.render)
    const refs = useMemo(() => mergeRefs(keepFocus, ref, theirs), [keepFocus, ref, theirs])
    if (lineText(timeline) === null) return null
    const own = { ref: refs, type: 'button', onClick: timeline.onCheckAgain, children: timeline.messages.checkAgain }
    return renderTimelinePart('check-again', 'button', own, props, timeline)
  },
)
