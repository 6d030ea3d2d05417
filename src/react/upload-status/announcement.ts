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

/** `null` where nothing is to be said: what stands on the page at first is read with the page, once it has loaded. */
export function announce(before: View | null, after: View, messages: Messages): Announcement | null {
  if (!before) return null
  const trouble = troubleText(after, messages)
  const wasTrouble = troubleText(before, messages)
  const isBack = wasTrouble !== null && trouble === null
  const news = before.status === after.status ? null : announceStatus(before, after, messages)
  if (news) return isBack ? { ...news, text: `${messages.connectionBack} ${news.text}` } : news
  if (isBack) return { role: 'status', text: messages.connectionBack, after: 0 }
  if (trouble !== null && trouble !== wasTrouble) return { role: 'status', text: trouble, after: 0 }
  return null
}

/** What a person is told of the line, or `null` where there is nothing to tell. */
export function troubleText({ connection }: View, messages: Messages): string | null {
  if (connection === 'failed') return messages.connectionFailed
  return connection === 'lost' ? messages.connectionLost : null
}

function announceStatus(before: View, after: View, messages: Messages): Announcement | null {
  if (before.status === 'loading') return null
  switch (after.status) {
    case 'processing':
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
