import { expect, it, onTestFinished, vi } from 'vitest'
import { createKycStatusClient } from '../../src/client/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'

function setUp() {
  const relay = createMockRelay()
  const onOutcome = vi.fn()
  const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch, onOutcome, retry: { base: 1, max: 1 } })
  onTestFinished(() => client.close())
  onTestFinished(client.subscribe('user', () => {}))
  return { relay, client, onOutcome }
}

it('is told once for an attempt, by what it was first, and again for the next one', async () => {
  const { relay, client, onOutcome } = setUp()
  for (const status of ['ERROR', 'ADDED'] as const) {
    const { id } = await client.beginUpload('user')
    relay.emit('user', status)
    const outcome = status === 'ERROR' ? 'error' : 'added'
    await vi.waitFor(() =>
      expect(onOutcome).toHaveBeenLastCalledWith(expect.objectContaining({ outcome }), {
        externalUserId: 'user',
        attemptId: id,
      }),
    )
    relay.emit('user', 'ADDED')
    await vi.waitFor(() => expect(client.getState('user').attempt?.added).toBeGreaterThan(0))
  }
  expect(onOutcome).toHaveBeenCalledTimes(2)
})

it('is not told of what was no attempt of this tab', async () => {
  const { relay, client, onOutcome } = setUp()
  relay.emit('user', 'ADDED')
  await vi.waitFor(() => expect(client.getState('user').status?.outcome).toBe('added'))
  expect(onOutcome).not.toHaveBeenCalled()
})
