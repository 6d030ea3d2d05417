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
export interface Pause {
  readonly reason: PauseReason | null
  /** Keeps watching until it is released, so that no change is missed between two waits. */
  hold(): () => void
  /** Resolves once a connection is wanted, or `signal` aborts. */
  over(signal: AbortSignal): Promise<void>
  /** Resolves once somebody comes back to the page, or the network does, or `signal` aborts. */
  cameBack(signal: AbortSignal): Promise<void>
  /** A controller that aborts when a pause begins, or `signal` aborts. Abort it when it is not needed any more. */
  wanted(signal: AbortSignal): AbortController
  /**
   * Resolves after `atMost` milliseconds, or when `signal` aborts. It resolves earlier if somebody comes back, at once or after
   * `atLeast`.
   */
  sleep(wait: { atLeast: number; atMost: number }, signal: AbortSignal): Promise<void>
}

export function createPause(presence: Presence): Pause {
  const listeners = new Set<() => void>()
  let unwatch = () => {}
  let timer: ReturnType<typeof setTimeout> | undefined
  let hiddenAt: Moment | null = null
  let isPutAway = false

  const reason = () => pauseReason({ isOnline: presence.isOnline(), hiddenFor: hiddenAt && since(hiddenAt), isPutAway })

  const look = (): void => {
    clearTimeout(timer)
    if (presence.isVisible()) {
      hiddenAt = null
    } else {
      hiddenAt ??= moment()
      const left = HIDDEN_GRACE - since(hiddenAt)
      if (left > 0) timer = setTimeout(look, left)
    }
    for (const listener of [...listeners]) listener()
  }

  function watch(): void {
    isPutAway = false
    hiddenAt = null
    const putAway = ({ type }: { type: string }) => {
      isPutAway = type === 'pagehide'
      look()
    }
    unwatch = together(
      presence.subscribe(look),
      listen(globalThis.window, 'pagehide', putAway),
      listen(globalThis.window, 'pageshow', putAway),
    )
    look()
  }

  function subscribe(listener: () => void): () => void {
    if (listeners.size === 0) watch()
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearTimeout(timer)
      unwatch()
    }
  }

  /** A controller that aborts once `test` passes, or `signal` aborts. */
  function until(test: () => boolean, signal: AbortSignal): AbortController {
    const waiting = within(signal)
    const check = () => test() && waiting.abort()
    onAbort(waiting.signal, subscribe(check))
    check()
    return waiting
  }

  function cameBack(signal: AbortSignal): Promise<void> {
    let wasAway = false
    const isBack = () => {
      // Nobody looks at the page, or there is no network, even for a moment.
      const isAway = !presence.isVisible() || isPutAway || !presence.isOnline()
      const isBackNow = wasAway && !isAway
      wasAway = isAway
      return isBackNow
    }
    return aborted(until(isBack, signal).signal)
  }

  return {
    get reason() {
      return reason()
    },
    hold: () => subscribe(() => {}),
    over: (signal) => aborted(until(() => reason() === null, signal).signal),
    cameBack,
    wanted: (signal) => until(() => reason() !== null, signal),
    async sleep({ atLeast, atMost }, signal) {
      const slept = within(signal)
      const isOver = Promise.race([sleep(atMost, slept.signal), cameBack(slept.signal)])
      await sleep(atLeast, signal)
      await isOver
      slept.abort()
    },
  }
}
