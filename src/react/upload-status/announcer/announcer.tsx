import { type ReactNode, useEffect, useRef, useState } from 'react'
import { CLEAR_AFTER, later } from '../../parts/later.ts'
import { useStatus } from '../status.ts'
import { announce } from './announcement.ts'

const SILENT = { status: '', alert: '' }

export interface KycUploadStatusAnnouncerProps {
  /** Whether an error interrupts what is being read, or waits for a pause. Default `assertive`. */
  errorPoliteness?: 'assertive' | 'polite'
  /** Says nothing, because something other than the status is shown. Default `false`. */
  isSilent?: boolean
}

/**
 * Two live regions that are always there and empty at first: screen readers say what changes in a region they know, and
 * are silent about one that arrives with its text (WCAG technique ARIA22). Renders two `<div>`, and needs `styles.css`, or a
 * rule of yours, to be seen by nobody.
 */
export function Announcer({
  errorPoliteness = 'assertive',
  isSilent = false,
}: KycUploadStatusAnnouncerProps): ReactNode {
  const status = useStatus()
  const [spoken, setSpoken] = useState(SILENT)
  const previous = useRef<typeof status | null>(null)
  const saidOfLine = useRef<string | null>(null)
  const stop = useRef(() => {})

  useEffect(() => {
    const before = previous.current
    previous.current = status
    // An announcement that still waits is out of date.
    if (before && before.view.status !== status.view.status) {
      stop.current()
      setSpoken(SILENT)
    }
    const announcement = announce(before, status, saidOfLine.current)
    if (!announcement || isSilent) return
    const role = errorPoliteness === 'polite' ? 'status' : announcement.role
    stop.current()
    stop.current = later(announcement.after, () => {
      const { text } = announcement
      saidOfLine.current = announcement.trouble
      // A space at its end, which nobody hears, makes the same text a change.
      setSpoken((last) => ({ ...SILENT, [role]: last[role] === text ? `${text}\u00a0` : text }))
      stop.current = later(CLEAR_AFTER, () => setSpoken(SILENT))
    })
  }, [status, errorPoliteness, isSilent])

  useEffect(() => () => stop.current(), [])

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
