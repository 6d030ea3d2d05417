'use client'

import { forwardRef } from 'react'
import { Actions } from './actions/actions.tsx'
import { Announcer, type KycUploadStatusAnnouncerProps } from './announcer/announcer.tsx'
import { CheckAgain } from './check-again/check-again.tsx'
import { Connection } from './connection/connection.tsx'
import { Content } from './content.tsx'
import { Description } from './description/description.tsx'
import { Doubt } from './doubt/doubt.tsx'
import { Icon } from './icon/icon.tsx'
import { Meta } from './meta/meta.tsx'
import { Progress } from './progress/progress.tsx'
import { Retry } from './retry/retry.tsx'
import { type KycUploadStatusRootProps, Root } from './root/root.tsx'
import { Steps } from './steps/steps.tsx'
import { type KycUploadStatusTitleProps, Title } from './title/title.tsx'

export interface KycUploadStatusProps
  extends KycUploadStatusRootProps,
    KycUploadStatusAnnouncerProps,
    Pick<KycUploadStatusTitleProps, 'headingLevel'> {}

/**
 * Shows a person what became of the document that they uploaded, and says it to screen readers, without a reload. Children
 * stand behind its own buttons: a link to your support, say. Its parts are there to be put together otherwise.
 */
const Preset = forwardRef<HTMLDivElement, KycUploadStatusProps>(function KycUploadStatus(
  { headingLevel, errorPoliteness, children, ...props },
  ref,
) {
  return (
    <Root {...props} ref={ref}>
      <Content headingLevel={headingLevel}>{children}</Content>
      <Announcer {...(errorPoliteness && { errorPoliteness })} />
    </Root>
  )
})

export const KycUploadStatus = Object.assign(Preset, {
  Root,
  Icon,
  Title,
  Description,
  Doubt,
  Steps,
  Progress,
  Connection,
  Meta,
  Actions,
  Retry,
  CheckAgain,
  Announcer,
})
