import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { fakeTime, pass } from './fake-time.ts'
import { mockPage, USER } from './mock-page.ts'

type Held = (lock: object | null) => unknown
type Request = (name: string, options: LockOptions, held: Held) => Promise<unknown>

/** A browser with one tab, whose locks are in the test's hands. */
function setUp(request: Request) {
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      postMessage() {}
      addEventListener() {}
      close() {}
    },
  )
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
  const onOutcome = vi.fn()
  const page = mockPage({ onOutcome })
  onTestFinished(() => {
    page.client.close()
    Reflect.deleteProperty(navigator, 'locks')
    vi.unstubAllGlobals()
    sessionStorage.clear()
    localStorage.clear()
  })
  return { ...page, onOutcome }
}

beforeEach(() => fakeTime())

/** How `locks.request` can be of no use. */
const useless: [string, Request][] = [
  ['never settles', () => new Promise(() => {})],
  ['rejects', () => Promise.reject(new DOMException('denied', 'SecurityError'))],
  [
    'throws',
    () => {
      throw new TypeError('Illegal invocation')
    },
  ],
  ['rejects after a second', (_name, _options, _held) => new Promise((_, no) => setTimeout(no, 1000))],
  [
    'never settles once another tab is said to have the lock',
    (_name, { ifAvailable }, held) => (ifAvailable ? Promise.resolve(held(null)) : new Promise(() => {})),
  ],
]

describe.each(useless)('where locks.request %s', (_, request) => {
  it('the line is open within 7 s', async () => {
    const { client, state } = setUp(request)
    client.subscribe(USER, () => {})
    await pass(7000)
    expect(state()).toMatchObject({ connection: { status: 'open', cause: null }, status: { outcome: 'none' } })
  })

  it('an upload begins within 3 s, and its answer is shown', async () => {
    const { relay, client, state } = setUp(request)
    client.subscribe(USER, () => {})
    const beginning = client.beginUpload(USER)
    await pass(3001)
    await beginning
    await pass(5000)
    relay.emit(USER, 'ADDED')
    await pass(100)
    expect(state().status?.outcome).toBe('added')
  })

  it('the outcome is told once', async () => {
    const { relay, client, onOutcome } = setUp(request)
    client.subscribe(USER, () => {})
    const beginning = client.beginUpload(USER)
    await pass(3001)
    await beginning
    await pass(5000)
    relay.emit(USER, 'ADDED')
    await pass(10_000)
    expect(onOutcome).toHaveBeenCalledOnce()
  })

  it.each([0, 1000, 3000, 6000, 20_000])('no timer outlives a client that is closed after %i ms', async (ms) => {
    const { client } = setUp(request)
    const before = vi.getTimerCount()
    client.subscribe(USER, () => {})
    await pass(ms)
    client.close()
    await pass(1001)
    expect(vi.getTimerCount()).toBe(before)
  })
})

describe.each([1000, 2500, 10_000, 60_000])('a lock that is answered %i ms late', (late) => {
  /** What has happened to the lock. */
  function lateLocks() {
    const seen: string[] = []
    const request: Request = async (name, _options, held) => {
      if (!name.startsWith('kyc-upload-status http')) return held({})
      await new Promise((resolve) => setTimeout(resolve, late))
      const holding = held({})
      seen.push('given')
      await holding
      seen.push('let go')
      return undefined
    }
    return { seen, request }
  }

  it('does not make a second line, and is shown as one that is well', async () => {
    const { request } = lateLocks()
    const { relay, client, state } = setUp(request)
    client.subscribe(USER, () => {})
    await pass(late + 10_000)
    expect(state().connection).toMatchObject({ status: 'open', transport: 'stream', cause: null })
    expect(relay.connections).toBe(1)
    relay.emit(USER, 'ADDED')
    await pass(100)
    expect(state().status?.outcome).toBe('added')
  })

  it('is let go of when nobody wants it any more', async () => {
    const { request, seen } = lateLocks()
    const { client } = setUp(request)
    const leave = client.subscribe(USER, () => {})
    await pass(500)
    leave()
    await pass(late + 10_000)
    expect(seen.filter((what) => what === 'given')).toHaveLength(seen.filter((what) => what === 'let go').length)
  })

  it('is let go of by a client that was closed meanwhile', async () => {
    const { request, seen } = lateLocks()
    const { client } = setUp(request)
    client.subscribe(USER, () => {})
    await pass(500)
    client.close()
    await pass(late + 10_000)
    expect(seen.filter((what) => what === 'given')).toHaveLength(seen.filter((what) => what === 'let go').length)
  })
})
