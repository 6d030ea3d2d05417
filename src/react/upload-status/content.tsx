import type { ReactNode } from 'react'
import { Actions } from './actions/actions.tsx'
import { Connection } from './connection/connection.tsx'
import { Description } from './description/description.tsx'
import { Doubt } from './doubt/doubt.tsx'
import { Icon } from './icon/icon.tsx'
import { Meta } from './meta/meta.tsx'
import { Progress } from './progress/progress.tsx'
import { Steps } from './steps/steps.tsx'
import { type KycUploadStatusTitleProps, Title } from './title/title.tsx'

/** The parts as the preset puts them together. Children stand behind the buttons. */
export function Content({
  headingLevel,
  children,
}: {
  headingLevel: KycUploadStatusTitleProps['headingLevel'] | undefined
  children?: ReactNode
}): ReactNode {
  return (
    <>
      <Icon />
      <div data-scope="kyc-upload-status" data-part="content">
        <Title {...(headingLevel && { headingLevel })} />
        <Description />
        <Doubt />
        <Steps />
        <Progress />
        <Connection />
        <Meta />
        <Actions>{children}</Actions>
      </div>
    </>
  )
}
