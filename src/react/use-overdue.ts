'use client'

import { useEffect, useState } from 'react'

/** What a timer can hold, in milliseconds; more would fire at once. */
const MAX_DELAY = 2 ** 31 - 1

/** Whether something that began at `since` (milliseconds since the epoch) has been going on for longer than `after`. */
export function useOverdue(since: number | null, after: number): boolean {
  const [overdueSince, setOverdueSince] = useState<number | null>(null)
  useEffect(() => {
    if (since === null) return
    const delay = Math.max(0, since + after - Date.now())
    if (delay > MAX_DELAY) return
    const timer = setTimeout(() => setOverdueSince(since), delay)
    return () => clearTimeout(timer)
  }, [since, after])
  return since !== null && overdueSince === since
}
