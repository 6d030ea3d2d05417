/** How often it looks, in milliseconds: what is due ends at most this long after its time. */
const INTERVAL = 1000

/** Something that ends at a time. */
export interface Due {
  /** Milliseconds since the epoch. */
  readonly deadline: { readonly at: number }
  expire(): void
}

/**
 * Ends whatever is due, with one timer for all of it. It looks at everything, so that no clock that steps makes it miss one;
 * 10,000 comparisons take well under a millisecond.
 */
export class Deadlines {
  readonly #dues = new Set<Due>()
  #timer: ReturnType<typeof setInterval> | undefined

  add(due: Due): void {
    this.#dues.add(due)
    this.#timer ??= setInterval(() => this.#endDue(), INTERVAL)
  }

  delete(due: Due): void {
    this.#dues.delete(due)
  }

  #endDue(): void {
    const now = Date.now()
    for (const due of this.#dues) if (due.deadline.at <= now) due.expire()
    // Not when the last one goes: where one comes and goes at a time, that would be a timer for each.
    if (this.#dues.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
