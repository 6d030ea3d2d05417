/** What a stream is made of. Not a view on shared memory, which streams refuse. */
type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()

/** One open stream. What is done to it after its end does nothing. */
export class MockLine {
  readonly externalUserId: string
  readonly body: ReadableStream<Bytes>
  /** The signal of a request that nobody holds is collected, and with it the abort that should end this line. */
  readonly request: Request
  readonly #onEnd: (line: MockLine) => void
  #controller: ReadableStreamDefaultController<Bytes> | null = null

  constructor(externalUserId: string, request: Request, onEnd: (line: MockLine) => void) {
    this.externalUserId = externalUserId
    this.request = request
    this.#onEnd = onEnd
    this.body = new ReadableStream<Bytes>({
      start: (controller) => {
        this.#controller = controller
      },
      cancel: () => {
        this.#forget()
      },
    })
    request.signal.addEventListener('abort', () => this.break(request.signal.reason), { once: true })
  }

  write(text: string): void {
    this.#controller?.enqueue(encoder.encode(text))
  }

  /** A clean end. */
  end(): void {
    this.#forget()?.close()
  }

  break(reason: unknown): void {
    this.#forget()?.error(reason)
  }

  #forget(): ReadableStreamDefaultController<Bytes> | null {
    const controller = this.#controller
    this.#controller = null
    if (controller) this.#onEnd(this)
    return controller
  }
}
