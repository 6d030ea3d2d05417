/** What is said to the other tabs. `null` where there are none, or the browser does not let it. A server's users are not one person. */
export function openBus(name: string): BroadcastChannel | null {
  if (typeof document === 'undefined') return null
  try {
    return new BroadcastChannel(name)
  } catch {
    return null
  }
}
