import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { KycStatusClientOptions } from '../../src/client/index.ts'
import type { Responder } from '../../src/testing/index.ts'
import { fakePage, fakeTime, pass, settle } from './fake-time.ts'
import { mockPage, USER } from './mock-page.ts'

const DEPLOYMENT = 2500
const HOUR = 3_600_000

/** The longest wait of all, so that what heals does not heal by luck. */
beforeEach(() => {
  fakeTime()
  vi.spyOn(Math, 'random').mockReturnValue(0.99)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  onTestFinished(() => void vi.restoreAllMocks())
})

function setUp(options: Partial<KycStatusClientOptions> = {}) {
  const { presence, turn } = fakePage()
  return { turn, ...mockPage({ getToken: () => 'token', presence, ...options }) }
}

const html: Responder = () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })

/** What a deployment, or a captive portal, answers for a while. */
const heals: [string, number | Responder | 'network'][] = [
  ['404', 404],
  ['a page of HTML', html],
  ['204', 204],
  ['405', 405],
  ['410', 410],
  ['502', 502],
  ['503', 503],
  ['JSON of somebody else', () => Response.json({ hello: 'world' })],
  ['no network', 'network'],
]

/** What the same request will not change, for as long as nobody comes back. */
const stays: [string, number][] = [
  ['401', 401],
  ['403', 403],
]

describe.each(heals)('%s for 2.5 s', (_, answer) => {
  it('from the start heals by itself within 10 s', async () => {
    const { relay, client, state } = setUp()
    relay.respond(answer)
    relay.emit(USER, 'ADDED')
    client.subscribe(USER, () => {})
    await pass(DEPLOYMENT)
    expect(state()).toMatchObject({ error: null, connection: { status: 'reconnecting' } })
    relay.respond(null)
    await pass(10_000)
    expect(state()).toMatchObject({ connection: { status: 'open', cause: null }, status: { outcome: 'added' } })
  })

  it('after the line was lost heals by itself within 10 s', async () => {
    const { relay, client, state } = setUp()
    client.subscribe(USER, () => {})
    await pass(1000)
    relay.respond(answer)
    relay.drop()
    relay.emit(USER, 'ADDED')
    await pass(DEPLOYMENT)
    expect(state()).toMatchObject({ error: null, connection: { status: 'reconnecting' } })
    relay.respond(null)
    await pass(10_000)
    expect(state()).toMatchObject({ connection: { status: 'open', cause: null }, status: { outcome: 'added' } })
  })

  it('that has lasted for an hour heals by itself within 30 s', async () => {
    const { relay, client, state } = setUp()
    relay.respond(answer)
    client.subscribe(USER, () => {})
    vi.spyOn(Math, 'random').mockReturnValue(1)
    await pass(120_000)
    relay.respond(null)
    await pass(30_000)
    expect(state().connection).toMatchObject({ status: 'open', cause: null })
  })
})

describe.each([...heals, ...stays])('after 2.5 s of %s', (_, answer) => {
  async function trouble(options: Partial<KycStatusClientOptions> = {}) {
    const page = setUp(options)
    page.relay.respond(answer)
    const leave = page.client.subscribe(USER, () => {})
    await pass(DEPLOYMENT)
    expect(page.state().connection.status).not.toBe('open')
    page.relay.respond(null)
    return { ...page, leave }
  }

  it('it is open at once when the page was hidden and is shown', async () => {
    const { turn, state } = await trouble()
    turn({ isVisible: false })
    await settle()
    turn({ isVisible: true })
    await pass(1)
    expect(state()).toMatchObject({ error: null, connection: { status: 'open', cause: null } })
  })

  it('it is open at once when the page was hidden for minutes and is shown', async () => {
    const { turn, state } = await trouble()
    turn({ isVisible: false })
    await pass(120_000)
    turn({ isVisible: true })
    await pass(1)
    expect(state()).toMatchObject({ error: null, connection: { status: 'open', cause: null } })
  })

  it('it is open at once when the network was gone and is back', async () => {
    const { turn, state } = await trouble()
    turn({ isOnline: false })
    await settle()
    turn({ isOnline: true })
    await pass(1)
    expect(state()).toMatchObject({ error: null, connection: { status: 'open', cause: null } })
  })

  it('it is open at once when it is told to reconnect', async () => {
    const { client, state } = await trouble()
    client.reconnect(USER)
    await pass(1)
    expect(state()).toMatchObject({ error: null, connection: { status: 'open', cause: null } })
  })

  it('it is open at once when its only reader has left for longer than the connection is kept, and comes again', async () => {
    const { client, leave, state } = await trouble()
    leave()
    await pass(1100)
    expect(state().connection.status).toBe('idle')
    client.subscribe(USER, () => {})
    await pass(1)
    expect(state()).toMatchObject({ error: null, connection: { status: 'open', cause: null } })
  })

  it('it is open when the page is hidden and shown twice, the first time too early', async () => {
    const { relay, turn, state } = await trouble()
    relay.respond(answer)
    for (const isOver of [false, true]) {
      if (isOver) relay.respond(null)
      turn({ isVisible: false })
      await settle()
      turn({ isVisible: true })
      await pass(1)
    }
    expect(state()).toMatchObject({ error: null, connection: { status: 'open', cause: null } })
  })
})

