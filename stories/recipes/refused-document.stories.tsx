import type { Meta, StoryObj } from '@storybook/react-vite'
import { createKycStatusClient, KycStatusProvider, KycUploadStatus } from 'kyc-upload-status'
import { createMockRelay } from 'kyc-upload-status/testing'
import { useEffect, useState } from 'react'
import { within } from 'storybook/test'
import 'kyc-upload-status/styles.css'

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

function RefusedDocument() {
  const [client] = useState(() => {
    const relay = createMockRelay({ heartbeat: 3600 }) // a story may be open for long
    relay.emit(USER, 'ERROR')
    return createKycStatusClient({ url: relay.url, fetch: relay.fetch, getToken: () => 'token' })
  })
  useEffect(() => () => client.close(), [client])
  return (
    <KycStatusProvider client={client}>
      <KycUploadStatus externalUserId={USER} />
    </KycStatusProvider>
  )
}

export default { title: 'In a story of yours', component: RefusedDocument } satisfies Meta

export const RefusedStory: StoryObj = {
  name: 'A refused document',
  play: async ({ canvasElement }) => {
    await within(canvasElement).findByRole('group', { name: /We could not add your document/ })
  },
}
