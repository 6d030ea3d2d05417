'use client'

import { type ComponentPropsWithoutRef, type ReactNode, useEffect, useState } from 'react'
import { KYC_FILE_FRAME } from '../../protocol/words.ts'
import { useClient } from '../provider.tsx'
import { Announcer, type KycUploadStatusAnnouncerProps } from '../upload-status/announcer/announcer.tsx'
import { Content } from '../upload-status/content.tsx'
import { Card } from '../upload-status/root/card.tsx'
import { type KycUploadStatusOptions, useStatusOf } from '../upload-status/root/use-status-of.ts'
import { StatusContext } from '../upload-status/status.ts'
import type { KycUploadStatusTitleProps } from '../upload-status/title/title.tsx'
import { Button } from './button.tsx'
import { part } from './part.ts'
import { type KycUploadErrorText, UploadForm } from './upload-form.tsx'
import { useAnswer } from './use-answer.ts'
import { type UseKycUploadOptions, useKycUpload } from './use-kyc-upload.ts'

/** The states of a step in which its files are asked for again. */
const AGAIN = ['action_needed', 'expired']

export interface KycUploadProps
  extends Omit<ComponentPropsWithoutRef<'div'>, 'children'>,
    UseKycUploadOptions,
    // `KycUpload` sets the others itself.
    Omit<KycUploadStatusOptions, 'onRetry' | 'isSent' | 'isSending' | 'sentAt'>,
    Pick<KycUploadStatusAnnouncerProps, 'errorPoliteness'>,
    Pick<KycUploadStatusTitleProps, 'headingLevel'> {
  /**
   * `form` asks for a document even if one was sent before: for a second one, say. `status` shows what is known, and the form
   * where nothing is. Default `status`. Only for the step `kyc-file`, as all options of what became of the document are.
   */
  startWith?: 'form' | 'status'
  /** The text for a file that could not be sent. Without it, or where it returns `undefined`, a person is told to check the connection. */
  errorText?: KycUploadErrorText
  /** Stand behind the buttons of the status: a link to your support, say. */
  children?: ReactNode
}

/**
 * Lets a person choose a document, sends it to your server, and then shows what became of it, as `KycUploadStatus` does. For
 * the page that has no uploader of its own. Where the files are for another step, `poa` for example, it says that they are in
 * review, asks for them again where that is needed, and leaves the rest to `KycStepStatus` or `KycTimeline`.
 */
export function KycUpload(props: KycUploadProps): ReactNode {
  useClient('KycUpload')
  // Nothing of one user or step is left for the next one.
  return <OneUser key={`${props.step} ${props.externalUserId}`} {...props} />
}

function OneUser({
  externalUserId,
  upload: sendFile,
  step = KYC_FILE_FRAME,
  together,
  accept,
  maxSize,
  maxFiles,
  messages: overrides,
  slowAfter,
  verySlowAfter,
  reason,
  reasons,
  startWith = 'status',
  errorText,
  headingLevel,
  errorPoliteness,
  children,
  ...props
}: KycUploadProps): ReactNode {
  const upload = useKycUpload({ externalUserId, upload: sendFile, step, together, accept, maxSize, maxFiles })
  const { phase, files, reset } = upload
  /** How often the person has asked for the form. From the first time on it is shown, whatever is known of earlier documents. */
  const [timesAsked, setTimesAsked] = useState(0)
  const startOver = () => {
    reset()
    setTimesAsked((times) => times + 1)
  }
  const isWanted = startWith === 'form' || timesAsked > 0 || files.length > 0
  const status = useStatusOf({
    externalUserId,
    messages: overrides,
    slowAfter,
    verySlowAfter,
    reason,
    reasons,
    onRetry: startOver,
    isSent: phase === 'sent',
    isSending: phase !== 'sent' && isWanted,
    sentAt: upload.sentAt,
  })
  const { view, messages } = status
  // An upload works even if the stream is refused.
  const isUnknown = view.status === 'none' || (view.status === 'loading' && view.connection !== 'live')
  const isFile = step === KYC_FILE_FRAME
  const isForm = phase !== 'sent' && (isWanted || isUnknown || !isFile)

  const answer = useAnswer(externalUserId, step)
  // Somebody else has ended the attempt that was waited for, or the step has to be done again.
  const isAskedAgain = isFile ? view.status === 'none' : answer === null || AGAIN.includes(answer)
  const isOver = phase === 'sent' && isAskedAgain
  useEffect(() => {
    if (isOver) reset()
  }, [isOver, reset])

  const startOverButton = (
    <Button part="start-over" onClick={startOver}>
      {messages.upload.startOver}
    </Button>
  )
  return (
    <StatusContext.Provider value={status}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls; what is here may be none */}
      <div
        aria-label={messages.upload.files}
        {...props}
        {...part('root')}
        data-phase={phase}
        role="group"
        tabIndex={-1}
        lang={messages.locale}
        dir={messages.direction}
      >
        {isForm && (
          <UploadForm
            upload={upload}
            messages={messages}
            timesAsked={timesAsked}
            errorText={errorText}
            onStartOver={startOver}
          />
        )}
        {!isForm && isFile && (
          <Card>
            <Content headingLevel={headingLevel}>
              {view.status === 'very-slow' && startOverButton}
              {children}
            </Content>
          </Card>
        )}
        {isFile ? (
          <Announcer isSilent={isForm} {...(errorPoliteness && { errorPoliteness })} />
        ) : (
          <>
            {/* Always there: a screen reader says what changes in a region that it knows. */}
            <p {...part('review')} role="status">
              {!isForm && answer === 'in_review' && messages.upload.review}
            </p>
            {!isForm && startOverButton}
            {!isForm && children}
          </>
        )}
      </div>
    </StatusContext.Provider>
  )
}