describe.each(stays)('a line that has failed with %s', (_, status) => {
  async function failed(options: Partial<KycStatusClientOptions> = {}) {
    const page = setUp(options)
    page.relay.respond(status)
    const leave = page.client.subscribe(USER, () => {})
    await pass(DEPLOYMENT)
    expect(page.state().connection.status).toBe('failed')
    return { ...page, leave }
  }

  it('asks for nothing while nobody comes back', async () => {
    const { relay } = await failed()
    const { requests } = relay
    relay.respond(null)
    await pass(120_000)
    expect(relay.requests).toBe(requests)
  })

  it('heals an hour later, when the page is shown again', async () => {
    const { relay, turn, state } = await failed()
    relay.respond(null)
    turn({ isVisible: false })
    vi.setSystemTime(Date.now() + HOUR)
    turn({ isVisible: true })
    await pass(1)
    expect(state()).toMatchObject({ error: null, connection: { status: 'open' } })
  })

  it('heals when another reader comes beside the first one', async () => {
    const { relay, client, state } = await failed()
    relay.respond(null)
    client.subscribe(USER, () => {})
    await pass(1)
    expect(state()).toMatchObject({ error: null, connection: { status: 'open' } })
  })

  it('fails again when it is still refused, and says so', async () => {
    const { relay, turn, state } = await failed()
    const { requests } = relay
    turn({ isVisible: false })
    turn({ isVisible: true })
    await pass(1)
    expect(state().connection.status).toBe('failed')
    expect(relay.requests - requests).toBeLessThanOrEqual(2)
  })

  it('heals where cookies say who it is', async () => {
    const { presence, turn } = fakePage()
    const { relay, client, state } = mockPage({ presence })
    relay.respond(status)
    client.subscribe(USER, () => {})
    await pass(DEPLOYMENT)
    relay.respond(null)
    turn({ isOnline: false })
    turn({ isOnline: true })
    await pass(1)
    expect(state()).toMatchObject({ error: null, connection: { status: 'open' } })
  })
})

it('a credential that is refused once is made again, and nobody hears of it', async () => {
  const onError = vi.fn()
  const { relay, client, state } = setUp({ onError })
  let refusals = 1
  relay.respond((request) => {
    if (refusals-- > 0) return new Response(null, { status: 401 })
    relay.respond(null)
    return relay.fetch(request)
  })
  client.subscribe(USER, () => {})
  await pass(1)
  expect(state()).toMatchObject({ error: null, connection: { status: 'open' } })
  expect(onError).not.toHaveBeenCalled()
})

it('a network that comes back between the question and the listening is not missed', async () => {
  // Online from the second question on, and nobody is told.
  const isOnline = vi.fn(() => true).mockReturnValueOnce(false)
  const { client, state } = mockPage({ presence: { isVisible: () => true, isOnline, subscribe: () => () => {} } })
  client.subscribe(USER, () => {})
  await pass(10)
  expect(state().connection.status).toBe('open')
})
