import { backoffDelay } from '../../src/client/line/backoff.ts'
import { largestBurst } from '../report/burst.ts'
import type { Fleet } from './fleet.ts'
import type { Return } from './load.ts'

/** The same for all, whatever `retry:` a server sends: what our relay tells its clients, and their longest wait. */
const BACKOFF = { base: 2000, max: 30_000 }
const BURST_WINDOW = 100

/** Brings each stream back that is lost, as our client does: with full jitter, and more patience after each failure. */
export class ComingBack {
  readonly #fleet: Fleet
  readonly #failures = new Map<number, number>()
  /** When each stream was asked for, by the attempt that brought it back. */
  readonly #arrivals: number[] = []
  #began: number | null = null
  #finish: (result: Return) => void = () => {}
  /** Resolves when every stream is open again. */
  readonly all = new Promise<Return>((resolve) => {
    this.#finish = resolve
  })

  constructor(fleet: Fleet) {
    this.#fleet = fleet
    fleet.onLost = (i) => this.#wait(i)
  }

  #wait(i: number): void {
    this.#began ??= performance.now()
    const failures = this.#failures.get(i) ?? 0
    this.#failures.set(i, failures + 1)
    setTimeout(() => this.#attempt(i), backoffDelay(failures, BACKOFF))
  }

  #attempt(i: number): void {
    const at = performance.now()
    this.#fleet.connect(i, () => {
      this.#arrivals.push(at)
      if (this.#arrivals.length < this.#fleet.users.length) return
      const seconds = (performance.now() - (this.#began ?? at)) / 1000
      this.#finish({ seconds, burst: largestBurst(this.#arrivals, BURST_WINDOW) })
    })
  }
}
