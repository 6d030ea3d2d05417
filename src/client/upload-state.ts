import { isAfter } from '../protocol/event-id.ts'
import type { KycFileEvent } from '../protocol/webhooks/kyc-file.ts'
import type { Attempt } from './attempt.ts'

/** An event as it came down the stream. */
export interface ReceivedEvent extends Pick<KycFileEvent, 'status' | 'receivedAt'> {
  id: string
}

/** How many files an upload has, and how many of them are known to be added or refused. */
export interface FileCounts {
  expected: number
  added: number
  failed: number
}

interface Known {
  files: FileCounts
  /** The attempt that this belongs to; `null` where no upload was begun in this tab. */
  attemptId: string | null
  /** The position of the stream that this was read at. It rises. */
  cursor: string
}

/** What is known of a user's upload. */
export type KycFileStatus = Known &
  (
    | /** No upload was begun here, and the relay knows of none. */ { outcome: 'none'; at: null }
    | /** The provider has not answered yet; `at`: when the upload began. */ { outcome: 'waiting'; at: string }
    | /** Every file was added; `at`: when the relay heard of the last one. */ { outcome: 'added'; at: string }
    | /** A file was refused; `at`: when the relay heard of the last one. */ { outcome: 'error'; at: string }
  )

/**
 * Says what is known. Of the events after the attempt's cursor: as many added as there are files is `added`, else any refused
 * is `error`, else it is `waiting`; so a late duplicate `ERROR` does not overturn `added`. Without an attempt the latest event
 * speaks.
 */
export function uploadState(events: readonly ReceivedEvent[], attempt: Attempt | null, cursor: string): KycFileStatus {
  if (!attempt) return latestState(events.at(-1), cursor)

  const counted = attempt.cursor === null ? [] : events.filter((event) => isAfter(event.id, attempt.cursor ?? ''))
  const added = counted.filter((event) => event.status === 'ADDED')
  const failed = counted.filter((event) => event.status === 'ERROR')
  const known = {
    files: { expected: attempt.files, added: Math.min(added.length, attempt.files), failed: failed.length },
    attemptId: attempt.id,
    cursor,
  }
  const lastAdded = added[attempt.files - 1]
  if (lastAdded) return { ...known, outcome: 'added', at: lastAdded.receivedAt }
  const lastFailed = failed.at(-1)
  if (lastFailed) return { ...known, outcome: 'error', at: lastFailed.receivedAt }
  return { ...known, outcome: 'waiting', at: new Date(attempt.startedAt).toISOString() }
}

function latestState(latest: ReceivedEvent | undefined, cursor: string): KycFileStatus {
  const known = { attemptId: null, cursor }
  if (!latest) return { ...known, outcome: 'none', at: null, files: { expected: 0, added: 0, failed: 0 } }
  return latest.status === 'ADDED'
    ? { ...known, outcome: 'added', at: latest.receivedAt, files: { expected: 1, added: 1, failed: 0 } }
    : { ...known, outcome: 'error', at: latest.receivedAt, files: { expected: 1, added: 0, failed: 1 } }
}
