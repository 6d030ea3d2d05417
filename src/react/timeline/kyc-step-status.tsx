'use client'

import { forwardRef } from 'react'
import { Action } from './parts/action.tsx'
import { Announcer } from './parts/announcer.tsx'
import { CardRoot, type KycStepStatusRootProps } from './parts/card-root.tsx'
import { CheckAgain } from './parts/check-again.tsx'
import { Connection } from './parts/connection.tsx'
import { Contact } from './parts/contact.tsx'
import { Detail } from './parts/detail.tsx'
import { Icon } from './parts/icon.tsx'
import { State } from './parts/state.tsx'
import { Time } from './parts/time.tsx'
import { type KycTimelineTitleProps, Title } from './parts/title.tsx'

export interface KycStepStatusProps
  extends Omit<KycStepStatusRootProps, 'children'>,
    Pick<KycTimelineTitleProps, 'headingLevel'> {}

/**
 * Shows a person where one step of their onboarding stands, and what is needed of them, and says each change to screen
 * readers. Its parts are there to be put together otherwise.
 */
const Preset = forwardRef<HTMLDivElement, KycStepStatusProps>(function KycStepStatus({ headingLevel, ...props }, ref) {
  return (
    <CardRoot {...props} ref={ref}>
      <Icon />
      <div data-scope="kyc-step-status" data-part="content">
        <Title {...(headingLevel && { headingLevel })} />
        <State />
        <Detail />
        <Time />
        <Connection />
        <CheckAgain />
        <Action />
        <Contact />
      </div>
      <Announcer />
    </CardRoot>
  )
})

export const KycStepStatus = Object.assign(Preset, {
  Root: CardRoot,
  Icon,
  Title,
  State,
  Detail,
  Time,
  Action,
  Connection,
  CheckAgain,
  Contact,
  Announcer,
})
