import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { ANSWER, type Answer, isAnswering } from '../http/answer.ts'
import type { BodyReader, Incoming } from '../http/incoming.ts'
import { methodNotAllowed, Problem } from '../http/problem.ts'
import type { Relay } from '../relay.ts'
import type { Connection } from '../streams/connection.ts'
import type { Bytes } from '../streams/wire.ts'
import { endOfTurn } from './turn.ts'

export type { Relay }

/**
 * Mounts a relay in `node:http`, Express, Fastify and whatever else speaks its requests and responses:
 * `http.createServer(toNodeHandler(relay))`.
 */
export function toNodeHandler(
  relay: Pick<Relay, 'fetch'>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (message, outgoing) => {
    const incoming = toIncoming(message)
    if (incoming instanceof Problem) send(incoming.toAnswer(), message, outgoing)
    else if (isAnswering(relay)) send(await relay[ANSWER](incoming), message, outgoing, incoming.isRead)
    else await fetchFrom(relay, incoming, message, outgoing)
  }
}

/** What only fetches, a relay that was wrapped, is asked as any handler is. */
async function fetchFrom(
  handler: Pick<Relay, 'fetch'>,
  incoming: NodeIncoming,
  message: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    await sendResponse(await handler.fetch(incoming.toRequest(true)), outgoing)
  } catch (error) {
    console.error('kyc-upload-status: a handler failed', error)
    if (outgoing.headersSent) outgoing.destroy()
    else send(new Problem(500, 'Something went wrong.').toAnswer(), message, outgoing)
  }
}

/** Refuses what the web's standard has no words for: TRACE and its like, a malformed target. */
function toIncoming(message: IncomingMessage & { originalUrl?: string }): NodeIncoming | Problem {
  // Express takes the mount path off `url` and keeps the whole one here.
  const target = message.originalUrl ?? message.url ?? '/'
  if (/^(TRACE|TRACK|CONNECT)$/.test(message.method ?? '')) return methodNotAllowed('GET', 'HEAD', 'POST', 'OPTIONS')
  const path = pathOf(target)
  if (path === null) return new Problem(400, 'The request is malformed.')
  if (message.readableDidRead) {
    return new Problem(500, 'The body was read before the relay saw it: mount the relay before any body parser.')
  }
  return new NodeIncoming(message, target, path)
}

/** A target of which nothing could be taken for something else: most of them. */
const PLAIN_TARGET = /^\/[\w/-]*$/

/**
 * The path of a target; `null` for one that is malformed, or not normalized: a proxy's rules are about the path as it was sent,
 * so it must not become another one here, as `/events/..\readyz` would.
 */
function pathOf(target: string): string | null {
  if (PLAIN_TARGET.test(target)) return target
  try {
    const { pathname, username, password } = toUrl(target)
    if (username !== '' || password !== '') return null
    return pathname === target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0] ? pathname : null
  } catch {
    return null
  }
}

function toUrl(target: string): URL {
  return new URL(target.startsWith('/') ? `http://localhost${target}` : target)
}

class NodeIncoming implements Incoming {
  readonly method: string
  readonly path: string
  readonly #message: IncomingMessage
  readonly #target: string
  #hasAll = false

