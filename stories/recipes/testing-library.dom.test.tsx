import { act, cleanup, render, screen } from '@testing-library/react'
import { createKycStatusClient, KycStatusProvider, KycUploadStatus } from 'kyc-upload-status'
import { createMockRelay } from 'kyc-upload-status/testing'
import { afterEach, expect, it, vi } from 'vitest'

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

function renderStatus(onRetry?: () => void) {
  const relay = createMockRelay()
  const client = createKycStatusClient({
    url: relay.url,
    fetch: relay.fetch,
    getToken: () => 'token',
    retry: { base: 1, max: 1 }, // a lost line is back at once
  })
  render(
    <KycStatusProvider client={client}>
      <KycUploadStatus externalUserId={USER} {...(onRetry && { onRetry })} />
    </KycStatusProvider>,
  )
  end = () => client.close()
  return { relay, client }
}

let end = () => {}
afterEach(() => {
  cleanup()
  end()
  sessionStorage.clear() // what a tab remembers of its uploads
})

it('shows what becomes of an upload', async () => {
  const { relay, client } = renderStatus()
  await screen.findByRole('group', { name: 'Waiting for your document' })
  await act(() => client.beginUpload(USER))
  await screen.findByRole('group', { name: 'Checking your document' })
  act(() => relay.emit(USER, 'ADDED'))
  await screen.findByRole('group', { name: 'Document added' })
})

it('offers to try again when the document was refused', async () => {
  const onRetry = vi.fn()
  const { relay } = renderStatus(onRetry)
  relay.emit(USER, 'ERROR')
  const button = await screen.findByRole('button', { name: 'Try again' })
  button.click()
  expect(onRetry).toHaveBeenCalledOnce()
})

it('misses nothing while the line is lost', async () => {
  const { relay } = renderStatus()
  await screen.findByRole('group', { name: 'Waiting for your document' })
  relay.respond('network')
  act(() => relay.drop())
  relay.emit(USER, 'ADDED')
  relay.respond(null)
  await screen.findByRole('group', { name: 'Document added' })
  expect(relay.received.at(-1)?.lastEventId).not.toBeNull()
})

it('does not take a refused credential for a refused document', async () => {
  const { relay } = renderStatus()
  relay.respond(403)
  await screen.findByText(/Reload this page/)
  expect(screen.queryByText(/could not add/)).toBeNull()
})
