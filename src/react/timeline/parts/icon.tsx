import { forwardRef } from 'react'
import { useStep, useTimeline } from '../context.ts'
import { type KycStepPartProps, renderStepPart } from '../part.ts'
import type { KycTimelineStepView } from '../view.ts'

const CIRCLE = 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18'
/** One shape for each state, so that colour is never all that tells them apart. */
const SHAPES: Record<KycTimelineStepView['state'], string> = {
  loading: CIRCLE,
  todo: CIRCLE,
  sending: `${CIRCLE}M12 16V8M8 12l4-4 4 4`,
  in_review: `${CIRCLE}M12 7v5l3 2`,
  action_needed: `${CIRCLE}M12 7v6M12 16v.01`,
  done: `${CIRCLE}M8 12l3 3 5-6`,
  declined: `${CIRCLE}M9 9l6 6M15 9l-6 6`,
  expired: 'M7 3h10v3l-5 6 5 6v3H7v-3l5-6-5-6z',
  unknown: `${CIRCLE}M9 10a3 3 0 1 1 4 3c-1 0-1 1-1 1M12 17v.01`,
  not_needed: `${CIRCLE}M8 12h8`,
}

/** A shape for the state. Renders an `<svg>` that screen readers do not see. */
export const Icon = forwardRef<SVGSVGElement, KycStepPartProps<'svg'>>(function Icon(props, ref) {
  const step = useStep()
  const own = {
    ref,
    viewBox: '0 0 24 24',
    width: 24,
    height: 24,
    fill: 'none',
    stroke: 'currentColor',
    strokeWidth: 1.5,
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
    'aria-hidden': true,
    children: <path d={SHAPES[step.state]} />,
  }
  return renderStepPart('icon', 'svg', own, props, useTimeline(), step)
})
