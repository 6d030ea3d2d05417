import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createPause, pauseReason } from '../../src/client/line/pause.ts'
import { createMockRelay } from '../../src/testing/index.ts'
import { fakePage } from './fake-time.ts'
import { isForStream, mockPage, USER } from './mock-page.ts'

describe('a connection', () => {
  it.each([
    ['is wanted while the page is visible', { isOnline: true, hiddenFor: null, isPutAway: false }, null],
    [
      'is wanted while it has been hidden for less than 30 s',
      { isOnline: true, hiddenFor: 29_999, isPutAway: false },
      null,
    ],
    ['is not wanted after that', { isOnline: true, hiddenFor: 30_000, isPutAway: false }, 'hidden'],
    ['is not wanted by a page that was put away', { isOnline: true, hiddenFor: null, isPutAway: true }, 'hidden'],
    ['is not wanted without a network', { isOnline: false, hiddenFor: null, isPutAway: false }, 'offline'],
  ] as const)('%s', (_, circumstances, reason) => {
    expect(pauseReason(circumstances)).toBe(reason)
  })
})

describe('what happened while nobody watched', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('window', new EventTarget())
    onTestFinished(() => {
      vi.useRealTimers()
      vi.unstubAllGlobals()
    })
  })

  it('a page that was put away, and is shown again, wants a connection', () => {
    const pause = createPause(fakePage().presence)
    const release = pause.hold()
    window.dispatchEvent(new Event('pagehide'))
    expect(pause.reason).toBe('hidden')
    release()
    window.dispatchEvent(new Event('pageshow'))
    onTestFinished(pause.hold())
    expect(pause.reason).toBeNull()
  })

  it('a page that is hidden keeps a new connection for 30 s, whenever it was hidden before', () => {
    const { presence, turn } = fakePage()
    const pause = createPause(presence)
    const release = pause.hold()
    turn({ isVisible: false })
    release()
    vi.advanceTimersByTime(60_000)
    onTestFinished(pause.hold())
    expect(pause.reason).toBeNull()
    vi.advanceTimersByTime(30_000)
    expect(pause.reason).toBe('hidden')
  })
})

/** A page whose visibility and network are in the test's hands, and a client in it. */
function open() {
  const { presence, turn } = fakePage()
  const page = mockPage({ presence })
  page.client.subscribe(USER, () => {})
  const change = async (changes: Parameters<typeof turn>[0]) => {
    turn(changes)
    await vi.advanceTimersByTimeAsync(0)
  }
  return { ...page, change }
}

