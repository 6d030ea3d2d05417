import { isAfter } from '../protocol/event-id.ts'
import type { EndReason } from './facts.ts'
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

/** When a stream ends at the latest, in milliseconds since the epoch, and why. */
export interface Deadline {
  at: number
  reason: EndReason
}

/** One open stream of one user: first silent, while live frames are held back; then its replay; then live. */
export class Subscriber {
  readonly externalUserId: string
  readonly deadline: Deadline
  readonly body: ReadableStream<Bytes>
  readonly #onEnd: (subscriber: Subscriber, reason: EndReason) => void
  #controller: ReadableStreamDefaultController<Bytes> | null = null
  #held: Held[] | null = []
  #heldBytes = 0
  /** What may be unread beside the limit: the replay, until it has been read. */
  #replayBytes = 0

  constructor(externalUserId: string, deadline: Deadline, onEnd: (subscriber: Subscriber, reason: EndReason) => void) {
    this.externalUserId = externalUserId
    this.deadline = deadline
    this.#onEnd = onEnd
    this.body = new ReadableStream<Bytes>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        cancel: () => {
          this.#forget('gone')
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_BUFFERED_BYTES }),
    )
  }

  /** A live frame. Held back until the replay has been written, and within the same bounds. */
  send(id: string, frame: Bytes): void {
    if (!this.#held) {
      this.#write(frame)
      return
    }
    this.#held.push({ id, frame })
    this.#heldBytes += frame.byteLength
    if (this.#heldBytes > MAX_BUFFERED_BYTES) this.#cut(`More than ${MAX_BUFFERED_BYTES} bytes came before the replay.`)
  }

  /**
   * Writes the replay, then the frames held back that are not part of it, and is live from then on. The replay goes out
   * whatever its size, which `maxEvents` bounds: cut for it, a reader would come back and be cut again.
   */
  goLive(replay: string, cursor: string): void {
    const bytes = toBytes(replay)
    this.#replayBytes = bytes.byteLength
    this.#controller?.enqueue(bytes)
    const held = this.#held ?? []
    this.#held = null
    for (const { id, frame } of held) if (isAfter(id, cursor)) this.#write(frame)
  }

  heartbeat(comment: Bytes): void {
    if (this.#held === null) this.#write(comment)
  }

  /** Ends cleanly, so that any client comes back, after what has been written and `last`. */
  end(reason: EndReason, last = ''): void {
    const controller = this.#forget(reason)
    if (last !== '') controller?.enqueue(toBytes(last))
    controller?.close()
  }

  /** Ends now: cleanly for one that reads, and without waiting for one that does not. */
  expire(): void {
    const isReading = (this.#controller?.desiredSize ?? 0) >= MAX_BUFFERED_BYTES
    if (isReading) this.end(this.deadline.reason)
    else this.#cut('A reader had left bytes unread when its time was up.')
  }

  #write(chunk: Bytes): void {
    const room = this.#controller?.desiredSize ?? 0
    if (room === MAX_BUFFERED_BYTES) this.#replayBytes = 0
    if (room + this.#replayBytes < chunk.byteLength)
      this.#cut(`A reader left more than ${MAX_BUFFERED_BYTES} bytes unread.`)
    else this.#controller?.enqueue(chunk)
  }

  #cut(reason: string): void {
    this.#forget('slow_reader')?.error(new SlowReaderError(reason))
  }

  #forget(reason: EndReason): ReadableStreamDefaultController<Bytes> | null {
    const controller = this.#controller
    this.#controller = null
    if (controller) this.#onEnd(this, reason)
    return controller
  }
}
