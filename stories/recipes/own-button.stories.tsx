import type { Meta, StoryObj } from '@storybook/react-vite'
import { createKycStatusClient, KycStatusProvider, KycUploadStatus } from 'kyc-upload-status'
import { createMockRelay } from 'kyc-upload-status/testing'
import { type ComponentProps, useEffect, useState } from 'react'
import { expect, fn, userEvent, within } from 'storybook/test'
import 'kyc-upload-status/styles.css'

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

/** A button as your design system has it. Before React 19 it has to be a `forwardRef`. */
function Button({ variant, ...props }: ComponentProps<'button'> & { variant: 'primary' | 'quiet' }) {
  return <button {...props} className={`button ${variant}`} />
}

function OwnButton({ onRetry }: { onRetry: () => void }) {
  const [client] = useState(() => {
    const relay = createMockRelay({ heartbeat: 3600 }) // a story may be open for long
    relay.emit(USER, 'ERROR')
    return createKycStatusClient({ url: relay.url, fetch: relay.fetch, getToken: () => 'token' })
  })
  useEffect(() => () => client.close(), [client])
  return (
    <KycStatusProvider client={client}>
      <KycUploadStatus.Root externalUserId={USER} onRetry={onRetry}>
        <KycUploadStatus.Icon />
        <div>
          <KycUploadStatus.Title />
          <KycUploadStatus.Description />
          <KycUploadStatus.Connection />
          <KycUploadStatus.Meta />
          <KycUploadStatus.Retry render={(props) => <Button {...props} data-part={undefined} variant="primary" />} />
          <KycUploadStatus.CheckAgain render={(props) => <Button {...props} data-part={undefined} variant="quiet" />} />
        </div>
        <KycUploadStatus.Announcer />
      </KycUploadStatus.Root>
    </KycStatusProvider>
  )
}

export default { title: 'With a button of yours', component: OwnButton, args: { onRetry: fn() } } satisfies Meta

export const RefusedStory: StoryObj<typeof OwnButton> = {
  name: 'A refused document',
  play: async ({ canvasElement, args }) => {
    const button = await within(canvasElement).findByRole('button', { name: 'Try again' })
    await expect(button).not.toHaveAttribute('data-part')
    await userEvent.click(button)
    await expect(args.onRetry).toHaveBeenCalledOnce()
  },
}
