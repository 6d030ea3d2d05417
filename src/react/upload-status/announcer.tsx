import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Messages } from '../messages/messages.ts'
import { announce } from './announcement.ts'
import type { View } from './view.ts'

const SILENT = { status: '', alert: '' }

/**
 * Two live regions that are always there and empty at first: screen readers say what changes in a region they know, and
 * are silent about one that arrives with its text (WCAG technique ARIA22).
 */
export function Announcer({ view, messages }: { view: View; messages: Messages }): ReactNode {
  const [spoken, setSpoken] = useState(SILENT)
  const previous = useRef<View | null>(null)
  const pending = useRef<ReturnType<typeof setTimeout>>(undefined)
  const texts = useRef(messages)
  useEffect(() => {
    texts.current = messages
  }, [messages])

  useEffect(() => {
    const before = previous.current
    previous.current = view
    if (before && before.status !== view.status) {
      clearTimeout(pending.current)
      setSpoken(SILENT)
    }
    const announcement = announce(before, view, texts.current)
    if (!announcement) return
    clearTimeout(pending.current)
    pending.current = setTimeout(() => {
      setSpoken({ ...SILENT, [announcement.role]: announcement.text })
    }, announcement.after)
  }, [view])

  useEffect(() => () => clearTimeout(pending.current), [])

  return (
    <>
      <div role="status" aria-atomic="true" data-scope="kyc-upload-status" data-part="announcer">
        {spoken.status}
      </div>
      <div role="alert" aria-atomic="true" data-scope="kyc-upload-status" data-part="announcer">
        {spoken.alert}
      </div>
    </>
  )
}
