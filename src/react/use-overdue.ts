'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { MAX_DELAY } from '../client/timers.ts'

/**
 * Reads whether something that began at `since` (milliseconds since the epoch) has been going on for longer than `after`.
 * It makes nobody render who does not read it.
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
    // The timer has told nobody if nobody had asked before.
    return dueAt !== null && (passed === dueAt || Date.now() >= dueAt)
  }, [dueAt, passed])
}
