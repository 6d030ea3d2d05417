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

export interface Known {
  externalUserId: string
  /** The attempt that this belongs to; `null` where no upload was begun in this tab. */
  attemptId: string | null
  files: FileCounts
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
 * Says what is known of an upload. As many files added as there are is `added`, else any refused is `error`, else it is
 * `waiting`; so a late duplicate `ERROR` does not overturn `added`.
 */
export function attemptState(externalUserId: string, attempt: Attempt, cursor: string): KycFileStatus {
  const { id, files, startedAt, added, failed, decidedAt } = attempt
  const known = {
    externalUserId,
    attemptId: id,
    files: { expected: files, added: Math.min(added, files), failed },
    cursor,
  }
  const beganAt = new Date(startedAt).toISOString()
  if (added >= files) return { ...known, outcome: 'added', at: decidedAt ?? beganAt }
  if (failed > 0) return { ...known, outcome: 'error', at: decidedAt ?? beganAt }
  return { ...known, outcome: 'waiting', at: beganAt }
}

/** Says what is known where no upload was begun: the latest event speaks. */
export function latestState(externalUserId: string, latest: ReceivedEvent | null, cursor: string): KycFileStatus {
  const known = { externalUserId, attemptId: null, cursor }
  if (!latest) return { ...known, outcome: 'none', at: null, files: { expected: 0, added: 0, failed: 0 } }
  return latest.status === 'ADDED'
    ? { ...known, outcome: 'added', at: latest.receivedAt, files: { expected: 1, added: 1, failed: 0 } }
    : { ...known, outcome: 'error', at: latest.receivedAt, files: { expected: 1, added: 0, failed: 1 } }
}
