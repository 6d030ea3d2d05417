import { moment, since } from './clock.ts'

/** Timers stand still while a device sleeps. So a watchdog looks at the clocks this often, in milliseconds. */
const LOOK_INTERVAL = 5000

/** Calls back when `signal` aborts, or now if it has. Returns a function that stops it. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) listener()
  else signal.addEventListener('abort', listener)
  return () => signal.removeEventListener('abort', listener)
}

/** A controller that aborts with `parent`. Abort it when it is not needed any more: it lets go of `parent` then. */
export function within(parent: AbortSignal): AbortController {
  const child = new AbortController()
  onAbort(
    child.signal,
    onAbort(parent, () => child.abort()),
  )
  return child
}

/** Resolves once `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => onAbort(signal, resolve))
}

/** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const slept = within(signal)
  const timer = setTimeout(() => slept.abort(), ms)
  await aborted(slept.signal)
  clearTimeout(timer)
}

/** Aborts its signal once nobody has fed it for a while. */
export interface Watchdog {
  readonly signal: AbortSignal
  /** Nobody has fed it in time. */
  isExpired(): boolean
  feed(ms: number): void
  /** Stops watching, and aborts the request that uses the signal. */
  stop(): void
}

/** Watches from the first time that it is fed, until `parent` aborts. */
export function watchdog(parent: AbortSignal): Watchdog {
  const ended = within(parent)
  let timer: ReturnType<typeof setTimeout> | undefined
  let fedAt = moment()
  let patience = 0
  let isExpired = false

  const look = () => {
    clearTimeout(timer)
    const left = patience - since(fedAt)
    if (left > 0) {
      // A timer may fire a little early.
      timer = setTimeout(look, Math.max(1, Math.min(left, LOOK_INTERVAL)))
      return
    }
    isExpired = true
    ended.abort()
  }

  return {
    signal: ended.signal,
    isExpired: () => isExpired,
    feed(ms) {
      fedAt = moment()
      patience = ms
      look()
    },
    stop() {
      clearTimeout(timer)
      ended.abort()
    },
  }
}

/** Settles as `value` does, or rejects when `signal` aborts: not every function that takes a signal listens to it. */
export async function orAbort<T>(value: T | Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {}
  const late = new Promise<never>((_, reject) => {
    stop = onAbort(signal, () => reject(new Error('timeout')))
  })
  return Promise.race([value, late]).finally(stop)
}