  constructor(message: IncomingMessage, target: string, path: string) {
    this.method = message.method ?? 'GET'
    this.path = path
    this.#message = message
    this.#target = target
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

  /** Without listeners, which take half as long again as a bare server takes for all of a webhook. */
  async arrived(): Promise<Uint8Array | null> {
    // The parser passes on what came with the head; that the message is complete, it says later.
    await endOfTurn()
    const announced = this.header('content-length')
    if (announced === null || this.#message.readableLength !== Number(announced)) return null
    this.#hasAll = true
    const bytes = this.#message.read() ?? NO_BYTES
    // Its end comes only to whoever reads on, and takes time that is spent where somebody waits for it.
    if (this.#message.listenerCount('end') + this.#message.listenerCount('close') > 0) this.#message.resume()
    return bytes
  }

  read(reader: BodyReader): () => void {
    const message = this.#message
    const broken = () => message.complete || reader.broken()
    // Over HTTP/2 it may have ended before anybody could listen.
    if (message.readableEnded || message.destroyed) queueMicrotask(reader.broken)
    message.on('data', reader.chunk).once('end', reader.end).once('close', broken).on('error', ignore)
    return () => {
      message.off('data', reader.chunk).off('end', reader.end).off('close', broken)
      // Whoever stops reading a body still wants to answer on its socket.
      message.pause()
    }
  }

  /** @param hasBody - whether the body is for whoever gets the request; it is the relay's otherwise. */
  toRequest(hasBody = false): Request {
    const { rawHeaders } = this.#message
    const headers = new Headers()
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const [name = '', value = ''] = rawHeaders.slice(i, i + 2)
      // HTTP/2 pseudo-headers
      if (!name.startsWith(':')) headers.append(name, value)
    }
    const body = hasBody && this.#hasBody ? Readable.toWeb(this.#message) : null
    const init = { method: this.method, headers, body, duplex: 'half' }
    return new Request(toUrl(this.#target), init as RequestInit)
  }

  /** Whether nothing of the body is still to come. */
  get isRead(): boolean {
    return this.#hasAll || this.#message.complete
  }

  get #hasBody(): boolean {
    return this.method !== 'GET' && this.method !== 'HEAD'
  }
}

function send(
  { status, headers, body }: Answer,
  message: IncomingMessage,
  outgoing: ServerResponse,
  isRead = message.complete,
): void {
  // What is left of a body that nobody reads would be taken for the next request.
  if (!isRead) headers.connection = 'close'
  // A stream ends with its connection.
  if (typeof body === 'function') headers.connection = 'close'
  // HTTP/2 has no such header, and a stream whose request was not read to its end stays open.
  if (message.httpVersionMajor > 1) {
    delete headers.connection
    if (!isRead) outgoing.once('finish', () => (outgoing as Outgoing).stream?.close?.())
  }
  if (typeof body !== 'function') {
    outgoing.writeHead(status, headers)
    if (body === null) outgoing.end()
    else outgoing.end(body)
    return
  }
  // A stream ends with its connection, so its frames need no chunks around them, each of which would be three writes.
  if (message.httpVersionMajor === 1) outgoing.removeHeader('transfer-encoding')
  outgoing.writeHead(status, headers)
  outgoing.flushHeaders()
  const leave = body(new NodeConnection(outgoing))
  outgoing.once('close', leave)
  // A socket that breaks says so by `close`, too.
  outgoing.on('error', ignore)
  if (isGone(outgoing)) leave()
}

async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const cookies = response.headers.getSetCookie()
  const headers = Object.fromEntries(response.headers)
  outgoing.writeHead(response.status, cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers)
  if (!response.body) {
    outgoing.end()
  } else if (isGone(outgoing)) {
    await response.body.cancel()
  } else {
    // A reader that leaves, or a stream that is cut, ends both.
    const body = Readable.fromWeb(response.body as ReadableStream)
    body.once('end', () => endSoon(outgoing))
    await pipeline(body, outgoing).catch(() => {})
  }
}

const ignore = () => {}

const NO_BYTES = new Uint8Array()

/** The responses of `node:http2` say of their stream alone whether their client has left, and what it has not taken. */
type Outgoing = ServerResponse & { stream?: { destroyed: boolean; writableLength: number; close?(): void } }

function isGone(outgoing: Outgoing): boolean {
  return outgoing.destroyed || outgoing.stream?.destroyed === true
}

/** How long the end of a stream may take to leave, in milliseconds. */
const END_TIMEOUT = 1000

class NodeConnection implements Connection {
  readonly #outgoing: Outgoing
  readonly #socket: Socket | null

  constructor(outgoing: Outgoing) {
    this.#outgoing = outgoing
    this.#socket = bareSocket(outgoing)
  }

  get unread(): number {
    return (this.#outgoing.stream ?? this.#outgoing).writableLength
  }

  write(bytes: Bytes): void {
    // A client that has said its last word ends the socket, and may read on: what is written then waits in the response.
    if (this.#socket?.writable) this.#socket.write(bytes)
    else this.#outgoing.write(bytes)
  }

  end(): void {
    this.#outgoing.end()
    endSoon(this.#outgoing)
  }

  destroy(): void {
    this.#outgoing.destroy()
  }
}

/**
 * The socket of a response whose headers are out, if whatever is written goes there as it is: not over HTTP/2, in chunks, nor
 * through a middleware. Past the response a frame costs half.
 */
function bareSocket(outgoing: Outgoing): Socket | null {
  const isPassedThrough = outgoing.write === ServerResponse.prototype.write && !outgoing.chunkedEncoding
  return isPassedThrough && outgoing.stream === undefined ? outgoing.socket : null
}

/** An end has to reach a socket that is still waiting for its reader. */
function endSoon(outgoing: ServerResponse): void {
  if (outgoing.writableFinished || outgoing.destroyed) return
  const late = setTimeout(() => outgoing.destroy(), END_TIMEOUT)
  for (const event of ['finish', 'close']) outgoing.once(event, () => clearTimeout(late))
}
