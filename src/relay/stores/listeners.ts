/** Those who are told of each stored event, for example. One that throws keeps it from nobody else. */
export class Listeners<T> {
  readonly #listeners = new Set<(told: T) => void>()

  add(listener: (told: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(told: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(told)
      } catch (error) {
        console.error('kyc-upload-status: a listener of the store failed', error)
      }
    }
  }
}
