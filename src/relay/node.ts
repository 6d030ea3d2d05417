import type { IncomingMessage, ServerResponse } from 'node:http'
import { ReadableStream } from 'node:stream/web'
import { methodNotAllowed, Problem } from './problem.ts'

/**
 * Mounts a relay in `node:http`, Express, Fastify and whatever else speaks its requests and responses:
 * `http.createServer(toNodeHandler(relay))`.
 */
export function toNodeHandler(relay: {
  fetch(request: Request): Promise<Response>
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const request = toRequest(incoming)
    const answer = request instanceof Problem ? request.toResponse() : await relay.fetch(request)
    // What is left of a body that nobody reads would be taken for the next request.
    if (!incoming.complete) answer.headers.set('connection', 'close')
    // HTTP/2 has no such header.
    if (incoming.httpVersionMajor > 1) answer.headers.delete('connection')
    await send(answer, outgoing)
  }
}

/** Refuses what `fetch` has no words for: TRACE, a malformed target, a header with bytes that headers don't have. */
function toRequest(incoming: IncomingMessage & { originalUrl?: string }): Request | Problem {
  const { method = 'GET' } = incoming
  // Express takes the mount path off `url` and keeps the whole one here.
  const target = incoming.originalUrl ?? incoming.url ?? '/'
  if (method === 'TRACE') return methodNotAllowed('GET', 'HEAD', 'POST', 'OPTIONS')
  try {
    const url = new URL(target.startsWith('/') ? `http://localhost${target}` : target)
    const [path] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)
    // A proxy's rules are about the path as it was sent, so it must not become another one here: `/events/..\readyz` would.
    if (path !== url.pathname) throw new TypeError('The path is not normalized.')
    if (incoming.readableDidRead) {
      return new Problem(500, 'The body was read before the relay saw it: mount the relay before any body parser.')
    }
    const hasBody = method !== 'GET' && method !== 'HEAD'
    // An HTTP/2 stream does not close before its end was read.
    if (!hasBody) incoming.resume()
    return new Request(url, {
      method,
      headers: toHeaders(incoming.rawHeaders),
      // `destroyOnReturn: false`: whoever stops reading a body still wants to answer on its socket.
      body: hasBody ? ReadableStream.from(incoming.iterator({ destroyOnReturn: false })) : null,
      duplex: 'half',
    } as RequestInit)
  } catch {
    return new Problem(400, 'The request is malformed.')
  }
}

/** From the raw headers: `incoming.headers` drops a second Authorization, which must be seen to be refused. */
function toHeaders(raw: readonly string[]): Headers {
  const headers = new Headers()
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name = '', value = ''] = raw.slice(i, i + 2)
    // HTTP/2 pseudo-headers
    if (!name.startsWith(':')) headers.append(name, value)
  }
  return headers
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (!response.body) {
    outgoing.end()
    return
  }
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    // Small, and left to middleware that compresses.
    outgoing.end(Buffer.from(await response.arrayBuffer()))
    return
  }
  outgoing.flushHeaders()
  const reader = response.body.getReader()
  const stop = () => void reader.cancel().catch(() => {})
  outgoing.once('close', stop)
  // An end has to reach a socket that is still waiting for its reader.
  reader.closed.then(
    () => endSoon(outgoing),
    () => outgoing.destroy(),
  )
  if (isGone(outgoing)) stop()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      await write(outgoing, value)
    }
    outgoing.end()
  } catch {
    // The relay cut a slow reader, or the socket broke: what is left unsent is not wanted any more.
    outgoing.destroy()
  }
}

/** Whether its client has left already. The responses of `node:http2` say so of their stream alone. */
function isGone(outgoing: ServerResponse & { stream?: { destroyed: boolean } }): boolean {
  return outgoing.destroyed || outgoing.stream?.destroyed === true
}

/** How long the end of an answer may take to leave, in milliseconds. */
const END_TIMEOUT = 1000

function endSoon(outgoing: ServerResponse): void {
  if (outgoing.writableFinished || outgoing.destroyed) return
  const late = setTimeout(() => outgoing.destroy(), END_TIMEOUT)
  for (const event of ['finish', 'close']) outgoing.once(event, () => clearTimeout(late))
}

/** How long a reader may take for a chunk, in milliseconds. One that is past its time, or gone without a word, ends with it. */
const WRITE_TIMEOUT = 30_000

/**
 * Resolves when the bytes have left for the socket, so that what a slow reader leaves unread piles up where it is counted.
 * A socket that breaks before the response knows of it takes the bytes and never calls back, hence the `close`.
 */
function write(outgoing: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => outgoing.destroy(), WRITE_TIMEOUT)
    const settle = (error?: Error | null) => {
      clearTimeout(late)
      outgoing.off('close', broken)
      if (error) reject(error)
      else resolve()
    }
    const broken = () => settle(new Error('The socket is closed.'))
    outgoing.once('close', broken).write(bytes, settle)
  })
}
