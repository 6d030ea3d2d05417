import type { EventId } from './event-id.ts'

/** Where an `EventClock` has its time from, both in milliseconds. */
export interface TimeSources {
  /** Since the epoch. It may stand still, jump and step back. */
  wall(): number
  /** Since any moment. It keeps the pace of real time while the wall clock steps back. */
  monotonic(): number
}

// Asked for at each reading, because the fake timers of a test replace both.
const SYSTEM: TimeSources = { wall: () => Date.now(), monotonic: () => performance.now() }

/**
 * The clock that gives the ids of one store. It follows the wall clock, forward jumps too. Where the wall clock steps back
 * it runs on by the monotonic clock from where it was, so it is never slower than real time, and ids rise strictly.
 */
export class EventClock {
  readonly #sources: TimeSources
  /** The highest id that has been given out. */
  #given: EventId
  #ms = 0
  /** The most that the wall clock has been ahead of the monotonic clock. */
  #ahead: number

  /** @param given - a store that is opened again may have given this out before. Every id from now on lies above it. */
  constructor(given: EventId = { ms: 0, n: 0 }, sources: TimeSources = SYSTEM) {
    this.#sources = sources
    this.#given = given
    this.#ahead = given.ms - sources.monotonic()
  }

  /** Milliseconds since the epoch, never behind the newest id. */
  now(): number {
    const wall = this.#sources.wall()
    const monotonic = this.#sources.monotonic()
    this.#ahead = Math.max(this.#ahead, wall - monotonic)
    this.#ms = Math.max(this.#ms, this.#given.ms, wall, Math.floor(this.#ahead + monotonic))
    return this.#ms
  }

  /** The id of the next event. */
  next(): EventId {
    const ms = this.now()
    this.#given = ms > this.#given.ms ? { ms, n: 0 } : { ms, n: this.#given.n + 1 }
    return this.#given
  }

  /** The highest id that has been given out. */
  get given(): EventId {
    return this.#given
  }

  /** A millisecond that lies below every id still to come. It never falls. */
  position(): number {
    return this.now() - 1
  }
}
