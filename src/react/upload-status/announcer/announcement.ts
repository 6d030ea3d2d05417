import { format } from '../../messages/format.ts'
import { canRetry, type Status } from '../status.ts'
import { connectionText, stateTexts } from '../texts.ts'

/** What a screen reader says when the view changes. */
export interface Announcement {
  /** `alert` interrupts, `status` waits for a pause. */
  role: 'status' | 'alert'
  text: string
  /** Milliseconds to wait: what is over by then is not worth a word. */
  after: number
}

type Told = Pick<Status, 'view' | 'messages' | 'reason' | 'isSent' | 'onRetry'>

const PROCESSING_DELAY = 1000

/** `null` where nothing is to be said: what stands on the page at first is read with the page, once it has loaded. */
export function announce(before: Told | null, after: Told): Announcement | null {
  if (!before) return null
  const trouble = connectionText(after)
  const wasInTrouble = connectionText(before) !== null
  const isBack = wasInTrouble && after.view.connection !== 'lost' && after.view.connection !== 'failed'
  const news = hasNews(before, after) ? announceStatus(before, after) : null
  if (news) return isBack ? { ...news, text: `${after.messages.connectionBack} ${news.text}` } : news
  if (isBack) return { role: 'status', text: after.messages.connectionBack, after: 0 }
  if (trouble !== null && before.view.connection !== after.view.connection) {
    return { role: 'status', text: trouble, after: 0 }
  }
  return null
}

/** A second refusal is news too. */
function hasNews({ view: before }: Told, { view: after }: Told): boolean {
  return before.status !== after.status || before.decidedAt !== after.decidedAt
}

function announceStatus(before: Told, after: Told): Announcement | null {
  if (before.view.status === 'loading') return null
  const { title, description } = stateTexts(after)
  const { spoken, locale, retryAvailable } = after.messages
  const text = format(spoken, { title, description }, locale)
  switch (after.view.status) {
    case 'processing':
      return { role: 'status', text, after: PROCESSING_DELAY }
    case 'slow':
    case 'very-slow':
    case 'added':
      return { role: 'status', text, after: 0 }
    case 'error':
      return { role: 'alert', text: canRetry(after) ? `${text} ${retryAvailable}` : text, after: 0 }
    default:
      return null
  }
}
