import { type BodyReader, readPromised, WebIncoming } from '../http/incoming.ts'
import type { Bytes } from '../streams/wire.ts'
import { endOfTurn } from './turn.ts'

declare const Bun: {
  /** What a promise came to, or the promise, if it is pending. */
  peek<T>(promise: Promise<T>): T | Promise<T>
}

/** A request to `Bun.serve`. */
export class BunIncoming extends WebIncoming {
  #bytes: Promise<Bytes> | null = null

  constructor(request: Request, native: unknown) {
    super(request, native, pathOf(request.url))
  }

  /** At the end of a turn most bodies are there: they need no deadline, and no promise of their own that one could reject. */
  override async arrived(): Promise<Bytes | null> {
    if (this.header('content-length') === null) return null
    this.#bytes = this.request.bytes()
    // One that breaks off meanwhile is told to whoever reads it.
    this.#bytes.catch(() => {})
    await endOfTurn()
    const bytes = Bun.peek(this.#bytes)
    return bytes instanceof Uint8Array ? bytes : null
  }

  override read(reader: BodyReader): () => void {
    return this.#bytes ? readPromised(this.#bytes, reader) : super.read(reader)
  }

  override toRequest(body?: Bytes): Request {
    const { url, method, headers } = this.request
    return new Request(toWholeUrl(url), { method, headers, ...(body && { body }) })
  }
}

/**
 * A URL with a host, which the relay has no need of: without a `Host` (HTTP/1.0), or with one that is none, Bun gives the path
 * alone.
 */
export function toWholeUrl(url: string): string {
  return URL.canParse(url) ? url : `http://localhost/${url.replace(/^\//, '')}`
}

/** By hand: Bun has parsed it already. */
function pathOf(url: string): string {
  const from = url.startsWith('/') ? 0 : url.indexOf('/', 'https://'.length)
  const to = url.search(/[?#]/)
  return to === -1 ? url.slice(from) : url.slice(from, to)
}
