import { useEffect, useState } from 'react'
import { MAX_DELAY } from '../../protocol/check-options.ts'

/**
 * The time, in milliseconds since the epoch, for a component that only cares which of some times have passed. The component
 * renders when the next of them has.
 */
export function useClock(times: readonly (number | null)[]): number {
  const [ticks, setTicks] = useState(0)
  const now = Date.now()
  const next = Math.min(...times.filter((time) => time !== null && time > now).map(Number))
  // A timer may fire a little early: then it is set again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ticks`, see above
  useEffect(() => {
    if (next === Number.POSITIVE_INFINITY) return
    const timer = setTimeout(() => setTicks((count) => count + 1), Math.min(Math.max(0, next - Date.now()), MAX_DELAY))
    return () => clearTimeout(timer)
  }, [next, ticks])
  return now
}
