import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRelay, type Fact, type Relay, type RelayOptions } from '../../../src/relay/index.ts'
import { toNodeHandler } from '../../../src/relay/servers/node.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { prometheusMetrics } from '../../../src/relay/telemetry/metrics.ts'
import { openStream, silentLogger, tokens, USER, WEBHOOK_TOKEN } from '../serve.ts'

const relayWith = (options: Partial<RelayOptions> = {}) =>
  createRelay({
    store: memoryStore(),
    webhookTokens: [WEBHOOK_TOKEN],
    subscriptionTokens: tokens,
    logger: silentLogger(),
    ...options,
  } as RelayOptions)

/** A server with the relay in front, as a middleware, and a route of its own behind it. */
async function serveBefore(relay: Pick<Relay, 'fetch'>, before = async (_: IncomingMessage) => {}) {
  const handle = toNodeHandler(relay, { fallthrough: true })
  const server = createServer(async (message, response) => {
    await before(message)
    void handle(message, response, async () => {
      const body = Buffer.concat(await message.toArray()).toString()
      response.end(`the rest: ${message.method} ${message.url} ${body}`)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the paths of a relay', () => {
  const plain = ['/webhook/kyc-files/status', '/webhook/health', `/events/${USER}`, '/events/', '/healthz', '/readyz']
  const others = [
    '/',
    '',
    '/webhook',
    '/webhook/',
    '/webhook/cards',
    '/webhook/kyc-files/status/',
    '/events',
    '/metrics',
  ]

  it.each<[string, Partial<RelayOptions>, string[], string[]]>([
    ['as it is', {}, plain, [...others, '/kyc/healthz', '/healthz?a']],
    [
      'below a base path',
      { basePath: '/kyc' },
      plain.map((path) => `/kyc${path}`),
      [...plain, '/kyc', '/kyc/', '/kycs/healthz'],
    ],
    ['without health', { health: false }, plain.slice(0, 4), [...others, '/healthz', '/readyz']],
    ['with admin tokens', { adminTokens: ['admin'] }, [...plain, '/users/', '/users/a/b/c'], [...others, '/users']],
    ['with metrics', { metrics: prometheusMetrics() }, [...plain, '/metrics'], others.slice(0, -1)],
    [
      'with forward',
      { forward: { url: 'http://127.0.0.1:9999' } },
      [...plain, '/webhook/', '/webhook/cards', '/webhook/a/b'],
      ['/webhook', '/metrics', '/webhooks/'],
    ],
  ])('are these: %s', (_, options, own, foreign) => {
    const { handles } = relayWith(options)
    expect(own.filter((path) => !handles(path))).toEqual([])
    expect(foreign.filter((path) => handles(path))).toEqual([])
  })

  it('have no /healthz and no /readyz where they are off', async () => {
    const relay = relayWith({ health: false })
    for (const path of ['/healthz', '/readyz']) {
      expect((await relay.fetch(new Request(`http://relay${path}`))).status).toBe(404)
    }
    expect((await relay.fetch(new Request('http://relay/webhook/health'))).status).toBe(200)
  })
})

describe('a relay with fallthrough', () => {
  it('answers what is its own, and leaves the rest of the server its requests as they came', async () => {
    const url = await serveBefore(relayWith())
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/events/${USER}`)).status).toBe(401)
    expect(await (await fetch(`${url}/kyc?a=1`)).text()).toBe('the rest: GET /kyc?a=1 ')
    expect(await (await fetch(`${url}/webhook/cards`, { method: 'PUT', body: 'whole' })).text()).toBe(
      'the rest: PUT /webhook/cards whole',
    )
    expect(await (await fetch(url, { method: 'DELETE' })).text()).toBe('the rest: DELETE / ')
  })

  it('leaves what was read before to the rest, and says what is wrong where it is its own', async () => {
    const url = await serveBefore(relayWith(), async (message) => void (await message.toArray()))
    expect(await (await fetch(`${url}/other`, { method: 'POST', body: 'x' })).text()).toBe('the rest: POST /other ')
    expect((await fetch(`${url}/webhook/kyc-files/status`, { method: 'POST', body: 'x' })).status).toBe(500)
  })

  it('tells of a webhook with the right token that it passes on, and of no other', async () => {
    const facts: Fact[] = []
    const logger = silentLogger()
    const metrics = { report: (fact: Fact) => void facts.push(fact), expose: vi.fn() }
    const url = await serveBefore(relayWith({ logger, metrics }))
    const post = (path: string, authorization: string) =>
      fetch(`${url}${path}`, { method: 'POST', headers: { authorization }, body: 'x' })
    await post('/webhook/cards?secret', WEBHOOK_TOKEN)
    await post('/elsewhere', WEBHOOK_TOKEN)
    await post('/webhook/cards', 'wrong')
    await fetch(`${url}/webhook/cards`, { headers: { authorization: WEBHOOK_TOKEN } })
    expect(facts).toEqual([
      { type: 'webhook', result: 'passed_on', path: 'cards' },
      { type: 'webhook', result: 'passed_on' },
    ])
    expect(logger.info.mock.calls).toEqual([
      [{ path: 'cards' }, 'webhook passed on'],
      [{}, 'webhook passed on'],
    ])
    expect(logger.warn).not.toHaveBeenCalled()
  })

  it('is asked whether a path is its own where it is wrapped, and needs its handles for that', async () => {
    const { fetch: answer, handles } = relayWith()
    const wrapped = { fetch: (request: Request, native?: unknown) => answer(request, native), handles }
    const url = await serveBefore(wrapped)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(await (await fetch(`${url}/other`, { method: 'POST', body: 'x' })).text()).toBe('the rest: POST /other x')
    expect(() => toNodeHandler({ fetch: answer }, { fallthrough: true })).toThrow(/fallthrough needs relay.handles/)
  })

  it('answers 404 where there is no rest, and without fallthrough', async () => {
    for (const options of [{}, { fallthrough: true }]) {
      const server = createServer(toNodeHandler(relayWith(), options)).listen(0, '127.0.0.1')
      await once(server, 'listening')
      onTestFinished(() => void server.close())
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      expect((await fetch(`${url}/other`, { headers: { connection: 'close' } })).status).toBe(404)
    }
  })

  it.each([{ fallThrough: true }, { fallthrough: 'yes' }])('refuses the options %j', (options) => {
    expect(() => toNodeHandler(relayWith(), options as object)).toThrow(/toNodeHandler: fall/)
  })
})

describe("the server's own request", () => {
  it.each<[string, (relay: Relay) => Pick<Relay, 'fetch'>]>([
    ['as it is', (relay) => relay],
    ['wrapped', ({ fetch: answer }) => ({ fetch: (request, native) => answer(request, native) })],
  ])('is what authorizeSubscriber is told besides: a relay %s', async (_, wrap) => {
    const relay = relayWith({
      subscriptionTokens: undefined as never,
      authorizeSubscriber: (_request, native: IncomingMessage & { user?: string }) => native.user ?? null,
    })
    const signIn = (message: IncomingMessage) => Object.assign(message, { user: USER })
    const handle = toNodeHandler(wrap(relay))
    const server = createServer((message, response) => void handle(signIn(message), response)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const stream = await openStream(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events/${USER}`, {})
    expect(stream.status).toBe(200)
    stream.close()
  })

  it('is the second argument of fetch', async () => {
    const relay = relayWith({
      subscriptionTokens: undefined as never,
      authorizeSubscriber: (_, native) => (native === 'signed in' ? USER : null),
    })
    const headers = { accept: 'application/json' }
    const ask = (native?: unknown) => relay.fetch(new Request(`http://relay/events/${USER}`, { headers }), native)
    expect((await ask('signed in')).status).toBe(200)
    expect((await ask()).status).toBe(401)
  })
})
