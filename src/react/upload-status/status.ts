import { createContext, useContext } from 'react'
import { InvalidOptionsError } from '../../protocol/invalid-options.ts'
import type { KycMessages } from '../messages/messages.ts'
import type { KycRefusalReason } from './reason.ts'
import type { KycUploadStatusView } from './view.ts'

/** What the parts get from their root. */
export interface Status {
  view: KycUploadStatusView
  messages: KycMessages
  /** Why the document was refused, where the application knows. */
  reason: KycRefusalReason | null
  /** The document is known to have been sent. */
  isSent: boolean
  /** The line is open, so answers arrive. */
  isOpen: boolean
  /** When what is shown was last known to be up to date, in milliseconds since the epoch; `null`: never yet. */
  checkedAt: number | null
  titleId: string
  onRetry: (() => void) | undefined
  onCheckAgain: () => void
}

export const StatusContext = createContext<Status | null>(null)

/** @throws {InvalidOptionsError} outside of a `<KycUploadStatus.Root>`. */
export function useStatus(): Status {
  const status = useContext(StatusContext)
  if (!status) throw new InvalidOptionsError('KycUploadStatus: expected a <KycUploadStatus.Root> above its parts')
  return status
}

/** Tells whether "Try again" is offered: after an error that another try may heal, where the application can begin again. */
export function canRetry({ view, reason, onRetry }: Pick<Status, 'view' | 'reason' | 'onRetry'>): boolean {
  return view.status === 'error' && onRetry !== undefined && !reason?.isFinal
}
