import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { BodyReader, Incoming } from '../http/incoming.ts'
import { methodNotAllowed, Problem } from '../http/problem.ts'
import type { Bytes } from '../streams/wire.ts'
import { isAnswered, isGone, type Outgoing } from './node-response.ts'
import { endOfTurn } from './turn.ts'

/** Refuses what the web's standard has no words for: TRACE and its like, a malformed target. */
export function toIncoming(message: IncomingMessage & { originalUrl?: string }, outgoing: Outgoing): NodeIncoming {
  // Express takes the mount path off `url` and keeps the whole one here.
  const target = message.originalUrl ?? message.url ?? '/'
  const path = pathOf(target)
  return new NodeIncoming(message, outgoing, target, path ?? target.replace(/[?#].*$/s, ''), refusalOf(message, path))
}

function refusalOf(message: IncomingMessage, path: string | null): Problem | undefined {
  if (/^(TRACE|TRACK|CONNECT)$/.test(message.method ?? '')) return methodNotAllowed('GET', 'HEAD', 'POST', 'OPTIONS')
  if (path === null) return new Problem(400, 'The request is malformed.')
  if (!message.readableDidRead) return undefined
  return new Problem(500, 'The body was read before the relay saw it: mount the relay before any body parser.')
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

export class NodeIncoming implements Incoming {
  readonly method: string
  readonly path: string
  readonly refusal: Problem | undefined
  readonly #message: IncomingMessage
  readonly #outgoing: Outgoing
  readonly #target: string
  #hasAll = false

  constructor(
    message: IncomingMessage,
    outgoing: Outgoing,
    target: string,
    path: string,
    refusal: Problem | undefined,
  ) {
    this.refusal = refusal
    this.method = message.method ?? 'GET'
    this.path = path
    this.#message = message
    this.#outgoing = outgoing
    this.#target = target
  }

  get search(): string {
    return /\?[^#]*/.exec(this.#target)?.[0] ?? ''
  }

  get native(): IncomingMessage {
    return this.#message
  }

  /** An HTTP/2 stream does not close before its end was read, so one that has no body is read at once. */
  begin(): void {
    if (!this.#hasBody) this.#message.resume()
  }

  get isGone(): boolean {
    return isAnswered(this.#outgoing) || isGone(this.#outgoing)
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
  async arrived(): Promise<Bytes | null> {
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

  /** @param signal - aborted when the sender is gone. */
  toRequest(body: Bytes | ReadableStream | null = null, signal: AbortSignal | null = null): Request {
    const { rawHeaders } = this.#message
    const headers = new Headers()
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const [name = '', value = ''] = rawHeaders.slice(i, i + 2)
      // HTTP/2 pseudo-headers
      if (!name.startsWith(':')) headers.append(name, value)
    }
    const init = { method: this.method, headers, body, signal, duplex: 'half' }
    return new Request(toUrl(this.#target), init as RequestInit)
  }

  /** The body, for a request that somebody else answers. */
  stream(): ReadableStream | null {
    return this.#hasBody ? (Readable.toWeb(this.#message) as ReadableStream) : null
  }

  /** Whether nothing of the body is still to come. */
  get isRead(): boolean {
    return this.#hasAll || this.#message.complete
  }

  get #hasBody(): boolean {
    return this.method !== 'GET' && this.method !== 'HEAD'
  }
}

const ignore = () => {}

const NO_BYTES = new Uint8Array()
