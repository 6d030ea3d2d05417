import { guard } from '../guard.ts'
import { sleep } from '../timers.ts'

const KEY = 'kyc-upload-status outcomes'
/** How many attempts are remembered; a browser has one or two under way. */
const KEPT = 50
/** How long the browser may take to answer for a lock, in milliseconds. */
const PATIENCE = 2000

/** The attempts whose outcome this page has told: where storage is blocked, they are all that is remembered. */
const told = new Set<string>()

/**
 * Calls back for the first caller in this browser that tells of `id`. A duplicated tab has the attempt too, and a reloaded tab
 * still has it.
 */
export async function tellOnce(id: string, tell: () => void): Promise<void> {
  if (told.has(id)) return
  const answered = new AbortController()
  // `async`, because it throws where there are no locks.
  const lock = async () => navigator.locks.request(KEY, () => claim(id))
  // Some browsers never answer. A page in a sandbox has locks, and may not use them.
  const late = sleep(PATIENCE, answered.signal).then(() => !answered.signal.aborted && claim(id))
  const isFirst = await Promise.race([lock().catch(() => claim(id)), late])
  answered.abort()
  if (isFirst) guard(tell)
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
