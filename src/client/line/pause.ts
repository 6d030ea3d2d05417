import { type Moment, moment, since } from '../clock.ts'
import { aborted, onAbort, sleep, within } from '../timers.ts'
import { listen, type Presence, together } from './presence.ts'

/** Why no connection is wanted now. */
export type PauseReason = 'hidden' | 'offline'

/** How long a hidden page keeps its connection, in milliseconds: people look at their camera or their mail, and come back. */
export const HIDDEN_GRACE = 30_000

interface Circumstances {
  isOnline: boolean
  /** How long the page has been hidden, in milliseconds; `null` while it is visible. */
  hiddenFor: number | null
  /** The browser has put the page away, and may keep it for "back" (bfcache). It can't keep a page with an open connection. */
  isPutAway: boolean
}

/** Decides whether a connection is wanted. */
export function pauseReason({ isOnline, hiddenFor, isPutAway }: Circumstances): PauseReason | null {
  if (isPutAway) return 'hidden'
  if (!isOnline) return 'offline'
  return hiddenFor !== null && hiddenFor >= HIDDEN_GRACE ? 'hidden' : null
}

/** Decides whether a connection is wanted. It watches the page while somebody waits for that to change. */
export class Pause {
  readonly #presence: Presence
  readonly #listeners = new Set<() => void>()
  #unwatch = () => {}
  #timer: ReturnType<typeof setTimeout> | undefined
  #hiddenAt: Moment | null = null
  #isPutAway = false

  constructor(presence: Presence) {
    this.#presence = presence
  }

  get reason(): PauseReason | null {
    const hiddenFor = this.#hiddenAt && since(this.#hiddenAt)
    return pauseReason({ isOnline: this.#presence.isOnline(), hiddenFor, isPutAway: this.#isPutAway })
  }

  /** Nobody looks at the page, or there is no network, even for a moment. */
  get #isAway(): boolean {
    return !this.#presence.isVisible() || this.#isPutAway || !this.#presence.isOnline()
  }

  /** Keeps watching until it is released, so that no change is missed between two waits. */
  hold(): () => void {
    return this.#subscribe(() => {})
  }

  /** Resolves once a connection is wanted, or `signal` aborts. */
  over(signal: AbortSignal): Promise<void> {
    return aborted(this.#until(() => this.reason === null, signal).signal)
  }

  /** Resolves once somebody comes back to the page, or the network does, or `signal` aborts. */
  cameBack(signal: AbortSignal): Promise<void> {
    let wasAway = false
    const isBack = () => {
      wasAway ||= this.#isAway
      return wasAway && !this.#isAway
    }
    return aborted(this.#until(isBack, signal).signal)
  }

  /** A controller that aborts when a pause begins, or `signal` aborts. Abort it when it is not needed any more. */
  wanted(signal: AbortSignal): AbortController {
    return this.#until(() => this.reason !== null, signal)
  }

  /**
   * Resolves after `atMost` milliseconds, or when `signal` aborts. It resolves earlier if somebody comes back, at once or after
   * `atLeast`.
   */
  async sleep({ atLeast, atMost }: { atLeast: number; atMost: number }, signal: AbortSignal): Promise<void> {
    const slept = within(signal)
    const isOver = Promise.race([sleep(atMost, slept.signal), this.cameBack(slept.signal)])
    await sleep(atLeast, signal)
    await isOver
    slept.abort()
  }

  /** A controller that aborts once `test` passes, or `signal` aborts. */
  #until(test: () => boolean, signal: AbortSignal): AbortController {
    const until = within(signal)
    const look = () => test() && until.abort()
    onAbort(until.signal, this.#subscribe(look))
    look()
    return until
  }

  #subscribe(listener: () => void): () => void {
    if (this.#listeners.size === 0) this.#watch()
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearTimeout(this.#timer)
      this.#unwatch()
    }
  }

  #watch(): void {
    this.#isPutAway = false
    this.#hiddenAt = null
    const putAway = ({ type }: { type: string }) => {
      this.#isPutAway = type === 'pagehide'
      this.#look()
    }
    this.#unwatch = together(
      this.#presence.subscribe(this.#look),
      listen(globalThis.window, 'pagehide', putAway),
      listen(globalThis.window, 'pageshow', putAway),
    )
    this.#look()
  }

  readonly #look = (): void => {
    clearTimeout(this.#timer)
    if (this.#presence.isVisible()) {
      this.#hiddenAt = null
    } else {
      this.#hiddenAt ??= moment()
      const left = HIDDEN_GRACE - since(this.#hiddenAt)
      if (left > 0) this.#timer = setTimeout(this.#look, left)
    }
    for (const listener of [...this.#listeners]) listener()
  }
}
