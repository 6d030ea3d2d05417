import { type Attempt, isAttempt } from '../knowledge/attempt.ts'
import { hasShape, isNullOr } from '../knowledge/guards.ts'
import { type Learned, nothingLearned } from '../knowledge/learned.ts'
import { isCursor, isReceivedEvent, type ReceivedEvent } from '../knowledge/received.ts'

/** What a tab keeps of an attempt, so that a reload, also without a line, goes on from there. */
interface Kept {
  attempt: Attempt
  cursor: string | null
  latest: ReceivedEvent | null
  unplaced: readonly ReceivedEvent[]
}

const isKept = hasShape<Kept>({
  attempt: isAttempt,
  cursor: isNullOr(isCursor),
  latest: isNullOr(isReceivedEvent),
  unplaced: (value): value is ReceivedEvent[] => Array.isArray(value) && value.every(isReceivedEvent),
})

/** Attempts survive a reload of their tab, one for each user of a relay. Where storage is blocked they don't. */
export const record = {
  load(key: string): Learned {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null')
      if (!isKept(kept)) return nothingLearned
      const { attempt, cursor, latest, unplaced } = kept
      const seen = [...attempt.counted, ...unplaced.map(({ id }) => id), ...(latest ? [latest.id] : [])]
      return { ...nothingLearned, attempt, cursor, latest, unplaced, seen }
    } catch {
      return nothingLearned
    }
  },

  save(key: string, { attempt, cursor, latest, unplaced }: Learned): void {
    try {
      if (attempt) sessionStorage.setItem(key, JSON.stringify({ attempt, cursor, latest, unplaced }))
      else sessionStorage.removeItem(key)
    } catch {
      // blocked or full: the attempt lives in this page alone
    }
  },

  /** Removes what was kept of all users whose keys begin so. */
  forget(prefix: string): void {
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key)
    } catch {
      // blocked: nothing is there
    }
  },
}
