import { type Learned, nothingLearned, statusOf } from '../knowledge/learned.ts'

/** Attempts survive a reload of their tab, one for each user of a relay. Where storage is blocked they don't. */
export const record = {
  load(key: string): Learned {
    try {
      const { attempt, cursor, latest, unplaced } = JSON.parse(sessionStorage.getItem(key) ?? '') as Learned
      const seen = [...(attempt?.counted ?? []), ...[...unplaced, latest].flatMap((event) => event?.id ?? [])]
      const learned = { ...nothingLearned, attempt, cursor, latest, unplaced, seen }
      // Throws if somebody has changed the record so that it makes no status.
      statusOf('', learned)
      return learned
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
