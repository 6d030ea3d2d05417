/** How long a spoken text stays in its region, in milliseconds, for people who read it with their screen reader's cursor. */
export const CLEAR_AFTER = 7000

/** Acts after so many milliseconds, but not before the page is visible. Returns a function that stops it. */
export function later(ms: number, act: () => void): () => void {
  const actIfSeen = () => {
    if (document.visibilityState === 'hidden') return
    document.removeEventListener('visibilitychange', actIfSeen)
    act()
  }
  const timer = setTimeout(() => {
    document.addEventListener('visibilitychange', actIfSeen)
    actIfSeen()
  }, ms)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', actIfSeen)
  }
}
