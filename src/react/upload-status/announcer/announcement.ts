import { format } from '../../messages/format.ts'
import { canRetry, type Status } from '../status.ts'
import { connectionText, doubtText, stateTexts } from '../texts.ts'

/** What a screen reader says when the view changes. */
export interface Announcement {
  /** `alert` interrupts, `status` waits for a pause. */
  role: 'status' | 'alert'
  text: string
  /** Milliseconds to wait. Nothing is said of what is over by then. */
  after: number
  /** The trouble of the line that a listener has heard of once this was spoken; `null`: none, or it is over. */
  trouble: string | null
}

type Told = Pick<Status, 'view' | 'messages' | 'reason' | 'isSent' | 'isOpen' | 'onRetry'>

const PROCESSING_DELAY = 1000

/**
 * Decides what a screen reader says after a change; `null`: nothing. The first view is read with the page.
 *
 * @param said - the trouble of the line that was spoken of last; `null`: none, or it was said to be over.
 */
export function announce(before: Told | null, after: Told, said: string | null): Announcement | null {
  if (!before) return null
  const trouble = connectionText(after)
  const isBack = said !== null && trouble === null && after.isOpen
  const news = hasNews(before, after) ? announceStatus(before, after) : null
  const { connectionBack } = after.messages
  if (news && isBack) return { ...news, text: `${connectionBack} ${news.text}`, trouble: null }
  if (news) return { ...news, trouble: said }
  if (isBack) return { role: 'status', text: connectionBack, after: 0, trouble: null }
  return trouble === null || trouble === said ? null : { role: 'status', text: trouble, after: 0, trouble }
}

/** A second refusal is news too. So is a reason or a doubt, which may be known later than the outcome. */
function hasNews({ view: before, reason: reasonBefore }: Told, { view: after, reason, messages }: Told): boolean {
  const isExplained = after.status === 'error' && reason !== reasonBefore
  const doubt = doubtText(after, messages)
  const isDoubted = doubt !== null && doubt !== doubtText(before, messages)
  return before.status !== after.status || before.decidedAt !== after.decidedAt || isExplained || isDoubted
}

function announceStatus(before: Told, after: Told): Omit<Announcement, 'trouble'> | null {
  const { title, description } = stateTexts(after)
  const { spoken, locale, retryAvailable } = after.messages
  const sentences = [
    format(spoken, { title, description }, locale),
    doubtText(after.view, after.messages),
    canRetry(after) && retryAvailable,
  ]
  const text = sentences.filter(Boolean).join(' ')
  if (after.view.status === 'processing') return { role: 'status', text, after: PROCESSING_DELAY }
  // The first thing that the relay says was true before.
  if (before.view.status === 'loading') return null
  switch (after.view.status) {
    case 'slow':
    case 'very-slow':
    case 'added':
      return { role: 'status', text, after: 0 }
    case 'error':
      return { role: 'alert', text, after: 0 }
    default:
      return null
  }
}
