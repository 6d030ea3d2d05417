import { type ReactNode, useEffect, useRef, useState } from 'react'
import { CLEAR_AFTER, later } from '../../parts/later.ts'
import { announceTimeline } from '../announcement.ts'
import { useTimeline } from '../context.ts'

/** How long changes are gathered, in milliseconds: what is over by then is not said. */
const GATHER = 300

/**
 * One live region that is always there and empty at first: screen readers say what changes in a region they know, and are
 * silent about one that arrives with its text (WCAG technique ARIA22). Renders a `<div>`, and needs `styles.css`, or a rule of
 * yours, to be seen by nobody.
 */
export function Announcer(): ReactNode {
  const timeline = useTimeline()
  const { scope, view, isOpen } = timeline
  const [spoken, setSpoken] = useState('')
  /** What a listener knows: the first view is read with the page. */
  const told = useRef(timeline)
  const latest = useRef(timeline)
  const saidOfLine = useRef<string | null>(null)
  const stop = useRef(() => {})

  useEffect(() => {
    latest.current = timeline
  }, [timeline])

  useEffect(() => {
    if (told.current.view === view && told.current.isOpen === isOpen) return
    // What is known first is read with the page, and what comes after that is news.
    if (told.current.view.overall === 'loading' && view.overall !== 'loading' && saidOfLine.current === null) {
      told.current = latest.current
      return
    }
    stop.current()
    stop.current = later(GATHER, () => {
      const { text, trouble } = announceTimeline(told.current, latest.current, saidOfLine.current)
      told.current = latest.current
      saidOfLine.current = trouble
      // A space at its end, which nobody hears, makes the same text a change.
      if (text !== '') setSpoken((last) => (last === text ? `${text}\u00a0` : text))
      stop.current = later(CLEAR_AFTER, () => setSpoken(''))
    })
  }, [view, isOpen])

  useEffect(() => () => stop.current(), [])

  return (
    <div role="status" aria-atomic="true" data-scope={scope} data-part="announcer">
      {spoken}
    </div>
  )
}
