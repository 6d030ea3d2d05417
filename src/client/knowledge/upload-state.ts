import { type Attempt, answersTo } from './attempt.ts'
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
 * Says what is known of the file. Of an upload, as many files added as there are is `added`, else any refused is `error`, else
 * it is `waiting`; so a late duplicate `ERROR` does not overturn `added`. Where no upload was begun, the latest event speaks.
 */
export function fileStatus(
  externalUserId: string,
  { attempt, events }: { attempt: Attempt | null; events: readonly ReceivedEvent[] },
  cursor: string,
): KycFileStatus {
  const answers = attempt ? answersTo(attempt) : events.slice(-1)
  const expected = attempt ? attempt.files : answers.length
  const failed = answers.filter(isRefusal)
  const added = answers.filter((event) => !isRefusal(event))
  const by = added[expected - 1] ?? failed[failed.length - 1]
  return {
    externalUserId,
    attemptId: attempt?.id ?? null,
    files: { expected, added: Math.min(added.length, expected), failed: failed.length },
    doubt: attempt && doubtOf(attempt),
    cursor,
    outcome: by ? (isRefusal(by) ? 'error' : 'added') : attempt ? 'waiting' : 'none',
    at: by ? by.receivedAt : attempt && new Date(attempt.startedAt).toISOString(),
  } as KycFileStatus
}

function isRefusal({ status }: ReceivedEvent): boolean {
  return status === 'ERROR'
}

function doubtOf(attempt: Attempt): Doubt | null {
  const { isMissed, cursor, letGoAt, owed, files } = attempt
  if (isMissed) return 'missed'
  // While the upload is held back, its point may still show that nothing is owed.
  if ((cursor !== null || letGoAt !== null) && owed > 0) return 'owed'
  return answersTo(attempt).length > files ? 'extra' : null
}
