import { sleep } from '../timers.ts'

const KEY = 'kyc-upload-status outcomes'
/** How many attempts are remembered; a browser has one or two under way. */
const KEPT = 50
/** How long the browser may take to answer for a lock, in milliseconds. */
const PATIENCE = 2000

/** Where storage is blocked, those that this page has told of. */
const told = new Set<string>()

/**
 * Whether nobody in this browser has told of an attempt's outcome yet. A tab that was duplicated has the attempt too, and a
 * tab that was reloaded has it still.
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

/** What was told of is nobody else's business after a sign-out. */
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
