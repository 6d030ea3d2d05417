import { forwardRef, useContext } from 'react'
import { StepContext, useTimeline } from '../context.ts'
import { type KycTimelinePartProps, renderTimelinePart } from '../part.ts'
import { stepTexts } from '../texts.ts'

export interface KycTimelineTitleProps extends KycTimelinePartProps<'h2'> {
  /** Which heading it is in the outline of the page. Default 2. */
  headingLevel?: 2 | 3 | 4 | 5 | 6
}

/** Names the timeline, or in a card the step. Renders an `<h2>`. */
export const Title = forwardRef<HTMLHeadingElement, KycTimelineTitleProps>(function Title(
  { headingLevel = 2, ...props },
  ref,
) {
  const timeline = useTimeline()
  const step = useContext(StepContext)
  const children = step ? stepTexts(step, timeline).name : timeline.messages.title
  return renderTimelinePart('title', `h${headingLevel}`, { ref, id: timeline.titleId, children }, props, timeline)
})
