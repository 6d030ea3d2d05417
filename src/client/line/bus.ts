/** A channel to the other tabs; `null` where the browser has none, and on a server, whose clients are different people. */
export function openBus(name: string): BroadcastChannel | null {
  if (typeof document === 'undefined') return null
  try {
    return new BroadcastChannel(name)
  } catch {
    return null
  }
}
