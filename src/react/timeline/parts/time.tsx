import { forwardRef } from 'react'
import { formatDate } from '../../messages/format.ts'
import { useIsHydrated } from '../../use-is-hydrated.ts'
import { useStep, useTimeline } from '../context.ts'
import { type KycStepPartProps, renderStepPart } from '../part.ts'

/** Since when that is so, by the relay's clock. Renders a `<p>` with a `<time>`, and nothing where no time is known. */
export const Time = forwardRef<HTMLParagraphElement, KycStepPartProps<'p'>>(function Time(props, ref) {
  const timeline = useTimeline()
  const step = useStep()
  const { locale, since, updated } = timeline.messages
  // A server does not know the time zone of the device.
  const zone = useIsHydrated() ? undefined : 'UTC'
  const text = step.at === null ? null : formatDate(step.at, locale, zone)
  if (step.at === null || text === null) return null
  const [before, after] = (step.state === 'in_review' ? since : updated).split('{time}')
  const children = (
    <>
      {before && <span>{before}</span>}
      <time dateTime={step.at} suppressHydrationWarning>
        {text}
      </time>
      {after && <span>{after}</span>}
    </>
  )
  return renderStepPart('time', 'p', { ref, children }, props, timeline, step)
})
