import { hasAttempt, type Learned, nothingLearned, statusOf, unread } from '../knowledge/learned.ts'

/** Attempts survive a reload of their tab, one for each user of a relay. Where storage is blocked they don't. */
export const record = {
  load(key: string): Learned {
    try {
      const { cursor, steps } = JSON.parse(sessionStorage.getItem(key) ?? '')
      const learned: Learned = { ...nothingLearned, cursor, steps: new Map([...steps]) }
      // Throws if somebody has changed the record so that it makes no status.
      for (const [name, step] of learned.steps) {
        unread(step, [])
        statusOf('', learned, name)
      }
      return learned
    } catch {
      return nothingLearned
    }
  },

  save(key: string, learned: Learned): void {
    const { cursor, steps } = learned
    try {
      if (hasAttempt(learned)) sessionStorage.setItem(key, JSON.stringify({ cursor, steps: [...steps] }))
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
