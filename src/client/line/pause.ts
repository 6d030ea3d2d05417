import { type Moment, moment, since } from '../clock.ts'
import { sleep } from '../timers.ts'
import { listen, type Presence } from './presence.ts'

/** Why no connection is wanted now. */
export type PauseReason = 'hidden' | 'offline'

/** How long a hidden page keeps its connection, in milliseconds: people look at their camera or their mail, and come back. */
export const HIDDEN_GRACE = 30_000

interface Circumstances {
  isOnline: boolean
  /** How long the page has been hidden, in milliseconds; `null` while it is visible. */
  hiddenFor: number | null
  /** The browser has put the page away, and may keep it as it is (bfcache). An open connection would keep it from that. */
  isPutAway: boolean
}

/** Decides whether a connection is wanted. */
export function pauseReason({ isOnline, hiddenFor, isPutAway }: Circumstances): PauseReason | null {
  if (isPutAway) return 'hidden'
  if (!isOnline) return 'offline'
  return hiddenFor !== null && hiddenFor >= HIDDEN_GRACE ? 'hidden' : null
}

/** Watches, as long as somebody asks, whether a connection is wanted. */
export class Pause {
  readonly #presence: Presence
  readonly #listeners = new Set<() => void>()
  #stops: (() => void)[] = []
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

  /** Nobody looks, or there is no network, if only for a moment. */
  get #isAway(): boolean {
    return !this.#presence.isVisible() || this.#isPutAway || !this.#presence.isOnline()
  }

  /** Keeps watching until it is released, so that nothing is missed in between. */
  hold(): () => void {
    return this.#subscribe(() => {})
  }

  /** Resolves once a connection is wanted, or `signal` aborts. */
  over(signal: AbortSignal): Promise<void> {
    return this.#until(() => this.reason === null, signal)
  }

  /** Resolves once somebody comes back to the page, or the network does, or `signal` aborts. */
  cameBack(signal: AbortSignal): Promise<void> {
    let wasAway = false
    const isBack = () => {
      const isAway = this.#isAway
      const cameBack = wasAway && !isAway
      wasAway = isAway
      return cameBack
    }
    return this.#until(isBack, signal)
  }

  /** A signal that aborts when a pause begins, or `signal` aborts. Release it when it is not needed any more. */
  wanted(signal: AbortSignal): { signal: AbortSignal; release(): void } {
    const controller = new AbortController()
    const abort = () => controller.abort()
    const unsubscribe = this.#subscribe(() => this.reason && abort())
    signal.addEventListener('abort', abort)
    if (signal.aborted || this.reason) abort()
    const release = () => {
      unsubscribe()
      signal.removeEventListener('abort', abort)
    }
    return { signal: controller.signal, release }
  }

  /**
   * Resolves after `atMost` milliseconds, and earlier when someone comes back, but not before `atLeast`; at once when a pause
   * begins or `signal` aborts.
   */
  async sleep({ atLeast, atMost }: { atLeast: number; atMost: number }, signal: AbortSignal): Promise<void> {
    const wanted = this.wanted(signal)
    await sleep(atLeast, wanted.signal)
    const slept = new AbortController()
    await Promise.race([sleep(atMost - atLeast, wanted.signal), this.cameBack(slept.signal)])
    slept.abort()
    wanted.release()
  }

  /** It looks before it listens and after: what happens in between is not missed. */
  #until(test: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        unsubscribe()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const unsubscribe = this.#subscribe(() => test() && done())
      signal.addEventListener('abort', done)
      if (test() || signal.aborted) done()
    })
  }

  #subscribe(listener: () => void): () => void {
    if (this.#listeners.size === 0) this.#watch()
    this.#listeners.add(listener)
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#unwatch()
    }
  }

  #watch(): void {
    this.#stops = [
      this.#presence.subscribe(this.#look),
      listen(globalThis.window, 'pagehide', () => this.#putAway(true)),
      listen(globalThis.window, 'pageshow', () => this.#putAway(false)),
    ]
    this.#look()
  }

  #unwatch(): void {
    clearTimeout(this.#timer)
    for (const stop of this.#stops) stop()
    this.#isPutAway = false
    this.#hiddenAt = null
  }

  #putAway(isPutAway: boolean): void {
    this.#isPutAway = isPutAway
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
