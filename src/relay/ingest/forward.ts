import { type Answer, answer } from '../http/answer.ts'
import { concat } from '../http/body.ts'
import type { Incoming } from '../http/incoming.ts'
import { NotTaken } from '../http/problem.ts'
import type { ForwardOptions } from '../relay-options.ts'
import type { Bytes } from '../streams/wire.ts'
import { reasonOf } from '../telemetry/reason.ts'

/** RFC 9110, 7.6.1: fields of a connection, which end with it. `Connection` may name others. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** What `fetch` says itself, with the encodings that it can undo, and what it does not take: the body is here already. */
const OWN = ['host', 'content-length', 'expect', 'accept-encoding']

/** RFC 9110, 7.6.3: a proxy's own entry in `Via`, which is there for "avoiding request loops". */
const VIA = '1.1 kyc-upload-status'

/** How many relays may pass a webhook on, one to the next. More are one whose back end's address leads to itself. */
const MAX_RELAYS = 3

/**
 * Passes a webhook on. Redirects are not followed: the sender's secret would go wherever they lead.
 *
 * @param path - below `url`.
 * @returns what the back end said: its status, type and body.
 * @throws {NotTaken} if it can't be reached, is late, or breaks off.
 */
export async function forward(
  incoming: Incoming,
  path: string,
  body: Bytes,
  { url, timeout, maxBytes }: Required<ForwardOptions>,
): Promise<Answer> {
  if ((incoming.header('via') ?? '').split(VIA).length > MAX_RELAYS)
    throw new NotTaken(502, 'The webhook came back to the relay: what it is forwarded to leads here.')
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), timeout)
  try {
    const response = await fetch(`${url}${path}${incoming.search}`, {
      method: 'POST',
      headers: endToEnd(incoming.toRequest().headers),
      body,
      redirect: 'manual',
      signal: late.signal,
    })
    const said = await readBounded(response, maxBytes)
    // RFC 9110, 15: any other is invalid. No server of the web's standard could pass it on.
    if (response.status < 200 || response.status > 599) throw new Error(`expected a status, not ${response.status}`)
    return answer(response.status, headersOf(response), said)
  } catch (error) {
    if (late.signal.aborted) throw new NotTaken(504, `The back end did not answer within ${timeout / 1000} s.`)
    const { cause = error } = error as Error
    throw new NotTaken(502, 'The back end gave no answer.', { cause: new Error(reasonOf(cause), { cause: error }) })
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Each webhook has a connection of its own: the back end may be closing one that was kept just as the webhook leaves, and that
 * would be no answer.
 */
function endToEnd(headers: Headers): Headers {
  const named = (headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const dropped = new Set([...HOP_BY_HOP, ...OWN, ...named])
  // `delete` throws at what is no name, and `Connection` may say anything.
  const kept = [...headers].filter(([name]) => !dropped.has(name))
  return new Headers([...kept, ['connection', 'close'], ['via', VIA]])
}

function headersOf({ headers }: Response): Record<string, string> {
  const passedOn = ['content-type', 'retry-after'].map((name) => [name, headers.get(name)])
  return { 'cache-control': 'no-store', ...Object.fromEntries(passedOn.filter(([, value]) => value !== null)) }
}

/** `null` for an empty body, which a 204 must not have. */
async function readBounded(response: Response, maxBytes: number): Promise<Bytes | null> {
  const reader = response.body?.getReader()
  const chunks: Bytes[] = []
  let length = 0
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true }
    if (done) return length === 0 ? null : concat(chunks, length)
    chunks.push(value)
    length += value.byteLength
    if (length <= maxBytes) continue
    void reader?.cancel().catch(() => {})
    throw new Error(`expected an answer of at most ${maxBytes} bytes`)
  }
}
