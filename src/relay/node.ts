import type { IncomingMessage, ServerResponse } from 'node:http'
import { ReadableStream } from 'node:stream/web'

/**
 * Mounts a relay in `node:http`, Express, Fastify and whatever else speaks its requests and responses:
 * `http.createServer(toNodeHandler(relay))`.
 */
export function toNodeHandler(relay: {
  fetch(request: Request): Promise<Response>
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const request = toRequest(incoming)
    if (!request) {
      outgoing.writeHead(400).end()
      return
    }
    await send(await relay.fetch(request), outgoing)
  }
}

/** `null` for what `fetch` has no words for: TRACE, a malformed target, a header with bytes that headers don't have. */
function toRequest(incoming: IncomingMessage & { originalUrl?: string }): Request | null {
  const { method = 'GET' } = incoming
  // Express takes the mount path off `url` and keeps the whole one here.
  const target = incoming.originalUrl ?? incoming.url ?? '/'
  try {
    const url = new URL(target.startsWith('/') ? `http://localhost${target}` : target)
    const hasBody = method !== 'GET' && method !== 'HEAD'
    return new Request(url, {
      method,
      headers: toHeaders(incoming.rawHeaders),
      // `destroyOnReturn: false`: whoever stops reading a body still wants to answer on its socket.
      body: hasBody ? ReadableStream.from(incoming.iterator({ destroyOnReturn: false })) : null,
      duplex: 'half',
    } as RequestInit)
  } catch {
    return null
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
  outgoing.flushHeaders()
  const reader = response.body.getReader()
  const stop = () => void reader.cancel().catch(() => {})
  outgoing.once('close', stop)
  if (outgoing.destroyed) stop()
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

/** Resolves when the bytes have left for the socket, so that what a slow reader leaves unread piles up where it is counted. */
function write(outgoing: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}
