import type { Bytes } from './wire.ts'

/**
 * Where the bytes of one stream go: the seam to whoever serves it. An adapter for another server writes these four, and tells
 * the stream by `leave` when its reader is gone.
 */
export interface Connection {
  /** How many bytes were written that have not left for the reader yet. It is what a slow reader is told by. */
  readonly unread: number
  /** Takes bytes whole and in order. It does not throw: a connection that is broken says so by `leave`. */
  write(bytes: Bytes): void
  /** Ends cleanly after what was written, so that any client comes back. */
  end(): void
  /** Ends now. What was not read is not wanted any more. */
  destroy(reason: Error): void
}

/** Says that the reader is gone. */
export type Leave = () => void
