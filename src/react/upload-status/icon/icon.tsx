import { forwardRef, type ReactNode } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'
import type { KycUploadStatusView } from '../view.ts'

const CIRCLE = <circle cx="12" cy="12" r="9" strokeDasharray="42 15" />
/** One shape for each state, so that colour is never all that tells them apart. */
const SHAPES: Record<KycUploadStatusView['status'], ReactNode> = {
  loading: <circle cx="12" cy="12" r="9" strokeDasharray="14 43" />,
  none: <path d="M7 3h7l4 4v14H7zM14 3v4h4" />,
  processing: CIRCLE,
  slow: CIRCLE,
  'very-slow': <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 2" />,
  added: <path d="M21 12a9 9 0 1 1-9-9M8 11l4 4 9-10" />,
  error: <path d="M12 3 2 20h20zM12 10v4M12 17v.01" />,
}

/** A shape for the status. Renders an `<svg>` that screen readers do not see. */
export const Icon = forwardRef<SVGSVGElement, KycPartProps<'svg'>>(function Icon(props, ref) {
  const { view } = useStatus()
  const own = {
    ref,
    viewBox: '0 0 24 24',
    width: 24,
    height: 24,
    fill: 'none',
    stroke: 'currentColor',
    strokeWidth: 2,
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
    'aria-hidden': true,
    children: SHAPES[view.status],
  }
  return renderPart('icon', 'svg', own, props, view)
})
