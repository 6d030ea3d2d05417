import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createKycStatusClient, type KycStatusClientOptions } from '../../src/client/index.ts'
import { createKycStatusClient as createReactClient } from '../../src/react/client.ts'
import { fakeTime, pass } from './fake-time.ts'
import { expectNoUnhandledRejection, USER } from './mock-page.ts'

beforeEach(() => {
  fakeTime()
  expectNoUnhandledRejection()
})

/** What is missing on a platform, or looks otherwise there. */
function platform(globals: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
  onTestFinished(() => void vi.unstubAllGlobals())
}

/** A response whose body can't be read while it comes, as that of React Native. */
class WholeResponse {
  readonly status = 200
  readonly headers = new Headers({ 'content-type': 'application/json' })
  readonly #value: object
  constructor(value: object) {
    this.#value = value
  }
  json = async () => this.#value
}

/** A relay, and a `fetch` whose response comes whole: that to a request for a stream never does. */
function wholeRelay() {
  const events: { id: string; event: string; data: object }[] = []
  const network = { isDown: false, asked: [] as (string | null)[] }
  const fetch = async (_: unknown, init?: RequestInit): Promise<unknown> => {
    const accept = new Headers(init?.headers).get('accept')
    network.asked.push(accept)
    if (network.isDown) throw new TypeError('Network request failed')
    if (accept === 'text/event-stream') return new Promise<never>(() => {})
    const cursor = events.at(-1)?.id ?? '1-0'
    return new WholeResponse({ cursor, now: new Date().toISOString(), events, complete: true })
  }
  const emit = (status: string) => {
    const data = { externalUserId: USER, status, receivedAt: new Date().toISOString() }
    events.push({ id: `${Date.now()}-${events.length}`, event: 'kyc-file', data })
  }
  return { url: `http://relay-${Math.random()}.test`, network, emit, fetch: fetch as typeof globalThis.fetch }
}

/** React Native: a `window` that takes no listeners, no `document`, and a `fetch` whose response comes whole. */
const REACT_NATIVE = {
  window: {},
  navigator: { product: 'ReactNative' },
  document: undefined,
  crypto: undefined,
  DOMException: undefined,
  ReadableStream: undefined,
  BroadcastChannel: undefined,
  sessionStorage: undefined,
  localStorage: undefined,
}

function open(options: KycStatusClientOptions, create = createKycStatusClient) {
  const client = create(options)
  onTestFinished(() => client.close())
  client.subscribe(USER, () => {})
  return { client, state: () => client.getState(USER) }
}

describe.each([
  ['the client', createKycStatusClient],
  ['the client of the React kit', createReactClient],
] as const)('%s in React Native', (_, create) => {
  function openThere(globals: Record<string, unknown> = {}, onOutcome?: () => void) {
    const { fetch, ...relay } = wholeRelay()
    platform({ ...REACT_NATIVE, Response: WholeResponse, fetch, ...globals })
    const options = { url: relay.url, getToken: () => 'token', ...(onOutcome && { onOutcome }) }
    return { ...relay, ...open(options, create) }
  }

  it('polls at once, and never tries a stream', async () => {
    const { network, state } = openThere()
    await pass(1)
    expect(state()).toMatchObject({ connection: { status: 'open', transport: 'polling' }, status: { outcome: 'none' } })
    await pass(300_000)
    expect(new Set(network.asked)).toEqual(new Set(['application/json']))
  })

  it('begins an upload, and shows its answer within 6 s', async () => {
    const { emit, client, state } = openThere()
    emit('ERROR')
    await pass(1)
    const { id } = await client.beginUpload(USER)
    expect(state().status).toMatchObject({ outcome: 'waiting', attemptId: id })
    await pass(1000)
    emit('ADDED')
    await pass(6000)
    expect(state().status).toMatchObject({ outcome: 'added', attemptId: id })
  })

  it('heals', async () => {
    const { network, state } = openThere()
    await pass(1)
    network.isDown = true
    await pass(10_000)
    expect(state().connection.status).toBe('reconnecting')
    network.isDown = false
    await pass(10_000)
    expect(state().connection).toMatchObject({ status: 'open', transport: 'polling' })
  })

  it('tells the outcome', async () => {
    const onOutcome = vi.fn()
    const { emit, client } = openThere({}, onOutcome)
    await client.beginUpload(USER)
    await pass(1000)
    emit('ADDED')
    await pass(6000)
    expect(onOutcome).toHaveBeenCalledOnce()
  })

  it('signs out and closes', async () => {
    const { network, client, state } = openThere()
    await pass(1)
    client.signOut()
    expect(state()).toMatchObject({ connection: { status: 'idle' }, status: null })
    const { length } = network.asked
    await pass(60_000)
    expect(network.asked).toHaveLength(length)
    client.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each<[string, Record<string, unknown>]>([
    ['without a navigator', { navigator: undefined }],
    ['without a window', { window: undefined }],
    ['without performance', { performance: undefined }],
    ['without TextDecoder', { TextDecoder: undefined }],
    ['without TextEncoder', { TextEncoder: undefined, TextDecoder: undefined }],
    ['with ReadableStream, and without a body', { ReadableStream }],
    ['with an empty document', { document: {} }],
    ['with BroadcastChannel, and without locks', { BroadcastChannel, document: {} }],
  ])('%s works as well', async (_name, globals) => {
    const { emit, client, state } = openThere(globals)
    const beginning = client.beginUpload(USER)
    await pass(3001)
    await beginning
    emit('ADDED')
    await pass(12_000)
    expect(state()).toMatchObject({ connection: { status: 'open' }, status: { outcome: 'added' } })
  })
})
