import { EventClock } from '../protocol/event-clock.ts'
import type { EventId } from '../protocol/event-id.ts'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'

/** The relay's time: the wall clock, and beside it the clock that gives ids, as that of the relay's stores. */
export class MockClock {
  readonly #wall: () => number
  readonly #ids: EventClock

  /** @param now - the test's own clock. No other one goes beside it, so ids stand still while it is behind. */
  constructor(now?: () => number) {
    // Asked for at each reading: fake timers replace both.
    this.#wall = now ?? (() => Date.now())
    const monotonic = now ? () => 0 : () => performance.now()
    this.#ids = new EventClock(undefined, { wall: () => this.#readWall(), monotonic })
  }

  /** The wall clock, ISO 8601. */
  iso(): string {
    return new Date(this.#readWall()).toISOString()
  }

  /** Milliseconds by the clock that gives ids. */
  now(): number {
    return this.#ids.now()
  }

  /** The id of the next event. */
  nextId(): EventId {
    return this.#ids.next()
  }

  /** A millisecond that lies below every id still to come. It never falls. */
  position(): number {
    return this.#ids.position()
  }

  /** Whole milliseconds since the epoch, 1 at least: before it lies the cursor of a user without events. */
  #readWall(): number {
    const ms = this.#wall()
    // The last day that a `Date` can name (ECMA-262, 21.4.1.1); `toISOString` would throw a less telling error.
    if (typeof ms === 'number' && Math.abs(ms) <= 8.64e15) return Math.max(1, Math.floor(ms))
    throw new InvalidOptionsError('createMockRelay: now: expected it to return milliseconds since the epoch')
  }
}
