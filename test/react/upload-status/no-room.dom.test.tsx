import { cleanup, render } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createKycStatusClient, KycStatusProvider, KycUploadStatus } from '../../../src/react/index.ts'
import { createRelay } from '../../../src/relay/index.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { fakeTime } from '../../client/fake-time.ts'
import { passed } from '../render.tsx'
import { listen } from './spoken.ts'

const USER = 'user'
const TEN_MINUTES = 600_000

afterEach(cleanup)
beforeEach(() => fakeTime())

/** A page on a real relay that has room for one stream a user, which another device has. */
async function setUp({ isFull = true, ...limits }: { isFull?: boolean; maxStreams?: number } = {}) {
  const store = memoryStore()
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const relay = createRelay({
    store,
    webhookTokens: ['the-webhook-token'],
    authorizeSubscriber: () => USER,
    maxStreamsPerUser: 1,
    logger,
    ...limits,
  })
  let leave = async () => {}
  const fetch = vi.fn((input: RequestInfo | URL, init?: RequestInit) => relay.fetch(new Request(input, init)))
  const streamUrl = `http://relay.test/events/${USER}`
  if (isFull) {
    const stream = await fetch(streamUrl, { headers: { accept: 'text/event-stream' } })
    const reader = stream.body?.getReader()
    leave = async () => reader?.cancel()
    const read = async (): Promise<void> => {
      const { done } = (await reader?.read()) ?? { done: true }
      if (!done) await read()
    }
    read().catch(() => {})
    onTestFinished(leave)
    fetch.mockClear()
  }
  const client = createKycStatusClient({ url: 'http://relay.test', fetch })
  onTestFinished(async () => {
    client.close()
    sessionStorage.clear()
    await store.close()
  })
  const states: string[] = []
  client.subscribe(USER, () => {
    const { status, transport } = client.getState(USER).connection
    states.push(`${status} ${transport}`)
  })
  const { container } = render(
    <KycStatusProvider client={client}>
      <KycUploadStatus externalUserId={USER} />
    </KycStatusProvider>,
  )
  const spoken = listen(container)
  const webhook = (status: string) =>
    relay.fetch(
      new Request('http://relay.test/webhook/kyc-files/status', {
        method: 'POST',
        headers: { authorization: 'the-webhook-token', 'content-type': 'application/json' },
        body: JSON.stringify({ externalUserId: USER, status }),
      }),
    )
  return { client, container, spoken, states, webhook, fetch, leave, state: () => client.getState(USER) }
}

describe('a relay without room for one more stream', () => {
  it('is shown as open, and as one that is asked again and again', async () => {
    const { state, states } = await setUp()
    await passed(TEN_MINUTES)
    expect(state().connection).toMatchObject({ status: 'open', transport: 'polling', cause: null })
    expect(states.filter((text) => !text.startsWith('open'))).toEqual([])
  })

  it('is never shown as a line that is lost, and not a sentence is spoken of it in ten minutes', async () => {
    const { container, spoken } = await setUp()
    const texts = new Set<string>()
    const connections = new Set<string | null>()
    for (let i = 0; i < 600; i++) {
      await passed(1000)
      texts.add(container.textContent ?? '')
      for (const root of container.querySelectorAll('[data-connection]')) {
        connections.add(root.getAttribute('data-connection'))
      }
    }
    expect([...connections]).toEqual(['live'])
    expect([...texts].join()).not.toMatch(/connection|offline|reconnect/i)
    expect(spoken).toEqual([])
  })

  it('was last checked just now, however long it has been asked again', async () => {
    vi.setSystemTime(new Date(2026, 10, 26, 14, 0))
    const { client, container } = await setUp()
    await passed(TEN_MINUTES)
    const beginning = client.beginUpload(USER)
    await passed(3000)
    await beginning
    await passed(61_000)
    expect(container.textContent).toContain('Last checked 02:11 PM')
  })

  it('is not stormed', async () => {
    const { fetch } = await setUp()
    await passed(TEN_MINUTES)
    expect(fetch.mock.calls.length).toBeGreaterThanOrEqual(10)
    expect(fetch.mock.calls.length).toBeLessThanOrEqual(150)
  })

  it('shows the answer to an upload, and says it once', async () => {
    const { client, container, spoken, webhook } = await setUp()
    await passed(1000)
    const beginning = client.beginUpload(USER)
    await passed(3000)
    await beginning
    await webhook('ADDED')
    await passed(TEN_MINUTES)
    expect(container.querySelector('[data-status]')?.getAttribute('data-status')).toBe('added')
    // That it is under way, and that it was added.
    expect(spoken.length).toBeLessThanOrEqual(2)
    expect(spoken.join()).not.toMatch(/connection/i)
  })

  it('is followed live again once it has room', async () => {
    const { state, leave } = await setUp()
    await passed(60_000)
    await leave()
    await passed(60_000)
    expect(state().connection).toMatchObject({ status: 'open', transport: 'stream' })
  })

  it('says as little where there is none for anybody', async () => {
    const { state, spoken } = await setUp({ maxStreams: 1 })
    await passed(TEN_MINUTES)
    expect(state().connection).toMatchObject({ status: 'open', transport: 'polling', cause: null })
    expect(spoken).toEqual([])
  })

  it('is live where there is room', async () => {
    const { state, fetch } = await setUp({ isFull: false })
    await passed(60_000)
    expect(state().connection).toMatchObject({ status: 'open', transport: 'stream' })
    expect(fetch).toHaveBeenCalledOnce()
  })
})
