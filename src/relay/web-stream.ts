import type { Connection, EventStream } from './connection.ts'
import { MAX_UNREAD_BYTES } from './subscriber.ts'
import type { Bytes } from './wire.ts'

/** A granted stream as a web-standard answer. */
export function toStreamResponse(stream: EventStream): Response {
  let leave = () => {}
  const body = new ReadableStream<Bytes>(
    {
      start(controller) {
        leave = stream.start(new WebConnection(controller))
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD_BYTES }),
  )
  return new Response(body, { headers: stream.headers })
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
    this.#controller.enqueue(bytes)
  }

  end(): void {
    this.#controller.close()
  }

  destroy(reason: Error): void {
    this.#controller.error(reason)
  }
}
