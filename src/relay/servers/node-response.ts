import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Answer } from '../http/answer.ts'
import type { Connection, Leave } from '../streams/connection.ts'
import type { Bytes } from '../streams/wire.ts'
import type { Fact, Report } from '../telemetry/facts.ts'

/**
 * Sends an answer, in the one place that does. Somebody else may have answered meanwhile, a time limit for example, or the
 * client may have left: then it sends nothing, and tells of what was lost by that. It does not throw.
 */
export function send(
  said: Answer,
  message: IncomingMessage,
  outgoing: Outgoing,
  report: Report,
  isRead = message.complete,
): void {
  try {
    if (isAnswered(outgoing)) tellAnswered(said, message, outgoing, report)
    else if (typeof said.body === 'function') sendStream(said.headers, said.body, message, outgoing)
    else if (isGone(outgoing)) tellUnheard(said, message, report)
    else sendWhole(said, message, outgoing, isRead)
  } catch (error) {
    giveUp(error, outgoing, report)
  }
}

/** The same for the response of a wrapped relay. */
export async function sendResponse(
  response: Response,
  message: IncomingMessage,
  outgoing: Outgoing,
  report: Report,
): Promise<void> {
  try {
    if (!isAnswered(outgoing) && !isGone(outgoing)) return await pipeResponse(response, outgoing)
    await response.body?.cancel()
    if (isAnswered(outgoing)) tellAnswered(response, message, outgoing, report)
    else tellUnheard(response, message, report)
  } catch (error) {
    giveUp(error, outgoing, report)
  }
}

function notSent(status: number, why: string): Fact {
  return { type: 'failed', task: 'answer', error: new Error(`${why}, so the relay's ${status} was not sent.`) }
}

/** It was told already what became of a webhook that is refused. */
function tellAnswered(
  { status }: { status: number },
  message: IncomingMessage,
  outgoing: Outgoing,
  report: Report,
): void {
  if (message.method === 'POST' && status !== 200) return
  report(notSent(status, `Somebody else had answered with ${outgoing.statusCode}`))
}

/** A sender that did not wait for its 200 delivers again, and what has no name is then stored twice. */
function tellUnheard({ status }: { status: number }, { method }: IncomingMessage, report: Report): void {
  if (method === 'POST' && status === 200) report(notSent(status, 'The sender had hung up'))
}

/** A middleware before the relay may fail in its place. Nobody can say more on this connection. */
function giveUp(error: unknown, outgoing: Outgoing, report: Report): void {
  report({ type: 'failed', task: 'answer', error })
  outgoing.destroy()
}

function sendWhole(
  { status, headers, body }: Answer,
  message: IncomingMessage,
  outgoing: Outgoing,
  isRead: boolean,
): void {
  // What is left of a body that nobody reads would be taken for the next request.
  if (!isRead) headers.connection = 'close'
  // HTTP/2 has no such header, and a stream whose request was not read to its end stays open.
  if (message.httpVersionMajor > 1) {
    delete headers.connection
    if (!isRead) outgoing.once('finish', () => outgoing.stream?.close?.())
  }
  outgoing.writeHead(status, headers)
  if (body === null) outgoing.end()
  else outgoing.end(body)
}

function sendStream(
  headers: Answer['headers'],
  begin: (connection: Connection) => Leave,
  message: IncomingMessage,
  outgoing: Outgoing,
): void {
  // A stream ends with its connection, so its frames need no chunks around them, each of which would be three writes. HTTP/2
  // has neither.
  if (message.httpVersionMajor === 1) {
    headers.connection = 'close'
    outgoing.removeHeader('transfer-encoding')
  } else {
    delete headers.connection
  }
  outgoing.writeHead(200, headers)
  outgoing.flushHeaders()
  const leave = begin(new NodeConnection(outgoing))
  outgoing.once('close', leave)
  // A socket that breaks says so by `close`, too.
  outgoing.on('error', ignore)
  if (isGone(outgoing)) leave()
}

async function pipeResponse(response: Response, outgoing: Outgoing): Promise<void> {
  const cookies = response.headers.getSetCookie()
  const headers = Object.fromEntries(response.headers)
  outgoing.writeHead(response.status, cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers)
  if (!response.body) {
    outgoing.end()
  } else {
    // A reader that leaves, or a stream that is cut, ends both.
    const body = Readable.fromWeb(response.body as ReadableStream)
    body.once('end', () => endSoon(outgoing))
    await pipeline(body, outgoing).catch(() => {})
  }
}

const ignore = () => {}

/** The responses of `node:http2` say of their stream alone whether their client has left, and what it has not taken. */
export type Outgoing = ServerResponse & { stream?: { destroyed: boolean; writableLength: number; close?(): void } }

export function isGone(outgoing: Outgoing): boolean {
  return outgoing.destroyed || outgoing.stream?.destroyed === true
}

export function isAnswered(outgoing: Outgoing): boolean {
  return outgoing.headersSent || outgoing.writableEnded
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
