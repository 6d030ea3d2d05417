import { sleep } from '../timers.ts'

const KEY = 'kyc-upload-status outcomes'
/** How many attempts are remembered; a browser has one or two under way. */
const KEPT = 50
/** How long the browser may take to answer for a lock, in milliseconds. */
const PATIENCE = 2000

/** The attempts whose outcome this page has told: where storage is blocked, they are all that is remembered. */
const told = new Set<string>()

/**
 * Resolves with `true` for the first caller in this browser, who may tell the outcome of an attempt. A duplicated tab has the
 * attempt too, and a reloaded tab still has it.
 */
export async function claimOutcome(attemptId: string): Promise<boolean> {
  const { locks } = globalThis.navigator ?? {}
  if (!locks) return claim(attemptId)
  const answered = new AbortController()
  // `async`, because it may also throw.
  const lock = async () => locks.request(KEY, () => claim(attemptId))
  // Some browsers never answer. A page in a sandbox has locks, and may not use them.
  const late = sleep(PATIENCE, answered.signal).then(() => !answered.signal.aborted && claim(attemptId))
  return Promise.race([lock().catch(() => claim(attemptId)), late]).finally(() => answered.abort())
}

/** Forgets, at sign-out, which outcomes were told. */
export function forgetOutcomes(): void {
  told.clear()
  try {
    localStorage.removeItem(KEY)
  } catch {
    // blocked: nothing is there
  }
}

function claim(attemptId: string): boolean {
  if (told.has(attemptId)) return false
  told.add(attemptId)
  try {
    const known: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    const ids = Array.isArray(known) ? known : []
    if (ids.includes(attemptId)) return false
    localStorage.setItem(KEY, JSON.stringify([...ids, attemptId].slice(-KEPT)))
  } catch {
    // blocked or full: once per page, then
  }
  return true
}
