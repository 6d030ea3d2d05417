import { useId, useMemo } from 'react'
import {
  checkOptions,
  duration,
  expect,
  type Rules,
  text,
  timeout,
  trueOrFalse,
} from '../../../protocol/check-options.ts'
import { InvalidOptionsError } from '../../../protocol/invalid-options.ts'
import { completeMessages } from '../../messages/complete.ts'
import type { KycMessageOverrides } from '../../messages/messages.ts'
import { isDown, LOST_AFTER } from '../../parts/line.ts'
import { useClock } from '../../parts/use-clock.ts'
import { useSince } from '../../parts/use-since.ts'
import { useClient, useProvidedMessages } from '../../provider.tsx'
import { useKycFileStatus } from '../../use-kyc-file-status.ts'
import { findReason, type KycRefusalReason } from '../reason.ts'
import type { Status } from '../status.ts'
import { deriveView, waitingSince } from '../view.ts'

/** The options of a root, besides the attributes of its element. */
export interface KycUploadStatusOptions {
  /** The user who is signed in. */
  externalUserId: string
  /** Called by "Try again", which is there when this is given and the document was refused. */
  onRetry?: (() => void) | undefined
  /** A catalogue, or texts to use instead of the English ones or the provider's, each on its own. */
  messages?: KycMessageOverrides | undefined
  /** Milliseconds after which a missing answer is called slow. Default 10,000, or `verySlowAfter` if that is shorter. */
  slowAfter?: number | undefined
  /** Milliseconds after which a person is told that they may leave. Default 60,000, or `slowAfter` if that is longer. */
  verySlowAfter?: number | undefined
  /** The document is known to have been sent. A person is told so when the connection is lost. Default `false`. */
  isSent?: boolean | undefined
  /** The bytes of an upload are on their way, so nobody checks them yet. Default `false`. */
  isSending?: boolean | undefined
  /** When all bytes had been sent, in milliseconds since the epoch. Waiting counts from then. Default: from `beginUpload`. */
  sentAt?: number | null | undefined
  /** Why the document was refused, where your own back end knows more than the webhook tells: a key of `reasons`. */
  reason?: string | undefined
  /** The texts for each reason. A reason that is not listed gets the texts of any error. */
  reasons?: Readonly<Record<string, KycRefusalReason>> | undefined
}

const rules: Rules = {
  slowAfter: timeout,
  verySlowAfter: timeout,
  isSent: trueOrFalse,
  isSending: trueOrFalse,
  sentAt: (value) => (value === null ? null : duration(value)),
  reason: text,
  reasons: expect((value) => typeof value === 'object' && value !== null, 'expected an object'),
}

/** Everything that the parts show of a user's upload. */
export function useStatusOf({
  externalUserId,
  onRetry,
  messages: overrides,
  slowAfter: slow,
  verySlowAfter: verySlow,
  isSent = false,
  isSending = false,
  sentAt = null,
  reason: code,
  reasons,
}: KycUploadStatusOptions): Status {
  checkOptions('KycUploadStatus', rules, {
    slowAfter: slow,
    verySlowAfter: verySlow,
    isSent,
    isSending,
    sentAt,
    reason: code,
    reasons,
  })
  const verySlowAfter = verySlow ?? Math.max(60_000, slow ?? 0)
  const slowAfter = slow ?? Math.min(10_000, verySlowAfter)
  if (verySlowAfter < slowAfter) {
    throw new InvalidOptionsError(
      `KycUploadStatus: expected verySlowAfter (${verySlowAfter} ms) to be slowAfter (${slowAfter} ms) or longer`,
    )
  }
  useClient('KycUploadStatus')
  const { data, connection, reconnect } = useKycFileStatus(externalUserId)
  const provided = useProvidedMessages()
  const messages = useMemo(() => completeMessages(provided, overrides), [provided, overrides])
  const reason = findReason(code, reasons)
  const titleId = useId()

  const since = waitingSince(data, sentAt)
  const downSince = useSince(isDown(connection))
  const now = useClock([
    since && since + slowAfter,
    since && since + verySlowAfter,
    downSince && downSince + LOST_AFTER,
  ])
  const {
    status,
    connection: line,
    files,
    doubt,
    decidedAt,
  } = deriveView({ data: isSending ? null : data, connection, since, downSince }, { slowAfter, verySlowAfter }, now)
  const view = useMemo(
    () => ({ status, connection: line, files, doubt, decidedAt }),
    [status, line, files, doubt, decidedAt],
  )
  // A line that is open is heard all the time, or every few seconds where it polls.
  const isOpen = connection.status === 'open'
  const checkedAt = isOpen ? now : connection.heardAt

  return useMemo(
    () => ({ view, messages, reason, isSent, isOpen, checkedAt, titleId, onRetry, onCheckAgain: reconnect }),
    [view, messages, reason, isSent, isOpen, checkedAt, titleId, onRetry, reconnect],
  )
}
