import { KycStatusError } from '../errors.ts'
import { orAbort } from '../timers.ts'
import type { Policy } from './policy.ts'
import { contentType, judge, type Refusal } from './verdict.ts'

/** What a `getToken`, or a function that makes headers, is told of the request. */
export interface RequestContext {
  /** `unauthorized`: the server refused the credential before this one. */
  reason: 'connect' | 'unauthorized'
  /** Aborts when the connection is not wanted any more. */
  signal: AbortSignal
}

/** Where to ask, and as whom. */
export interface Source {
  url: string
  /** Default: the global `fetch`, looked up at each request, so that tools which replace it are seen. */
  fetch: typeof fetch | undefined
  /** Asked for before each request; rejects when the request is aborted. */
  headers(context: RequestContext): HeadersInit | Promise<HeadersInit>
  credentials: RequestCredentials
  policy: Policy & {
    /** Milliseconds from the request to the answer, and to the first message that makes a stream ready. */
    connectTimeout: number
  }
  /** Where to resume; asked for before each request. */
  lastEventId(): string | null
}

/** The longest text of a server that an error repeats, in characters. */
const MAX_DETAIL = 300

/** Asks for what has happened since a position. `accept` is the content type that is asked for and expected: stream or snapshot. */
export async function request(
  { url, fetch = globalThis.fetch, headers, credentials }: Source,
  {
    accept,
    position,
    ...context
  }: RequestContext & {
    accept: string
    /** Where to resume; empty for what is live. */
    position: string
  },
): Promise<{ response: Response; refusal: Refusal | null }> {
  const { signal } = context
  const sent = new Headers(await headers(context))
  sent.set('accept', accept)
  // HTML standard, 9.2.3: "If the EventSource object's last event ID string is not the empty string", it is sent, "encoded
  // as UTF-8"; fetch takes bytes as characters. Not a TextEncoder, which older versions of React Native don't have.
  if (position !== '') sent.set('last-event-id', unescape(encodeURIComponent(position)))
  const response = await orAbort(fetch(url, { headers: sent, cache: 'no-store', credentials, signal }), signal)
  return { response, refusal: judge(response, accept, await readDetail(response, signal)) }
}

/** RFC 9457: what a server says of its refusal. */
async function readDetail(response: Response, signal: AbortSignal): Promise<string> {
  if (contentType(response.headers) !== 'application/problem+json') return ''
  try {
    const { detail }: { detail?: unknown } = Object(await orAbort(response.json(), signal))
    return typeof detail === 'string' ? detail.slice(0, MAX_DETAIL) : ''
  } catch {
    return ''
  }
}

/** Says why there was no answer. */
export function noAnswer(cause: unknown, isLate: boolean): KycStatusError {
  if (cause instanceof KycStatusError) return cause
  return isLate
    ? new KycStatusError('timeout', 'the relay fell silent', { cause })
    : new KycStatusError('network', 'the relay cannot be reached', { cause })
}
