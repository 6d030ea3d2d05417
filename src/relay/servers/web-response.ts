import type { Answer } from '../http/answer.ts'
import type { Connection, Leave } from '../streams/connection.ts'
import { MAX_UNREAD_BYTES } from '../streams/subscriber.ts'
import type { Bytes } from '../streams/wire.ts'

/** An answer as the web's standard has it. */
export function toResponse({ status, headers, body }: Answer): Response {
  return new Response(typeof body === 'function' ? toStream(body) : body, { status, headers })
}

function toStream(begin: (connection: Connection) => Leave): ReadableStream<Bytes> {
  let leave = () => {}
  return new ReadableStream<Bytes>(
    {
      start(controller) {
        leave = begin(new WebConnection(controller))
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD_BYTES }),
  )
}

class WebConnection implements Connection {
  readonly #controller: ReadableStreamDefaultController<Bytes>

  constructor(controller: ReadableStreamDefaultController<Bytes>) {
    this.#controller = controller
  }

  get unread(): number {
    return MAX_UNREAD_BYTES - (this.#controller.desiredSize ?? 0)
  }

  write(bytes: Bytes): void {
    // Whoever reads the stream owns what it reads.
    this.#controller.enqueue(new Uint8Array(bytes))
  }

  end(): void {
    this.#controller.close()
  }

  destroy(reason: Error): void {
    this.#controller.error(reason)
  }
}
