import { beforeEach, describe, expect, it } from 'vitest'
import { createKycStatusClient, type KycStatusClientOptions } from '../../src/client/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'
import { fakeTime, pass } from './fake-time.ts'
import { expectNoUnhandledRejection, isForStream, mockPage, USER } from './mock-page.ts'

beforeEach(() => {
  fakeTime()
  expectNoUnhandledRejection()
})

function open(options: Partial<KycStatusClientOptions>) {
  const page = mockPage(options)
  page.client.subscribe(USER, () => {})
  return page
}

describe("with transport: 'polling'", () => {
  it('no stream is ever opened', async () => {
    const { relay, state } = open({ transport: 'polling' })
    await pass(600_000)
    expect(relay.opened).toBe(0)
    expect(state().connection).toMatchObject({ status: 'open', transport: 'polling' })
  })

  it('it says so from the start, before the relay is heard', () => {
    const { state } = open({ transport: 'polling' })
    expect(state().connection).toMatchObject({ status: 'connecting', transport: 'polling' })
  })

  it('no stream is opened after trouble, or when the page comes back', async () => {
    const { relay, client, state } = open({ transport: 'polling' })
    for (const answer of ['network', 404, 403, 503] as const) {
      relay.respond(answer)
      await pass(20_000)
      relay.respond(null)
      client.reconnect(USER)
      await pass(20_000)
      expect(state().connection).toMatchObject({ status: 'open', transport: 'polling' })
    }
    expect(relay.opened).toBe(0)
  })

  it('no stream is opened by an upload', async () => {
    const { relay, client, state } = open({ transport: 'polling' })
    await pass(100)
    const beginning = client.beginUpload(USER, { files: 2 })
    await pass(100)
    await beginning
    relay.emit(USER, 'ADDED')
    relay.emit(USER, 'ADDED')
    await pass(6000)
    expect(state().status).toMatchObject({ outcome: 'added', files: { expected: 2, added: 2 } })
    expect(relay.opened).toBe(0)
  })

  it('it asks every 4 to 6 s', async () => {
    const { relay } = open({ transport: 'polling' })
    await pass(600_000)
    expect(relay.requests).toBeGreaterThanOrEqual(100)
    expect(relay.requests).toBeLessThanOrEqual(151)
  })

  it("any other word than 'auto' and 'polling' is refused", () => {
    const create = () => createKycStatusClient({ url: 'http://relay.test', transport: 'stream' as never })
    expect(create).toThrow(/transport: expected 'auto' or 'polling'/)
  })
})

/** What is in the place of a body that can be read while it comes. */
describe.each<[string, object]>([
  ['no body', {}],
  ['a body that is null', { body: null }],
  ["a body that is a stream of Node.js's, as that of node-fetch", { body: { on() {}, pipe() {} } }],
  ['a body that is a Blob', { body: new Blob(['']) }],
])('a fetch whose response has %s', (_, body) => {
  function openWith() {
    const relay = createMockRelay()
    const asked: string[] = []
    const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const response = await relay.fetch(input, init)
      const isStream = isForStream(init)
      asked.push(isStream ? 'stream' : 'snapshot')
      return isStream ? ({ status: 200, headers: response.headers, ...body } as Response) : response
    }
    return { ...open({ url: relay.url, fetch: fetch as typeof globalThis.fetch }), relay, asked }
  }

  it('polls at once, and not after 20 s', async () => {
    const { asked, state } = openWith()
    await pass(1)
    expect(asked).toEqual(['stream', 'snapshot'])
    expect(state().connection).toMatchObject({ status: 'open', transport: 'polling', cause: null })
  })

  it('shows what happens within 6 s', async () => {
    const { relay, state } = openWith()
    await pass(1)
    relay.emit(USER, 'ADDED')
    await pass(6000)
    expect(state().status?.outcome).toBe('added')
  })

  it('is open all the time, and asks for a stream about once a minute', async () => {
    const { asked, client } = openWith()
    await pass(1)
    const statuses = new Set<string>()
    client.subscribe(USER, () => statuses.add(client.getState(USER).connection.status))
    await pass(600_000)
    expect([...statuses]).toEqual([])
    expect(asked.filter((kind) => kind === 'stream').length).toBeLessThanOrEqual(12)
  })
})