describe('a page', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
  })

  it('that is hidden keeps its connection for 30 s, then pauses, and misses nothing when it is back', async () => {
    const { relay, state, change } = open()
    await vi.advanceTimersByTimeAsync(100)
    expect(state().connection.status).toBe('open')

    await change({ isVisible: false })
    await vi.advanceTimersByTimeAsync(29_000)
    expect(state().connection.status).toBe('open')
    relay.emit(USER, 'ERROR')
    await vi.advanceTimersByTimeAsync(999)
    expect(state().status?.outcome).toBe('error')
    await vi.advanceTimersByTimeAsync(1)
    expect(state().connection).toEqual({
      status: 'paused',
      pauseReason: 'hidden',
      transport: 'stream',
      heardAt: expect.any(Number),
      cause: null,
    })
    expect(relay.connections).toBe(0)

    relay.emit(USER, 'ADDED')
    await vi.advanceTimersByTimeAsync(60 * 60 * 1000)
    expect(relay.requests).toBe(1)
    await change({ isVisible: true })
    await vi.advanceTimersByTimeAsync(100)
    expect(state()).toMatchObject({ connection: { status: 'open', pauseReason: null }, status: { outcome: 'added' } })
    expect(relay.requests).toBe(2)
  })

  it('that is hidden and shown within 30 s keeps its connection', async () => {
    const { relay, state, change } = open()
    await vi.advanceTimersByTimeAsync(100)
    for (let i = 0; i < 5; i++) {
      await change({ isVisible: false })
      await vi.advanceTimersByTimeAsync(20_000)
      // Somebody still sends comments.
      relay.emit(USER, 'ERROR')
      await change({ isVisible: true })
      await vi.advanceTimersByTimeAsync(10_000)
    }
    expect(state().connection.status).toBe('open')
    expect(relay.requests).toBe(1)
  })

  it('that goes offline pauses at once, asks for nothing, and is back at once with the network', async () => {
    const { relay, state, change } = open()
    await vi.advanceTimersByTimeAsync(100)
    await change({ isOnline: false })
    expect(state().connection).toEqual({
      status: 'paused',
      pauseReason: 'offline',
      transport: 'stream',
      heardAt: expect.any(Number),
      cause: null,
    })
    relay.emit(USER, 'ADDED')
    await vi.advanceTimersByTimeAsync(60 * 60 * 1000)
    expect(relay.requests).toBe(1)
    await change({ isOnline: true })
    expect(state().status?.outcome).toBe('added')
    expect(relay.requests).toBe(2)
  })

  it('that opens without a network asks once there is one', async () => {
    const { relay, state, change } = open()
    await change({ isOnline: false })
    const { requests } = relay
    await vi.advanceTimersByTimeAsync(60_000)
    expect(relay.requests).toBe(requests)
    await change({ isOnline: true })
    expect(state().connection.status).toBe('open')
  })

  it('that is shown again does not wait for its next attempt', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1)
    onTestFinished(() => void vi.restoreAllMocks())
    const { relay, state, change } = open()
    await vi.advanceTimersByTimeAsync(100)
    relay.respond('network')
    relay.drop()
    // Waits of 0.5, 1, 2, 4 and 8 s have passed, and one of 16 s has begun.
    await vi.advanceTimersByTimeAsync(16_000)
    expect(state().connection.status).toBe('reconnecting')
    relay.respond(null)
    await change({ isVisible: false })
    expect(state().connection.status).toBe('reconnecting')
    await change({ isVisible: true })
    expect(state().connection.status).toBe('open')
  })

  describe('whose relay asks to be left alone for 3 s, after a minute of trouble', () => {
    async function refuse() {
      vi.spyOn(Math, 'random').mockReturnValue(1)
      onTestFinished(() => void vi.restoreAllMocks())
      const page = open()
      const { relay } = page
      relay.respond(503)
      await vi.advanceTimersByTimeAsync(60_000)
      const { requests } = relay
      relay.respond(() => new Response(null, { status: 503, headers: { 'retry-after': '3' } }))
      while (relay.requests === requests) await vi.advanceTimersByTimeAsync(100)
      relay.respond(null)
      return { ...page, asked: requests + 1 }
    }

    it.each([
      ['hidden and shown', { isVisible: false }, { isVisible: true }],
      ['offline and online', { isOnline: false }, { isOnline: true }],
    ])('and that is %s meanwhile asks again after the 3 s, and not before', async (_, away, back) => {
      const { relay, state, change, asked } = await refuse()
      await vi.advanceTimersByTimeAsync(1000)
      await change(away)
      await vi.advanceTimersByTimeAsync(1000)
      await change(back)
      await vi.advanceTimersByTimeAsync(800)
      expect(relay.requests).toBe(asked)
      expect(state().connection.status).toBe('reconnecting')
      await vi.advanceTimersByTimeAsync(300)
      expect(relay.requests).toBe(asked + 1)
      expect(state().connection.status).toBe('open')
    })

    it('and that is shown again after them asks at once', async () => {
      const { relay, change, asked } = await refuse()
      await change({ isVisible: false })
      await vi.advanceTimersByTimeAsync(5000)
      expect(relay.requests).toBe(asked)
      await change({ isVisible: true })
      expect(relay.requests).toBe(asked + 1)
    })

    it('and that nobody comes back to waits for its turn', async () => {
      const { relay, change, asked } = await refuse()
      await vi.advanceTimersByTimeAsync(1000)
      await change({ isVisible: false })
      await vi.advanceTimersByTimeAsync(20_000)
      expect(relay.requests).toBe(asked)
    })
  })
})

