import { type Moment, moment, since } from './clock.ts'

/** The longest time that a timer can hold, in milliseconds; with more it fires at once. */
export const MAX_DELAY = 2 ** 31 - 1

/** Timers stand still while a device sleeps. So a watchdog looks at the clocks this often, in milliseconds. */
const LOOK_INTERVAL = 5000

/** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

/** Aborts its signal once nobody has fed it for a while, or when `parent` aborts. */
export class Watchdog {
  readonly #controller = new AbortController()
  readonly #parent: AbortSignal
  readonly #abort = () => this.#controller.abort()
  #timer: ReturnType<typeof setTimeout> | undefined
  #fedAt: Moment = moment()
  #patience = 0
  #isExpired = false

  constructor(parent: AbortSignal) {
    this.#parent = parent
    if (parent.aborted) this.#abort()
    else parent.addEventListener('abort', this.#abort)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether nobody has fed it in time. */
  get isExpired(): boolean {
    return this.#isExpired
  }

  feed(ms: number): void {
    this.#fedAt = moment()
    this.#patience = ms
    this.#look()
  }

  /** Lets go of what it watched, the request among it. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#parent.removeEventListener('abort', this.#abort)
    this.#abort()
  }

  readonly #look = (): void => {
    clearTimeout(this.#timer)
    const left = this.#patience - since(this.#fedAt)
    if (left > 0) {
      // A timer may fire a little early.
      this.#timer = setTimeout(this.#look, Math.max(1, Math.min(left, LOOK_INTERVAL)))
      return
    }
    this.#isExpired = true
    this.#abort()
  }
}

/** Not everything that is handed a signal listens to it. */
export async function orAbort<T>(value: T | Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new Error('there was no answer in time'))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([value, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
