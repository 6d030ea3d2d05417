import type { StoredEvent } from './store.ts'

type Listener = (event: StoredEvent) => void

/** Those who are told of each stored event. One that throws keeps it from nobody else. */
export class Listeners {
  readonly #listeners = new Set<Listener>()

  add(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(event: StoredEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        console.error('kyc-upload-status: a listener of the store failed', error)
      }
    }
  }
}
