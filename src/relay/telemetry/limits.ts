/** How often a line of one kind is logged, in milliseconds. */
const INTERVAL = 1000

/** How many kinds are told apart. Beyond that the oldest one is forgotten, and its next line is logged. */
const MAX_KINDS = 100

/** Lets one line of a kind through in a second, and counts those that it leaves out. */
export class Limits {
  readonly #kinds = new Map<string, { quietUntil: number; suppressed: number }>()

  /** How many lines of this kind were left out since the last one; `null` if this one is left out, too. */
  admit(kind: string): number | null {
    const now = performance.now()
    const known = this.#kinds.get(kind)
    if (known && now < known.quietUntil) {
      known.suppressed++
      return null
    }
    this.#kinds.delete(kind)
    for (const oldest of this.#kinds.keys()) {
      if (this.#kinds.size < MAX_KINDS) break
      this.#kinds.delete(oldest)
    }
    this.#kinds.set(kind, { quietUntil: now + INTERVAL, suppressed: 0 })
    return known?.suppressed ?? 0
  }
}
