import type { Attempt } from './attempt.ts'
import type { ReceivedEvent } from './received.ts'

/** How many files an upload has, and how many of them are known to be added or refused. */
export interface FileCounts {
  expected: number
  added: number
  failed: number
}

/**
 * Why an answer may not be the whole truth.
 *
 * - `missed`: an answer may be missing, or be another upload's: the relay has dropped events since the upload began, the point
 *   from which answers count is uncertain, or only the latest answer could be had
 * - `owed`: the upload before was still unanswered, so the first answers may be that one's
 * - `extra`: there were more answers than files
 */
export type Doubt = 'missed' | 'owed' | 'extra'

export interface Known {
  externalUserId: string
  /** The attempt that this belongs to; `null` where no upload was begun in this tab, or it was cleared. */
  attemptId: string | null
  files: FileCounts
  /** Why this may not be the whole truth; `null` where nothing speaks against it. It stays until the attempt ends. */
  doubt: Doubt | null
  /** The position of the stream that this was read at. */
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

/** Whether two say the same, wherever they were read. */
export function isSameStatus(a: object, b: object): boolean {
  return JSON.stringify({ ...a, cursor: '' }) === JSON.stringify({ ...b, cursor: '' })
}

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
    doubt: doubtOf(attempt),
    cursor,
  }
  const beganAt = new Date(startedAt).toISOString()
  if (added >= files) return { ...known, outcome: 'added', at: decidedAt ?? beganAt }
  if (failed > 0) return { ...known, outcome: 'error', at: decidedAt ?? beganAt }
  return { ...known, outcome: 'waiting', at: beganAt }
}

function doubtOf({ isMissed, cursor, letGoAt, owed, added, failed, files }: Attempt): Doubt | null {
  if (isMissed) return 'missed'
  // While the upload is held back, its point may still show that nothing is owed.
  if ((cursor !== null || letGoAt !== null) && owed > 0) return 'owed'
  return added + failed > files ? 'extra' : null
}

/** Says what is known where no upload was begun: the latest event speaks. */
export function latestState(externalUserId: string, latest: ReceivedEvent | null, cursor: string): KycFileStatus {
  const known = { externalUserId, attemptId: null, doubt: null, cursor }
  if (!latest) return { ...known, outcome: 'none', at: null, files: { expected: 0, added: 0, failed: 0 } }
  return latest.status === 'ADDED'
    ? { ...known, outcome: 'added', at: latest.receivedAt, files: { expected: 1, added: 1, failed: 0 } }
    : { ...known, outcome: 'error', at: latest.receivedAt, files: { expected: 1, added: 0, failed: 1 } }
}
