import type { ReactNode } from 'react'
import { createKycStatusClient, KycStatusProvider, KycUploadStatus } from '../../src/react/index.ts'

const client = createKycStatusClient({ url: '/kyc' })

/** What the server renders, and the page hydrates. */
export function StrictPage(): ReactNode {
  return (
    <KycStatusProvider client={client}>
      <KycUploadStatus externalUserId="a-user" onRetry={() => {}} />
    </KycStatusProvider>
  )
}
