'use client'

import { forwardRef } from 'react'
import { Action } from './parts/action.tsx'
import { Announcer } from './parts/announcer.tsx'
import { CheckAgain } from './parts/check-again.tsx'
import { Connection } from './parts/connection.tsx'
import { Contact } from './parts/contact.tsx'
import { Detail } from './parts/detail.tsx'
import { Icon } from './parts/icon.tsx'
import { Name } from './parts/name.tsx'
import { Overall } from './parts/overall.tsx'
import { type KycTimelineRootProps, Root } from './parts/root.tsx'
import { State } from './parts/state.tsx'
import { Step } from './parts/step.tsx'
import { Steps } from './parts/steps.tsx'
import { Time } from './parts/time.tsx'
import { type KycTimelineTitleProps, Title } from './parts/title.tsx'

export interface KycTimelineProps
  extends Omit<KycTimelineRootProps, 'children'>,
    Pick<KycTimelineTitleProps, 'headingLevel'> {}

/**
 * Shows a person where they stand on the way to an account: what is done, what is looked at, and what is needed of them. It
 * says each change to screen readers, and never moves the focus. Its parts are there to be put together otherwise.
 */
const Preset = forwardRef<HTMLDivElement, KycTimelineProps>(function KycTimeline({ headingLevel, ...props }, ref) {
  return (
    <Root {...props} ref={ref}>
      <Title {...(headingLevel && { headingLevel })} />
      <Overall />
      <Connection />
      <CheckAgain />
      <Steps />
      <Contact />
      <Announcer />
    </Root>
  )
})

export const KycTimeline = Object.assign(Preset, {
  Root,
  Title,
  Overall,
  Steps,
  Step,
  Icon,
  Name,
  State,
  Detail,
  Time,
  Action,
  Connection,
  CheckAgain,
  Contact,
  Announcer,
})
