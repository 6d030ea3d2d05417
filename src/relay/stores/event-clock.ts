import type { EventId } from '../../protocol/event-id.ts'

/** Hands out the ids of one store. They rise strictly, also where the machine's clock stands still or steps back. */
export class EventClock {
  readonly #now: () => number
  #last: EventId

  constructor(last: EventId = { ms: 0, n: 0 }, now: () => number = Date.now) {
    this.#last = last
    this.#now = now
  }

  /** The id of the next event. */
  next(): EventId {
    const ms = this.#tick()
    this.#last = { ms, n: this.#last.n + 1 }
    return this.#last
  }

  /** A millisecond that lies before every id still to come. */
  position(): number {
    return this.#tick() - 1
  }

  #tick(): number {
    const ms = this.#now()
    if (ms > this.#last.ms) this.#last = { ms, n: -1 }
    return this.#last.ms
  }
}
