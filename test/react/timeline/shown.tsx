import type { ReactNode } from 'react'
import type { ChannelState } from '../../../src/client/index.ts'
import { KycStatusProvider } from '../../../src/react/index.ts'
import { KycStepStatus, KycTimeline, type KycTimelineProps } from '../../../src/react/timeline/index.ts'
import { fixedClient } from '../upload-status/fixed-client.ts'
import { STEPS, USER } from './states.ts'

/** The timeline in a state, without a relay. */
export function Shown({ channel, ...props }: { channel: ChannelState } & Partial<KycTimelineProps>): ReactNode {
  return (
    <KycStatusProvider client={fixedClient(channel)}>
      <KycTimeline externalUserId={USER} steps={STEPS} {...props} />
    </KycStatusProvider>
  )
}

/** A card in a state. */
export function ShownStep({ channel, step }: { channel: ChannelState; step: string }): ReactNode {
  return (
    <KycStatusProvider client={fixedClient(channel)}>
      <KycStepStatus externalUserId={USER} step={step} action={<a href="#upload">Upload</a>} contact="help@example" />
    </KycStatusProvider>
  )
}
