/** Says whether somebody looks at the page, and whether there is a network. */
export interface Presence {
  isVisible(): boolean
  isOnline(): boolean
  /** Calls back whenever either may have changed. Returns a function that stops it. */
  subscribe(listener: () => void): () => void
}

/** What the browser says; visible and online where there is none. */
export const browserPresence: Presence = {
  isVisible: () => globalThis.document?.visibilityState !== 'hidden',
  isOnline: () => globalThis.navigator?.onLine !== false,
  subscribe: (listener) =>
    together(
      listen(globalThis.document, 'visibilitychange', listener),
      listen(globalThis.window, 'online', listener),
      listen(globalThis.window, 'offline', listener),
    ),
}

/** One function that stops all of them. */
export function together(...stops: (() => void)[]): () => void {
  return () => {
    for (const stop of stops) stop()
  }
}

/** Listens where there is something to listen to: React Native has a `window` that takes no listeners. */
export function listen(
  target: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> | undefined,
  type: string,
  listener: (event: Event) => void,
): () => void {
  target?.addEventListener?.(type, listener)
  return () => target?.removeEventListener?.(type, listener)
}
