import type { Subscriber } from './subscriber.ts'

/** How often it looks, in milliseconds: a stream ends at most this long after its time is up. */
const INTERVAL = 1000

/**
 * Ends each subscriber whose time is up, with one timer for all of them. It looks at every one, so that no clock that steps
 * makes it miss one; 10,000 comparisons take well under a millisecond.
 */
export class Deadlines {
  readonly #subscribers = new Set<Subscriber>()
  #timer: ReturnType<typeof setInterval> | undefined

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber)
    this.#timer ??= setInterval(() => this.#endDue(), INTERVAL)
  }

  delete(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
    if (this.#subscribers.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #endDue(): void {
    const now = Date.now()
    for (const subscriber of this.#subscribers) if (subscriber.deadline.at <= now) subscriber.expire()
  }
}
