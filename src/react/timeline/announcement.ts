import { lineText, spokenText, type TimelineTold } from './texts.ts'
import type { KycTimelineStepView } from './view.ts'

/** What a screen reader says after a change. */
export interface TimelineAnnouncement {
  /** Empty: nothing. */
  text: string
  /** The trouble of the line that a listener has heard of once this was spoken; `null`: none, or it is over. */
  trouble: string | null
}

type Told = TimelineTold & {
  /** The line is open, so news arrives. */
  isOpen: boolean
}

/**
 * Decides what a screen reader says after a change: the steps that have changed, and what has become of the line. The first
 * view is read with the page.
 *
 * @param said - the trouble of the line that was spoken of last; `null`: none, or it was said to be over.
 */
export function announceTimeline(before: Told, after: Told, said: string | null): TimelineAnnouncement {
  const { overall, steps } = after.view
  const { connectionBack, overall: ofAll } = after.messages
  const trouble = lineText(after)
  const isBack = said !== null && trouble === null && after.isOpen
  // The first thing that the relay says was true before.
  const changed = before.view.overall === 'loading' ? [] : steps.filter((step) => isNews(before, step))
  const isComplete = changed.length > 0 && overall === 'done' && before.view.overall !== 'done'
  const sentences = [
    isBack && connectionBack,
    trouble !== said && trouble,
    ...changed.map((step) => spokenText(step, after)),
    isComplete && ofAll.done,
  ]
  return { text: sentences.filter(Boolean).join(' '), trouble: isBack ? null : (trouble ?? said) }
}

/** A second request for something is news too. That a step is not needed, or that nothing has come of it, is none. */
function isNews({ view }: Told, { step, state, at, reason }: KycTimelineStepView): boolean {
  const before = view.steps.find((other) => other.step === step)
  if (state === 'todo' || state === 'not_needed' || state === 'loading') return false
  return before?.state !== state || (state === 'action_needed' && (before.at !== at || before.reason !== reason))
}
