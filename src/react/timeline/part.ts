import type { ReactElement } from 'react'
import { type KycPartOptions, type KycPartProps, renderElement } from '../parts/element.tsx'
import type { Timeline } from './context.ts'
import type { TimelinePartName } from './data-attributes.ts'
import type { KycTimelineStepView, KycTimelineView } from './view.ts'

export type KycTimelinePartProps<Tag extends keyof React.JSX.IntrinsicElements> = KycPartProps<Tag, KycTimelineView>
export type KycStepPartProps<Tag extends keyof React.JSX.IntrinsicElements> = KycPartProps<Tag, KycTimelineStepView>

/** Renders a part of a whole timeline, or of a card. */
export function renderTimelinePart(
  part: TimelinePartName,
  tag: string,
  own: object,
  props: KycPartOptions<KycTimelineView> & object,
  { scope, view }: Timeline,
): ReactElement {
  const attributes = {
    'data-scope': scope,
    'data-part': part,
    'data-overall': view.overall,
    'data-connection': view.connection,
  }
  return renderElement(attributes, tag, own, props, view)
}

/** Renders a part of one step. */
export function renderStepPart(
  part: TimelinePartName,
  tag: string,
  own: object,
  props: KycPartOptions<KycTimelineStepView> & object,
  { scope }: Timeline,
  step: KycTimelineStepView,
): ReactElement {
  const attributes = {
    'data-scope': scope,
    'data-part': part,
    'data-step': step.step,
    'data-state': step.state,
  }
  return renderElement(attributes, tag, own, props, step)
}
