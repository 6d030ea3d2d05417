'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { MAX_DELAY } from '../protocol/check-options.ts'

/**
 * Returns a function that says whether something that began at `since` (milliseconds since the epoch) has taken longer than
 * `after`. A component that does not call it does not render for it.
 */
export function useOverdue(since: number | null, after: number): () => boolean {
  const isRead = useRef(false)
  const dueAt = since === null ? null : since + after
  const [passed, setPassed] = useState<number | null>(null)
  useEffect(() => {
    if (dueAt === null) return
    const delay = Math.max(0, dueAt - Date.now())
    if (delay > MAX_DELAY) return
    const timer = setTimeout(() => isRead.current && setPassed(dueAt), delay)
    return () => clearTimeout(timer)
  }, [dueAt])
  return useCallback(() => {
    isRead.current = true
    // A timer that ran out before the first read has set no state, so the clock is asked too.
    return dueAt !== null && (passed === dueAt || Date.now() >= dueAt)
  }, [dueAt, passed])
}
