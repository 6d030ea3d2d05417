import type { ReactNode } from 'react'
import { KycStatusProvider, KycUploadStatus, type KycUploadStatusProps } from '../../../src/react/index.ts'
import { fixedClient } from './fixed-client.ts'
import type { State } from './states.ts'

/** The component in a state, without a relay. */
export function Shown({ state, ...props }: { state: State } & Partial<KycUploadStatusProps>): ReactNode {
  return (
    <KycStatusProvider client={fixedClient(state.channel)}>
      <KycUploadStatus externalUserId="a-user" {...state.props} {...props} />
    </KycStatusProvider>
  )
}