describe('where streams are swallowed', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
  })

  /** A relay behind a proxy that holds streams back until they end, and lets everything else through. */
  function openBehindProxy() {
    const relay = createMockRelay()
    const proxy = { swallows: true, isDown: false }
    const asked: string[] = []
    const { client, state } = mockPage({
      url: relay.url,
      connectTimeout: 1000,
      fetch: async (input, init) => {
        const isStream = isForStream(init)
        asked.push(isStream ? 'stream' : 'snapshot')
        if (proxy.isDown) throw new TypeError('Failed to fetch')
        if (!isStream || !proxy.swallows) return relay.fetch(input, init)
        return new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } })
      },
    })
    client.subscribe(USER, () => {})
    const answer = (status: 'ADDED' | 'ERROR') => relay.emit(USER, status)
    return { client, relay, proxy, asked, answer, state }
  }

  it('asks for snapshots, says so, and learns what happens', async () => {
    const { state, asked, answer } = openBehindProxy()
    await vi.advanceTimersByTimeAsync(3000)
    expect(asked.slice(0, 3)).toEqual(['stream', 'stream', 'snapshot'])
    expect(state()).toMatchObject({
      connection: { status: 'open', pauseReason: null, transport: 'polling' },
      status: { outcome: 'none' },
    })
    answer('ERROR')
    answer('ADDED')
    await vi.advanceTimersByTimeAsync(6001)
    expect(state().status?.outcome).toBe('added')
  })

  it('counts every file of an attempt, and nothing from before it', async () => {
    const { client, state, answer } = openBehindProxy()
    await vi.advanceTimersByTimeAsync(3000)
    answer('ERROR')
    const beginning = client.beginUpload(USER, { files: 2 })
    await vi.advanceTimersByTimeAsync(3001)
    await beginning
    await vi.advanceTimersByTimeAsync(6001)
    expect(state().status?.outcome).toBe('waiting')
    answer('ADDED')
    answer('ADDED')
    await vi.advanceTimersByTimeAsync(6001)
    expect(state().status).toMatchObject({ outcome: 'added', files: { expected: 2, added: 2, failed: 0 } })
  })

  it('is polite: a question every 4 to 6 s, and a stream about once a minute', async () => {
    const { asked } = openBehindProxy()
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    const snapshots = asked.filter((kind) => kind === 'snapshot').length
    const streams = asked.length - snapshots
    expect(snapshots).toBeGreaterThan(40)
    expect(snapshots).toBeLessThan(76)
    expect(streams).toBeGreaterThan(4)
    expect(streams).toBeLessThan(9)
  })

  it('goes back to the stream once that comes through', async () => {
    const { state, proxy, relay } = openBehindProxy()
    await vi.advanceTimersByTimeAsync(3000)
    proxy.swallows = false
    await vi.advanceTimersByTimeAsync(75_000)
    expect(state().connection).toMatchObject({ status: 'open', transport: 'stream', cause: null })
    relay.emit(USER, 'ADDED')
    await vi.advanceTimersByTimeAsync(0)
    expect(state().status?.outcome).toBe('added')
  })

  it('says that the line is lost when there is no answer either', async () => {
    const { state, proxy } = openBehindProxy()
    await vi.advanceTimersByTimeAsync(3000)
    proxy.isDown = true
    await vi.advanceTimersByTimeAsync(6001)
    expect(state().connection).toMatchObject({
      status: 'reconnecting',
      transport: 'polling',
      cause: { code: 'network' },
    })
  })
})
