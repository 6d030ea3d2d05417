import { cleanup, render, screen } from '@testing-library/react'
import { createKycStatusClient, KycStatusProvider, KycUploadStatus } from 'kyc-upload-status'
import { createMockRelay } from 'kyc-upload-status/testing'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

const relay = createMockRelay()
const server = setupServer(
  http.post('*/kyc-token', () => HttpResponse.text('token')),
  http.get('*/events/:externalUserId', ({ request }) => relay.fetch(request)),
)

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())
afterEach(() => {
  cleanup()
  sessionStorage.clear()
})

it('shows the answer, through the global fetch', async () => {
  const client = createKycStatusClient({
    url: 'https://app.example/kyc',
    getToken: async () => (await fetch('https://app.example/kyc-token', { method: 'POST' })).text(),
  })
  render(
    <KycStatusProvider client={client}>
      <KycUploadStatus externalUserId={USER} />
    </KycStatusProvider>,
  )
  await screen.findByRole('group', { name: 'Waiting for your document' })
  relay.emit(USER, 'ADDED')
  await screen.findByRole('group', { name: 'Document added' })
  expect(relay.received).toMatchObject([{ externalUserId: USER, authorization: 'Bearer token' }])

  client.close()
  await vi.waitFor(() => expect(relay.connections).toBe(0))
})
