/**
 * What the relay asks of a request. `relay.fetch` wraps a web-standard `Request`; an adapter for another server can say the
 * same without making one, which costs more than all that the relay does with it.
 */
export interface Incoming {
  readonly method: string
  /** The path alone, as it was sent. */
  readonly path: string
  /** The value of a header, several of one name joined by `, `; `null` where there is none. The name is in lower case. */
  header(name: string): string | null
  /** The chunks of the body. Whoever stops reading still wants to answer. `null` where there is no body. */
  body(): AsyncIterable<Uint8Array> | null
  /** The request for an application's own functions. Its body is the relay's. */
  toRequest(): Request
}

/** A web-standard request. */
export class WebIncoming implements Incoming {
  readonly method: string
  readonly path: string
  readonly #request: Request

  constructor(request: Request) {
    this.method = request.method
    this.path = new URL(request.url).pathname
    this.#request = request
  }

  header(name: string): string | null {
    return this.#request.headers.get(name)
  }

  body(): AsyncIterable<Uint8Array> | null {
    return this.#request.body && read(this.#request.body)
  }

  toRequest(): Request {
    return this.#request
  }
}

/** A stream's own iterator is missing in some browsers' and runtimes' types, and cancels loudly. */
async function* read(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}
