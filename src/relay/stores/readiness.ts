import type { EventStore } from './store.ts'

/** How long an answer holds, in milliseconds. */
const MAX_AGE = 1000

/**
 * Tries whether a store can be written to, once a second at most: the store writes for it, and whoever asks needs no
 * credential.
 */
export class Readiness {
  readonly #store: Pick<EventStore, 'checkWritable'>
  readonly #onTrouble: (error: unknown) => void
  #answer: Promise<boolean> | null = null
  /** When the answer came; before that everybody waits for the same one. */
  #answeredAt = Number.POSITIVE_INFINITY

  constructor(store: Pick<EventStore, 'checkWritable'>, onTrouble: (error: unknown) => void) {
    this.#store = store
    this.#onTrouble = onTrouble
  }

  isWritable(): Promise<boolean> {
    if (this.#answer && performance.now() - this.#answeredAt < MAX_AGE) return this.#answer
    this.#answeredAt = Number.POSITIVE_INFINITY
    this.#answer = this.#try()
    return this.#answer
  }

  async #try(): Promise<boolean> {
    try {
      await this.#store.checkWritable?.()
      return true
    } catch (error) {
      this.#onTrouble(error)
      return false
    } finally {
      this.#answeredAt = performance.now()
    }
  }
}
