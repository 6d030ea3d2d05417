'use client'

import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { StatusContext } from '../status.ts'
import { Card } from './card.tsx'
import { type KycUploadStatusOptions, useStatusOf } from './use-status-of.ts'

export interface KycUploadStatusRootProps
  extends Omit<KycPartProps<'div'>, keyof KycUploadStatusOptions>,
    KycUploadStatusOptions {}

/** Holds the parts, and tells them what is known of a user's upload. Renders a `<div>`, a group that the title names. */
export const Root = forwardRef<HTMLDivElement, KycUploadStatusRootProps>(function Root(
  { externalUserId, onRetry, messages, slowAfter, verySlowAfter, isSent, isSending, sentAt, reason, reasons, ...props },
  ref,
) {
  const options = {
    externalUserId,
    onRetry,
    messages,
    slowAfter,
    verySlowAfter,
    isSent,
    isSending,
    sentAt,
    reason,
    reasons,
  }
  return (
    <StatusContext.Provider value={useStatusOf(options)}>
      <Card {...props} ref={ref} />
    </StatusContext.Provider>
  )
})
