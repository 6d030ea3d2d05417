'use client'

import { forwardRef } from 'react'
import { type PartProps, renderPart } from '../part.tsx'
import { StatusContext } from '../status.ts'
import { type StatusOptions, useStatusOf } from './use-status-of.ts'

export interface RootProps extends Omit<PartProps<'div'>, keyof StatusOptions>, StatusOptions {}

/** Holds the parts, and tells them what is known of a user's upload. Renders a `<div>`, a group that the title names. */
export const Root = forwardRef<HTMLDivElement, RootProps>(function Root(
  { externalUserId, onRetry, messages, slowAfter, verySlowAfter, isSent, reason, reasons, ...props },
  ref,
) {
  const options = { externalUserId, onRetry, messages, slowAfter, verySlowAfter, isSent, reason, reasons }
  const status = useStatusOf(options)
  const own = {
    ref,
    role: 'group',
    'aria-labelledby': status.titleId,
    // The focus moves here when the button that has it goes away.
    tabIndex: -1,
    lang: status.messages.locale,
    dir: status.messages.direction,
  }
  return (
    <StatusContext.Provider value={status}>{renderPart('root', 'div', own, props, status.view)}</StatusContext.Provider>
  )
})
