import { act, cleanup, render, screen } from '@testing-library/react'
import { createKycStatusClient, KycStatusProvider, useKycFileStatus } from 'kyc-upload-status'
import { createMockRelay } from 'kyc-upload-status/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  sessionStorage.clear()
})

/** Lets time pass, and then what comes of it: a frame, the cache, the page. */
async function pass(ms: number) {
  for (const part of [ms, 1, 1, 1]) await act(() => vi.advanceTimersByTimeAsync(part))
}

function Page() {
  const { data, connection, isOverdue } = useKycFileStatus(USER, { overdueAfter: 60_000 })
  return <p>{`${data?.outcome ?? 'unknown'}, ${connection.status}${isOverdue ? ', overdue' : ''}`}</p>
}

it('says that an answer is overdue, and takes it when it comes', async () => {
  // A line on which nothing is heard for two heartbeats and 5 s passes for dead; this one may be silent for two hours.
  const relay = createMockRelay({ heartbeat: 3600 })
  const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch, getToken: () => 'token' })
  render(
    <KycStatusProvider client={client}>
      <Page />
    </KycStatusProvider>,
  )
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(59_000)
  expect(screen.getByText('waiting, open')).toBeTruthy()
  await pass(1000)
  expect(screen.getByText('waiting, open, overdue')).toBeTruthy()

  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  expect(screen.getByText('added, open')).toBeTruthy()
  expect(relay.opened).toBe(1)
  client.close()
})

it('gives a line up that has been silent for too long, and resumes', async () => {
  const relay = createMockRelay({ heartbeat: 15 })
  const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch, getToken: () => 'token' })
  render(
    <KycStatusProvider client={client}>
      <Page />
    </KycStatusProvider>,
  )
  await pass(10)
  await pass(30_000)
  relay.comment() // the relay is heard
  await pass(30_000)
  expect(relay.opened).toBe(1)
  await pass(10_000)
  expect(relay.opened).toBe(2)
  expect(screen.getByText('none, open')).toBeTruthy()
  client.close()
})
