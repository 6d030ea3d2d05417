import { type ComponentPropsWithoutRef, forwardRef, useContext } from 'react'
import type { KycPartOptions } from '../../parts/element.tsx'
import { StepContext, useTimeline } from '../context.ts'
import { renderStepPart, renderTimelinePart } from '../part.ts'

type BoxProps = Omit<ComponentPropsWithoutRef<'div'>, keyof KycPartOptions>

/** The element of either root. */
export const Box = forwardRef<HTMLDivElement, BoxProps>(function Box(props, ref) {
  const timeline = useTimeline()
  const step = useContext(StepContext)
  const { messages, titleId, view } = timeline
  const own = {
    ref,
    role: 'group',
    'aria-labelledby': titleId,
    // The focus moves here when the button that has it goes away.
    tabIndex: -1,
    lang: messages.locale,
    dir: messages.direction,
  }
  return step
    ? renderStepPart('root', 'div', { ...own, 'data-connection': view.connection }, props, timeline, step)
    : renderTimelinePart('root', 'div', own, props, timeline)
})
