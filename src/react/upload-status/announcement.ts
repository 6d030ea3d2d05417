import type { Messages, StateMessages } from '../messages/messages.ts'
import type { View } from './view.ts'

/** What a screen reader says when the view changes. */
export interface Announcement {
  /** `alert` interrupts, `status` waits for a pause. */
  role: 'status' | 'alert'
  text: string
  /** Milliseconds to wait: what is over by then is not worth a word. */
  after: number
}

const PROCESSING_DELAY = 1000

/** `null` where nothing is to be said: what stands on the page at first is read with the page. */
export function announce(before: View | null, after: View, messages: Messages): Announcement | null {
  if (!before) return null
  const isBack = before.connection === 'lost' && after.connection !== 'lost'
  const news = before.status === after.status ? null : announceStatus(before, after, messages)
  if (news) return isBack ? { ...news, text: `${messages.connectionBack} ${news.text}` } : news
  if (isBack) return { role: 'status', text: messages.connectionBack, after: 0 }
  if (before.connection !== 'lost' && after.connection === 'lost') {
    return { role: 'status', text: messages.connectionLost, after: 0 }
  }
  return null
}

function announceStatus(before: View, after: View, messages: Messages): Announcement | null {
  switch (after.status) {
    case 'processing':
      // Also true after a reload, when the page itself has just said it.
      if (before.status === 'loading') return null
      return { role: 'status', text: sentence(messages.processing), after: PROCESSING_DELAY }
    case 'added':
      return { role: 'status', text: sentence(messages.added), after: 0 }
    case 'error':
      return { role: 'alert', text: sentence(messages.error), after: 0 }
    default:
      return null
  }
}

function sentence({ title, description }: StateMessages): string {
  return `${title}. ${description}`
}
