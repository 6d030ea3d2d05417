import { KycStatusError, type KycStatusErrorCode } from '../errors.ts'

/** An answer that is not what was asked for. `after`: milliseconds until it may be asked again; 0 if the server named no time. */
export interface Refusal {
  type: 'refused'
  error: KycStatusError
  after: number
}

/** By the HTML standard, and RFC 9110 for what asks to come back. */
const CODES: { readonly [status: number]: KycStatusErrorCode } = {
  // of another content type
  200: 'bad_response',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  408: 'unavailable',
  425: 'unavailable',
  429: 'unavailable',
}

/**
 * Returns `null` for the answer that was asked for.
 *
 * @param detail - what the server says of it, see RFC 9457; empty where it says nothing.
 */
export function judge(
  { status, headers }: { status: number; headers: Headers },
  expected: string,
  detail: string,
  now = Date.now(),
): Refusal | null {
  const type = contentType(headers)
  if (status === 200 && type === expected) return null
  const code = CODES[status] ?? (status >= 500 ? 'unavailable' : 'refused')
  const answer =
    status === 200 ? `expected the content type ${expected}, got ${type || 'none'}` : `the relay answered ${status}`
  const error = new KycStatusError(code, detail === '' ? answer : `${answer}: ${detail}`, { status })
  return { type: 'refused', error, after: retryAfter(headers, now) }
}

export function contentType(headers: Headers): string {
  return (headers.get('content-type') ?? '').replace(/;.*/, '').trim().toLowerCase()
}

/** A server that names a longer wait is asked again after this, in milliseconds. */
const MAX_RETRY_AFTER = 60 * 60 * 1000

/**
 * RFC 9110, 10.2.3: seconds, or a date, which is read against the answer's own `Date`, because the clock of a device may be
 * wrong. Milliseconds from now; 0 for neither.
 */
function retryAfter(headers: Headers, now: number): number {
  const value = headers.get('retry-after') ?? ''
  const sentAt = Date.parse(headers.get('date') ?? '')
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - (Number.isNaN(sentAt) ? now : sentAt)
  return Math.min(Math.max(0, ms || 0), MAX_RETRY_AFTER)
}
