import { KycStatusError, type KycStatusErrorCode } from './errors.ts'

/** What an answer to a stream request means for the connection. */
export type Verdict =
  | { type: 'open' }
  | { type: 'unauthorized' }
  /** It may heal: come back, not earlier than `after` milliseconds if the server named a time. */
  | { type: 'retry'; after: number | null }
  | { type: 'fatal'; error: KycStatusError }

/** Timeouts and overload; everything from 500 on is among them too. */
const MAY_HEAL: ReadonlySet<number> = new Set([408, 425, 429])
const CODES: ReadonlyMap<number, KycStatusErrorCode> = new Map([
  [403, 'forbidden'],
  [404, 'not_found'],
])

export function judge(
  { status, headers }: { status: number; headers: Headers },
  expected = 'text/event-stream',
  now = Date.now(),
): Verdict {
  if (status === 200) {
    const type = headers.get('content-type') ?? 'none'
    if (type.split(';', 1)[0]?.trim().toLowerCase() === expected) return { type: 'open' }
    return fatal('bad_response', `expected the content type ${expected}, got ${type}`, status)
  }
  if (status === 401) return { type: 'unauthorized' }
  if (status >= 500 || MAY_HEAL.has(status)) return { type: 'retry', after: retryAfter(headers, now) }
  return fatal(CODES.get(status) ?? 'refused', `the relay answered ${status}`, status)
}

/** A server that names a longer wait is asked again after this, in milliseconds. */
const MAX_RETRY_AFTER = 60 * 60 * 1000

/** RFC 9110, 10.2.3: seconds, or a date. Milliseconds from now; `null` for neither. */
function retryAfter(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after') ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), MAX_RETRY_AFTER)
}

function fatal(code: KycStatusErrorCode, message: string, status: number): Verdict {
  return { type: 'fatal', error: new KycStatusError(code, message, { status }) }
}
