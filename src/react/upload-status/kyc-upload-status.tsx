'use client'

import { type ReactNode, useId, useMemo, useRef } from 'react'
import { en } from '../messages/en.ts'
import type { Messages } from '../messages/messages.ts'
import { useKycFileStatus } from '../use-kyc-file-status.ts'
import { useOverdue } from '../use-overdue.ts'
import { troubleText } from './announcement.ts'
import { Announcer } from './announcer.tsx'
import { Icon } from './icon.tsx'
import { RetryButton } from './retry-button.tsx'
import { useSince } from './use-since.ts'
import { deriveView, isDown } from './view.ts'

/** How long the line may be down before a person is told, in milliseconds. */
const LOST_AFTER = 5000

export interface KycUploadStatusProps {
  /** The user who is signed in. */
  externalUserId: string
  /** Called by "Try again", which is there when this is given and the document was refused. */
  onRetry?: () => void
  /** Texts to use instead of the English ones, each on its own. */
  messages?: Partial<Messages>
  className?: string
}

/** Shows a person what became of the document that they uploaded, and says it to screen readers, without a reload. */
export function KycUploadStatus({ externalUserId, onRetry, messages, className }: KycUploadStatusProps): ReactNode {
  const { data, connection } = useKycFileStatus(externalUserId)
  const downSince = useSince(isDown(connection))
  const isLongDown = useOverdue(downSince, LOST_AFTER)()
  const { status, connection: line } = deriveView(data, connection, isLongDown)
  const view = useMemo(() => ({ status, connection: line }), [status, line])
  const texts = useMemo(() => ({ ...en, ...messages }), [messages])
  const trouble = troubleText(view, texts)
  const card = useRef<HTMLDivElement>(null)
  const titleId = useId()
  const scope = { 'data-scope': 'kyc-upload-status', 'data-status': status, 'data-connection': line }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls, and there are none here
    <div
      {...scope}
      data-part="root"
      ref={card}
      role="group"
      aria-labelledby={titleId}
      tabIndex={-1}
      className={className}
    >
      <Icon status={status} />
      <div {...scope} data-part="content">
        <p {...scope} data-part="title" id={titleId}>
          {status === 'error' && (
            <span {...scope} data-part="prefix">
              {texts.errorPrefix}{' '}
            </span>
          )}
          {texts[status].title}
        </p>
        <p {...scope} data-part="description">
          {texts[status].description}
        </p>
        {trouble !== null && (
          <p {...scope} data-part="connection">
            {trouble}
          </p>
        )}
        {status === 'error' && onRetry && (
          <RetryButton card={card} onRetry={onRetry}>
            {texts.retry}
          </RetryButton>
        )}
      </div>
      <Announcer view={view} messages={texts} />
    </div>
  )
}
