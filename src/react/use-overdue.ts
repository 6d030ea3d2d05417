'use client'

import { useEffect, useState } from 'react'
import { MAX_DELAY } from '../client/timers.ts'

/** Whether something that began at `since` (milliseconds since the epoch) has been going on for longer than `after`. */
export function useOverdue(since: number | null, after: number): boolean {
  const dueAt = since === null ? null : since + after
  const [passed, setPassed] = useState<number | null>(null)
  useEffect(() => {
    if (dueAt === null) return
    const delay = Math.max(0, dueAt - Date.now())
    if (delay > MAX_DELAY) return
    const timer = setTimeout(() => setPassed(dueAt), delay)
    return () => clearTimeout(timer)
  }, [dueAt])
  return dueAt !== null && passed === dueAt
}
