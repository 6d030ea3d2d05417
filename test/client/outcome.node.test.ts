import { expect, it, vi } from 'vitest'
import { mockPage, USER } from './mock-page.ts'

function setUp() {
  const onOutcome = vi.fn()
  const page = mockPage({ onOutcome, retry: { base: 1, max: 1 } })
  page.client.subscribe(USER, () => {})
  return { ...page, onOutcome }
}

it('is told once for an attempt, by what it was first, and again for the next one', async () => {
  const { relay, client, onOutcome } = setUp()
  for (const status of ['ERROR', 'ADDED'] as const) {
    const { id } = await client.beginUpload(USER)
    relay.emit(USER, status)
    const outcome = status === 'ERROR' ? 'error' : 'added'
    await vi.waitFor(() =>
      expect(onOutcome).toHaveBeenLastCalledWith(expect.objectContaining({ outcome }), {
        externalUserId: USER,
        attemptId: id,
      }),
    )
    relay.emit(USER, 'ADDED')
    await vi.waitFor(() => expect(client.getState(USER).status?.files.added).toBeGreaterThan(0))
  }
  expect(onOutcome).toHaveBeenCalledTimes(2)
})

it('is not told of what was no attempt of this tab', async () => {
  const { relay, client, onOutcome } = setUp()
  relay.emit(USER, 'ADDED')
  await vi.waitFor(() => expect(client.getState(USER).status?.outcome).toBe('added'))
  expect(onOutcome).not.toHaveBeenCalled()
})
