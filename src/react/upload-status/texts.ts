import { format, formatTime } from '../messages/format.ts'
import type { KycMessages, KycStateMessages } from '../messages/messages.ts'
import type { Status } from './status.ts'
import { isDecided, isWaiting, type KycUploadStatusView } from './view.ts'

/** What the texts of the parts depend on. */
export type Told = Pick<Status, 'view' | 'messages' | 'reason' | 'isSent'>

/** The title and the description of a status. */
export function stateTexts({
  view: { status },
  messages,
  reason,
}: Pick<Told, 'view' | 'messages' | 'reason'>): KycStateMessages {
  if (status === 'very-slow') return messages.verySlow
  if (status !== 'error' || !reason) return messages[status]
  return { title: reason.title ?? messages.error.title, description: reason.description }
}

/** Why the answer may not be the whole truth; `null` where nothing speaks against it, or it does not concern a person. */
export function doubtText(view: KycUploadStatusView, { doubt: texts }: KycMessages): string | null {
  const { status, doubt, files } = view
  if (doubt === null) return null
  const concerns = {
    missed: isDecided(view) || status === 'very-slow',
    owed: isDecided(view),
    // Once a document was added, a late duplicate of a refusal is harmless. Of several, another one may have been refused.
    extra: status === 'error' || (isDecided(view) && files.expected > 1 && files.failed > 0),
  }
  return concerns[doubt] ? texts[doubt] : null
}

/** What a person is told of the line; `null` where there is nothing to tell, or nothing to wait for any more. */
export function connectionText({ view, messages, isSent }: Omit<Told, 'reason'>): string | null {
  const { status, connection } = view
  if (isDecided(view)) return null
  if (connection === 'failed') return messages.connectionFailed
  if (connection !== 'lost') return null
  return isSent && status !== 'none' ? messages.connectionLostSent : messages.connectionLost
}

/** Says that the page updates by itself, or when it was last up to date; `null` where no answer is awaited. */
export function metaText(view: KycUploadStatusView, messages: KycMessages, checkedAt: number | null): string | null {
  if (!isWaiting(view)) return null
  if (view.connection === 'live' && view.status !== 'very-slow') return messages.live
  if (checkedAt === null) return null
  return format(messages.lastChecked, { time: formatTime(checkedAt, messages.locale) }, messages.locale)
}

/** Says how many files were added, and refused, of an upload that has several. */
export function stepTexts(
  { files }: KycUploadStatusView,
  messages: KycMessages,
): { step: 'added' | 'failed'; text: string }[] {
  if (files.expected < 2) return []
  const { locale, filesAdded, filesFailed } = messages
  const added = format(filesAdded, { count: files.added, total: files.expected }, locale)
  const failed = format(filesFailed, { count: files.failed }, locale)
  return [{ step: 'added', text: added }, ...(files.failed > 0 ? [{ step: 'failed' as const, text: failed }] : [])]
}
