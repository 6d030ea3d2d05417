import type { ConnectionOptions, RequestContext } from './connection.ts'
import { KycStatusError } from './errors.ts'
import { orAbort } from './timers.ts'
import { judge, type Verdict } from './verdict.ts'

export type RequestOptions = Pick<ConnectionOptions, 'url' | 'fetch' | 'headers' | 'credentials' | 'signal'> & {
  /** The content type that is asked for, and expected. */
  accept: string
  /** Where to resume; empty for what is live. */
  position: string
  reason: RequestContext['reason']
}

/** Asks for what has happened since a position, as a stream or as a snapshot. */
export async function request({
  url,
  fetch,
  headers,
  credentials,
  signal,
  accept,
  position,
  reason,
}: RequestOptions): Promise<{ response: Response; verdict: Verdict }> {
  const sent = new Headers(await orAbort(headers({ reason, signal }), signal))
  sent.set('accept', accept)
  // HTML standard, 9.2.3: "If the EventSource object's last event ID string is not the empty string", it is sent, "encoded
  // as UTF-8"; fetch takes bytes as characters.
  if (position !== '') sent.set('last-event-id', String.fromCharCode(...new TextEncoder().encode(position)))
  const response = await orAbort(fetch(url, { headers: sent, cache: 'no-store', credentials, signal }), signal)
  return { response, verdict: judge(response, accept) }
}

export function unauthorized(): KycStatusError {
  return new KycStatusError('unauthorized', 'the relay refused the credential (401)', { status: 401 })
}
