import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ReadableStream as NodeReadableStream, ReadableStream } from 'node:stream/web'
import type { Connection, EventStream } from './connection.ts'
import type { Incoming } from './incoming.ts'
import { methodNotAllowed, Problem } from './problem.ts'
import { ANSWER, type Answer, type Relay } from './relay.ts'
import type { Bytes } from './wire.ts'

/**
 * Mounts a relay in `node:http`, Express, Fastify and whatever else speaks its requests and responses:
 * `http.createServer(toNodeHandler(relay))`.
 */
export function toNodeHandler(
  relay: Relay | Pick<Relay, 'fetch'>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const ask = async (incoming: NodeIncoming): Promise<Answer> =>
    // What only fetches, a relay that was wrapped, is asked as any handler is.
    ANSWER in relay ? relay[ANSWER](incoming) : relay.fetch(incoming.toRequest(incoming.body()))
  return async (message, outgoing) => {
    const incoming = toIncoming(message)
    const answer = incoming instanceof Problem ? incoming.toResponse() : await ask(incoming)
    // What is left of a body that nobody reads would be taken for the next request.
    if (!message.complete) answer.headers.set('connection', 'close')
    // HTTP/2 has no such header.
    if (message.httpVersionMajor > 1) answer.headers.delete('connection')
    if (answer instanceof Response) await send(answer, outgoing)
    else stream(answer, outgoing)
  }
}

/** Refuses what the relay has no words for: TRACE, a malformed target. */
function toIncoming(message: IncomingMessage & { originalUrl?: string }): NodeIncoming | Problem {
  // Express takes the mount path off `url` and keeps the whole one here.
  const target = message.originalUrl ?? message.url ?? '/'
  if (message.method === 'TRACE') return methodNotAllowed('GET', 'HEAD', 'POST', 'OPTIONS')
  try {
    const url = new URL(target.startsWith('/') ? `http://localhost${target}` : target)
    const [path] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)
    // A proxy's rules are about the path as it was sent, so it must not become another one here: `/events/..\readyz` would.
    if (path !== url.pathname) throw new TypeError('The path is not normalized.')
    if (message.readableDidRead) {
      return new Problem(500, 'The body was read before the relay saw it: mount the relay before any body parser.')
    }
    return new NodeIncoming(message, url)
  } catch {
    return new Problem(400, 'The request is malformed.')
  }
}

class NodeIncoming implements Incoming {
  readonly method: string
  readonly path: string
  readonly #message: IncomingMessage
  readonly #url: URL

  constructor(message: IncomingMessage, url: URL) {
    this.method = message.method ?? 'GET'
    this.path = url.pathname
    this.#message = message
    this.#url = url
    // An HTTP/2 stream does not close before its end was read.
    if (!this.#hasBody) message.resume()
  }

  /** From the raw headers: `message.headers` drops a second Authorization, which must be seen to be refused. */
  header(name: string): string | null {
    const { rawHeaders } = this.#message
    let found: string | null = null
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const { length } = rawHeaders[i] ?? ''
      if (length !== name.length || rawHeaders[i]?.toLowerCase() !== name) continue
      const value = rawHeaders[i + 1] ?? ''
      found = found === null ? value : `${found}, ${value}`
    }
    return found
  }

  body(): AsyncIterable<Uint8Array> | null {
    // `destroyOnReturn: false`: whoever stops reading a body still wants to answer on its socket.
    return this.#hasBody ? this.#message.iterator({ destroyOnReturn: false }) : null
  }

  toRequest(body: AsyncIterable<Uint8Array> | null = null): Request {
    const { rawHeaders } = this.#message
    const headers = new Headers()
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const [name = '', value = ''] = rawHeaders.slice(i, i + 2)
      // HTTP/2 pseudo-headers
      if (!name.startsWith(':')) headers.append(name, value)
    }
    const init = { method: this.method, headers, body: body && ReadableStream.from(body), duplex: 'half' }
    return new Request(this.#url, init as RequestInit)
  }

  get #hasBody(): boolean {
    return this.method !== 'GET' && this.method !== 'HEAD'
  }
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (!response.body) {
    outgoing.end()
  } else if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    // A reader that leaves, or a stream that is cut, ends both.
    await pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing).catch(() => {})
  } else {
    // Small, and left to middleware that compresses.
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  }
}

function stream(answer: EventStream, outgoing: ServerResponse): void {
  outgoing.writeHead(200, Object.fromEntries(answer.headers))
  outgoing.flushHeaders()
  const leave = answer.start(new NodeConnection(outgoing))
  outgoing.once('close', leave)
  // A socket that breaks says so by `close`, too.
  outgoing.on('error', ignore)
  if (isGone(outgoing)) leave()
}

const ignore = () => {}

/** The responses of `node:http2` say of their stream alone whether their client has left, and what it has not taken. */
type Outgoing = ServerResponse & { stream?: { destroyed: boolean; writableLength: number } }

function isGone(outgoing: Outgoing): boolean {
  return outgoing.destroyed || outgoing.stream?.destroyed === true
}

/** How long the end of a stream may take to leave, in milliseconds. */
const END_TIMEOUT = 1000

class NodeConnection implements Connection {
  readonly #outgoing: Outgoing

  constructor(outgoing: Outgoing) {
    this.#outgoing = outgoing
  }

  get unread(): number {
    return (this.#outgoing.stream ?? this.#outgoing).writableLength
  }

  write(bytes: Bytes): void {
    this.#outgoing.write(bytes)
  }

  end(): void {
    const outgoing = this.#outgoing
    outgoing.end()
    // An end has to reach a socket that is still waiting for its reader.
    if (outgoing.writableFinished || outgoing.destroyed) return
    const late = setTimeout(() => outgoing.destroy(), END_TIMEOUT)
    for (const event of ['finish', 'close']) outgoing.once(event, () => clearTimeout(late))
  }

  destroy(): void {
    this.#outgoing.destroy()
  }
}
