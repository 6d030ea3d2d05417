import { isAfter } from '../../protocol/event-id.ts'
import type { EndReason } from '../telemetry/facts.ts'
import type { Connection } from './connection.ts'
import { type Bytes, toBytes } from './wire.ts'

/** What a reader that does not read may hold up, in bytes. Its cursor makes the cut harmless. */
export const MAX_UNREAD_BYTES = 65_536

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
  readonly #onEnd: (subscriber: Subscriber, reason: EndReason) => void
  /** `null` once it has ended. */
  #connection: Connection | null
  #held: Held[] | null = []
  #heldBytes = 0
  /** What may be unread beside the limit: the replay, until it has been read. */
  #replayBytes = 0

  constructor(
    externalUserId: string,
    deadline: Deadline,
    connection: Connection,
    onEnd: (subscriber: Subscriber, reason: EndReason) => void,
  ) {
    this.externalUserId = externalUserId
    this.deadline = deadline
    this.#connection = connection
    this.#onEnd = onEnd
  }

  /** A live frame. Held back until the replay has been written, and within the same bounds. */
  send(id: string, frame: Bytes): void {
    if (!this.#held) {
      this.#write(frame)
      return
    }
    this.#held.push({ id, frame: ownBytes(frame) })
    this.#heldBytes += frame.byteLength
    if (this.#heldBytes > MAX_UNREAD_BYTES) this.#cut(`More than ${MAX_UNREAD_BYTES} bytes came before the replay.`)
  }

  /**
   * Writes the replay, then the frames held back that are not part of it, and is live from then on. The replay goes out
   * whatever its size, which `maxEvents` bounds: cut for it, a reader would come back and be cut again.
   */
  goLive(replay: string, cursor: string): void {
    const bytes = toBytes(replay)
    this.#replayBytes = bytes.byteLength
    this.#connection?.write(bytes)
    const held = this.#held ?? []
    this.#held = null
    for (const { id, frame } of held) if (isAfter(id, cursor)) this.#write(frame)
  }

  heartbeat(comment: Bytes): void {
    if (this.#held === null) this.#write(comment)
  }

  /** Ends cleanly, so that any client comes back, after what has been written and `last`. */
  end(reason: EndReason, last = ''): void {
    const connection = this.#forget(reason)
    if (last !== '') connection?.write(toBytes(last))
    connection?.end()
  }

  /** Ends now: cleanly for one that reads, and without waiting for one that does not. */
  expire(): void {
    const isReading = this.#connection?.unread === 0
    if (isReading) this.end(this.deadline.reason)
    else this.#cut('A reader had left bytes unread when its time was up.')
  }

  /** The reader is gone. */
  leave(): void {
    this.#forget('gone')
  }

  #write(chunk: Bytes): void {
    if (!this.#connection) return
    const { unread } = this.#connection
    if (unread === 0) this.#replayBytes = 0
    if (unread + chunk.byteLength > MAX_UNREAD_BYTES + this.#replayBytes)
      this.#cut(`A reader left more than ${MAX_UNREAD_BYTES} bytes unread.`)
    else this.#connection.write(unread === 0 ? chunk : ownBytes(chunk))
  }

  #cut(reason: string): void {
    this.#forget('slow_reader')?.destroy(new SlowReaderError(reason))
  }

  #forget(reason: EndReason): Connection | null {
    const connection = this.#connection
    this.#connection = null
    if (connection) this.#onEnd(this, reason)
    return connection
  }
}

/** What waits would keep the whole pool that it is a part of. */
function ownBytes(bytes: Bytes): Bytes {
  return new Uint8Array(bytes)
}
