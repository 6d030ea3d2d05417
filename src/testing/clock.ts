import type { EventId } from '../protocol/event-id.ts'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'

/** The relay's time, and the ids of its events, which rise strictly also where the time stands still or steps back. */
export class MockClock {
  readonly #now: () => number
  #last: EventId = { ms: 0, n: 0 }

  constructor(now: () => number) {
    this.#now = now
  }

  /** Whole milliseconds since the epoch, 1 at least: before it lies the cursor of a user without events. */
  now(): number {
    const ms = this.#now()
    // The last day that a `Date` can name (ECMA-262, 21.4.1.1); `toISOString` would throw a less telling error.
    if (typeof ms === 'number' && Math.abs(ms) <= 8.64e15) return Math.max(1, Math.floor(ms))
    throw new InvalidOptionsError('createMockRelay: now: expected it to return milliseconds since the epoch')
  }

  iso(): string {
    return new Date(this.now()).toISOString()
  }

  /** The id of the next event. */
  nextId(): EventId {
    const ms = this.#tick()
    this.#last = { ms, n: this.#last.n + 1 }
    return this.#last
  }

  /** A millisecond that lies before every id still to come. */
  position(): number {
    return this.#tick() - 1
  }

  #tick(): number {
    const ms = this.now()
    if (ms > this.#last.ms) this.#last = { ms, n: -1 }
    return this.#last.ms
  }
}
