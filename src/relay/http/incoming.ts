import type { Bytes } from '../streams/wire.ts'

/**
 * What the relay asks of a request. `relay.fetch` wraps a web-standard `Request`; an adapter for another server can say the
 * same without making one, which costs more than all that the relay does with it.
 */
export interface Incoming {
  readonly method: string
  /** The path alone, as it was sent. */
  readonly path: string
  /** What follows the path, from its `?` on, as it was sent; `''` where there is nothing. */
  readonly search: string
  /** The request as the server itself has it, for an application's own functions. */
  readonly native: unknown
  /** Why the server can't have it answered, a `Problem`: a malformed target, a body that was read before. */
  readonly refusal?: Error | undefined
  /** Whether its sender does not wait for an answer of ours any more: it has hung up, or somebody else has answered. */
  readonly isGone: boolean
  /** The value of a header, several of one name joined by `, `; `null` where there is none. The name is in lower case. */
  header(name: string): string | null
  /** The body, if all of it arrives with the head; `null` otherwise. */
  arrived(): Promise<Bytes | null>
  /** Reads the body into a reader, which is told of its end, or that it broke off. Returns the way to stop. */
  read(reader: BodyReader): () => void
  /**
   * The request for an application's own functions.
   *
   * @param body - what the relay has read of it. Default: none.
   */
  toRequest(body?: Bytes): Request
}

/** Takes a body as it comes. */
export interface BodyReader {
  chunk(bytes: Bytes): void
  end(): void
  broken(): void
}

/** A web-standard request. */
export class WebIncoming implements Incoming {
  readonly method: string
  readonly path: string
  readonly refusal: Error | undefined
  readonly native: unknown
  protected readonly request: Request

  constructor(request: Request, native?: unknown, path = new URL(request.url).pathname, refusal?: Error) {
    this.refusal = refusal
    this.method = request.method
    this.path = path
    this.native = native
    this.request = request
  }

  get search(): string {
    return /\?[^#]*/.exec(this.request.url)?.[0] ?? ''
  }

  get isGone(): boolean {
    return this.request.signal.aborted
  }

  header(name: string): string | null {
    return this.request.headers.get(name)
  }

  async arrived(): Promise<Bytes | null> {
    return null
  }

  read(reader: BodyReader): () => void {
    // A server holds a body to the length that it announces, and one that is too long was refused for that. A stream takes
    // longer than all that the relay does with what it brings.
    if (this.header('content-length') === null) return this.#readChunks(reader)
    return readPromised(
      this.request.arrayBuffer().then((buffer) => new Uint8Array(buffer)),
      reader,
    )
  }

  toRequest(body?: Bytes): Request {
    const { url, method, headers } = this.request
    return new Request(url, { method, headers, ...(body && { body }) })
  }

  #readChunks(reader: BodyReader): () => void {
    const source = this.request.body?.getReader()
    let isStopped = false
    const pump = async () => {
      for (;;) {
        const { done, value } = (await source?.read()) ?? { done: true }
        if (isStopped) return
        if (done) return reader.end()
        reader.chunk(value)
      }
    }
    pump().catch(() => {
      if (!isStopped) reader.broken()
    })
    return () => {
      isStopped = true
      void source?.cancel().catch(() => {})
    }
  }
}

/** Reads a body that comes at once. */
export function readPromised(whole: Promise<Bytes>, reader: BodyReader): () => void {
  let isStopped = false
  whole.then(
    (bytes) => {
      if (isStopped) return
      reader.chunk(bytes)
      reader.end()
    },
    () => {
      if (!isStopped) reader.broken()
    },
  )
  return () => {
    isStopped = true
  }
}
