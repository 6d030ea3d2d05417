import type { StoredEvent } from '../stores/store.ts'

/** What a stream is made of. It may be a part of a pool, or sent to several readers: whoever gives it away copies it. */
export type Bytes = ReturnType<TextEncoder['encode']>

const encoder = new TextEncoder()

/** A comment: it keeps proxies from closing a silent connection, and tells the client that the line is alive. */
export const HEARTBEAT: Bytes = encoder.encode(':\n\n')

/** What the HTML standard takes for the end of a line in an event stream. */
const LINE_END = /\r\n|\n|\r/g

const BREAK = /[\r\n]/

/**
 * Encodes one frame of an event stream.
 *
 * @throws {TypeError} if the name or the id has a CR, LF or NUL: the first two would end the field and start another one,
 * and of an id with NUL the HTML standard says "ignore the field".
 */
export function encodeFrame({ event, id, data }: { event: string; id: string; data: string }): string {
  refuseBreaks('event', event)
  refuseBreaks('id', id)
  const lines = BREAK.test(data) ? data.replaceAll(LINE_END, '\ndata: ') : data
  return `event: ${event}\nid: ${id}\ndata: ${lines}\n\n`
}

export function encodeEvent({ frame, id, data }: StoredEvent): string {
  return encodeFrame({ event: frame, id, data })
}

/** How long a client waits before it reconnects, in milliseconds. The HTML standard takes ASCII digits only. */
export function encodeRetry(ms: number): string {
  return `retry: ${Math.round(ms)}\n\n`
}

/** On Node.js in its pool: memory of its own for each frame takes longer there than all of it. Bun's `Buffer` is the slower one. */
export const toBytes: (text: string) => Bytes =
  typeof Buffer === 'undefined' || 'Bun' in globalThis ? (text) => encoder.encode(text) : (text) => Buffer.from(text)

function refuseBreaks(field: string, value: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\r\n\u0000]/.test(value)) throw new TypeError(`${field} of a frame: expected no CR, LF or NUL`)
}
