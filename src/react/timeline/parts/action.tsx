import { forwardRef } from 'react'
import { useStep, useTimeline } from '../context.ts'
import { type KycStepPartProps, renderStepPart } from '../part.ts'
import { isOpen } from '../view.ts'

/** Your way to do what the step needs: one of the root's. Renders a `<div>`, and nothing where there is none. */
export const Action = forwardRef<HTMLDivElement, KycStepPartProps<'div'>>(function Action(props, ref) {
  const timeline = useTimeline()
  const step = useStep()
  const action = new Map(Object.entries(timeline.actions)).get(step.step)
  const shown = typeof action === 'function' ? action(step) : isOpen(step) && action
  return shown ? renderStepPart('action', 'div', { ref, children: shown }, props, timeline, step) : null
})
