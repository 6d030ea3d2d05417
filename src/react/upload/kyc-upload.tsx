'use client'

import { type ReactNode, useState } from 'react'
import { Announcer, type AnnouncerProps } from '../upload-status/announcer/announcer.tsx'
import { Content } from '../upload-status/content.tsx'
import { Card } from '../upload-status/root/card.tsx'
import { type StatusOptions, useStatusOf } from '../upload-status/root/use-status-of.ts'
import { StatusContext } from '../upload-status/status.ts'
import type { TitleProps } from '../upload-status/title/title.tsx'
import { part } from './part.ts'
import { UploadForm } from './upload-form.tsx'
import { type UseKycUploadOptions, useKycUpload } from './use-kyc-upload.ts'

export interface KycUploadProps
  extends UseKycUploadOptions,
    Omit<StatusOptions, 'onRetry' | 'isSent'>,
    AnnouncerProps,
    Pick<TitleProps, 'headingLevel'> {
  className?: string
  /** Stand behind the buttons of the status: a link to your support, say. */
  children?: ReactNode
}

/**
 * Lets a person choose a document, sends it to your server, and then shows what became of it, as `KycUploadStatus` does. For
 * the page that has no uploader of its own.
 */
export function KycUpload({
  externalUserId,
  upload: sendFile,
  accept,
  maxSize,
  maxFiles,
  headingLevel,
  errorPoliteness,
  className,
  children,
  ...options
}: KycUploadProps): ReactNode {
  const upload = useKycUpload({ externalUserId, upload: sendFile, accept, maxSize, maxFiles })
  /** Whether the person wants to upload again, whatever is known of what was before. */
  const [isAgain, setIsAgain] = useState(false)
  const startOver = () => {
    upload.reset()
    setIsAgain(true)
  }
  const isUnderWay = upload.phase === 'sending' || upload.phase === 'stopped'
  const status = useStatusOf(
    { ...options, externalUserId, onRetry: startOver, isSent: upload.phase === 'sent' },
    { isSending: isUnderWay, sentAt: upload.sentAt },
  )
  const { view, messages } = status
  // Who could not be told of an answer can still upload.
  const isUnknown = view.status === 'none' || (view.status === 'loading' && view.connection !== 'live')
  const isForm = upload.phase !== 'sent' && (isUnderWay || isAgain || isUnknown)
  return (
    <StatusContext.Provider value={status}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls; what is here may be none */}
      <div
        {...part('root')}
        data-phase={upload.phase}
        role="group"
        aria-label={messages.upload.files}
        tabIndex={-1}
        lang={messages.locale}
        dir={messages.direction}
        className={className}
      >
        {isForm ? (
          <UploadForm upload={upload} messages={messages} takesFocus={isAgain} onStartOver={startOver} />
        ) : (
          <Card>
            <Content headingLevel={headingLevel}>
              {view.status === 'very-slow' && (
                <button {...part('start-over')} type="button" onClick={startOver}>
                  {messages.upload.startOver}
                </button>
              )}
              {children}
            </Content>
          </Card>
        )}
        <Announcer {...(errorPoliteness && { errorPoliteness })} />
      </div>
    </StatusContext.Provider>
  )
}
