import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeTime, pass, settle } from './fake-time.ts'
import { isForStream, mockPage, USER } from './mock-page.ts'

beforeEach(() => fakeTime())

const NOW = '2026-11-30T12:00:00Z'
const AN_ANSWER = { externalUserId: USER, status: 'ADDED', receivedAt: NOW }
const SNAPSHOT = {
  cursor: '1-0',
  now: NOW,
  complete: true,
  events: [{ id: '1-0', event: 'kyc-file', data: AN_ANSWER }],
}

/** A page whose streams never come, and whose snapshot comes when the test says so. */
function setUp() {
  let arrive = () => {}
  const onOutcome = vi.fn()
  const json = () =>
    new Promise((resolve) => {
      arrive = () => resolve(SNAPSHOT)
    })
  const page = mockPage({
    onOutcome,
    shareAcrossTabs: false,
    fetch: async (_, init) => {
      if (isForStream(init)) return new Promise<never>(() => {})
      return Object.assign(new Response('', { headers: { 'content-type': 'application/json' } }), { json })
    },
  })
  return { ...page, onOutcome, arrive: () => arrive() }
}

async function microtasks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve()
}

const COUNTS = Array.from({ length: 25 }, (_, count) => count)

describe.each(COUNTS)('a sign-out %i microtasks after the snapshot of an upload has come', (count) => {
  it('leaves nothing known', async () => {
    const { client, state, arrive } = setUp()
    const beginning = client.beginUpload(USER)
    await settle()
    arrive()
    await microtasks(count)
    client.signOut()
    await settle()
    expect(state()).toMatchObject({ isSignedOut: true, status: null, attempt: null, connection: { status: 'idle' } })
    await pass(5000)
    await beginning
    expect(state()).toMatchObject({ isSignedOut: true, status: null, attempt: null, connection: { status: 'idle' } })
  })

  it('leaves nothing known to whoever comes next', async () => {
    const { client, state, arrive } = setUp()
    void client.beginUpload(USER)
    await settle()
    arrive()
    await microtasks(count)
    client.signOut()
    client.subscribe(USER, () => {})
    await settle()
    expect(state()).toMatchObject({ isSignedOut: false, status: null, attempt: null })
  })
})

describe.each(COUNTS)('a sign-out %i microtasks after an answer has come', (count) => {
  it.each(['stream', 'polling'] as const)('by %s leaves nothing known, and tells no outcome later', async (way) => {
    const onOutcome = vi.fn()
    const { relay, client, state } = mockPage({ onOutcome, ...(way === 'polling' && { transport: 'polling' }) })
    client.subscribe(USER, () => {})
    await pass(100)
    await client.beginUpload(USER)
    relay.emit(USER, 'ADDED')
    if (way === 'polling') await vi.advanceTimersByTimeAsync(5999)
    await microtasks(count)
    client.signOut()
    const told = onOutcome.mock.calls.length
    await pass(6000)
    expect(state()).toMatchObject({ isSignedOut: true, status: null, attempt: null, connection: { status: 'idle' } })
    expect(onOutcome).toHaveBeenCalledTimes(told)
  })
})

it('an upload whose beginning signs the user out asks for nothing', async () => {
  const { relay, client, state } = mockPage()
  client.subscribe(USER, () => state().attempt && client.signOut())
  await pass(100)
  const { requests } = relay
  await client.beginUpload(USER)
  await pass(5000)
  expect(state()).toMatchObject({ isSignedOut: true, status: null, attempt: null, connection: { status: 'idle' } })
  expect(relay.requests).toBe(requests)
})
