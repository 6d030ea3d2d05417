import { isAfter } from '../protocol/event-id.ts'
import { type Bytes, toBytes } from './wire.ts'

/** What a reader that does not read may hold up, in bytes. Its cursor makes the cut harmless. */
export const MAX_BUFFERED_BYTES = 65_536

/** A stream was cut, because its reader left too much unread, or anything at all when its time was up. */
export class SlowReaderError extends Error {
  override readonly name = 'SlowReaderError'
  readonly code = 'slow_reader'
}

interface Held {
  id: string
  frame: Bytes
}

/** One open stream of one user: first silent, while live frames are held back; then its replay; then live. */
export class Subscriber {
  readonly externalUserId: string
  /** When it ends at the latest, in milliseconds since the epoch. */
  readonly endsAt: number
  readonly body: ReadableStream<Bytes>
  readonly #onEnd: (subscriber: Subscriber) => void
  #controller: ReadableStreamDefaultController<Bytes> | null = null
  #held: Held[] | null = []

  constructor(externalUserId: string, endsAt: number, onEnd: (subscriber: Subscriber) => void) {
    this.externalUserId = externalUserId
    this.endsAt = endsAt
    this.#onEnd = onEnd
    this.body = new ReadableStream<Bytes>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        cancel: () => {
          this.#forget()
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_BUFFERED_BYTES }),
    )
  }

  /** A live frame. Held back until the replay has been written. */
  send(id: string, frame: Bytes): void {
    if (this.#held) this.#held.push({ id, frame })
    else this.#write(frame)
  }

  /**
   * Writes the replay, then the frames held back that are not part of it, and is live from then on. The replay goes out
   * whatever its size, which `maxEvents` bounds: cut for it, a reader would come back and be cut again.
   */
  goLive(replay: string, cursor: string): void {
    this.#controller?.enqueue(toBytes(replay))
    const held = this.#held ?? []
    this.#held = null
    for (const { id, frame } of held) if (isAfter(id, cursor)) this.#write(frame)
  }

  heartbeat(comment: Bytes): void {
    if (this.#held === null) this.#write(comment)
  }

  /** Ends cleanly, so that any client comes back, after what has been written and `last`. */
  end(last = ''): void {
    if (last !== '') this.#write(toBytes(last))
    this.#forget()?.close()
  }

  /** Ends now: cleanly for one that reads, and without waiting for one that does not. */
  expire(): void {
    const isReading = (this.#controller?.desiredSize ?? 0) >= MAX_BUFFERED_BYTES
    if (isReading) this.end()
    else this.#cut('A reader had left bytes unread when its time was up.')
  }

  #write(chunk: Bytes): void {
    const room = this.#controller?.desiredSize ?? 0
    if (room < chunk.byteLength) this.#cut(`A reader left more than ${MAX_BUFFERED_BYTES} bytes unread.`)
    else this.#controller?.enqueue(chunk)
  }

  #cut(reason: string): void {
    this.#forget()?.error(new SlowReaderError(reason))
  }

  #forget(): ReadableStreamDefaultController<Bytes> | null {
    const controller = this.#controller
    this.#controller = null
    if (controller) this.#onEnd(this)
    return controller
  }
}
