import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createRelay, type Fact, type Relay, StoreUnavailableError } from '../../../src/relay/index.ts'
import { toNodeHandler } from '../../../src/relay/servers/node.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { serve, silentLogger, tokens, USER, WEBHOOK_TOKEN } from '../serve.ts'

const added = { externalUserId: USER, status: 'ADDED' }

/** Keeps every fact, and what is logged as a warning or an error. */
function observed() {
  const facts: Fact[] = []
  const lines: Record<string, unknown>[] = []
  const keep = (fields: object, message: string) => void lines.push({ ...fields, message })
  const metrics = {
    report: (fact: Fact) => void facts.push(fact),
    expose: async () => ({ contentType: 'text/plain', text: '' }),
  }
  const counts = () => facts.flatMap((fact) => (fact.type === 'webhook' ? [fact.result] : []))
  return { lines, counts, options: { logger: { ...silentLogger(), warn: keep, error: keep }, metrics } }
}

function post(url: string, { token = WEBHOOK_TOKEN, body = JSON.stringify(added) } = {}): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { authorization: token, 'content-type': 'application/json' }, body })
}

const STATUS_PATH = '/webhook/kyc-files/status'

it.each([
  ['a slash at its end', `/kyc${STATUS_PATH}/`, {}, 404, 'unknown_path', 'kyc-files/status/'],
  ['two slashes', `/kyc/${STATUS_PATH}`, {}, 404, 'unknown_path', 'kyc-files/status'],
  ['no base path', STATUS_PATH, {}, 404, 'unknown_path', 'kyc-files/status'],
  ["another event type's path", '/kyc/webhook/balances/changed', {}, 404, 'unknown_path', 'balances/changed'],
  ['a long path', `/kyc/webhook/${'x'.repeat(500)}`, {}, 404, 'unknown_path', 'x'.repeat(200)],
  ['a path with a query', '/kyc/webhook/cards?secret=1', {}, 404, 'unknown_path', 'cards'],
  ['an unknown path and a wrong token', '/kyc/webhook/cards', { token: 'wrong' }, 401, 'unauthorized', 'cards'],
  ['a wrong token', `/kyc${STATUS_PATH}`, { token: 'wrong' }, 401, 'unauthorized', 'kyc-files/status'],
  ["a stranger's path", '/wp-login.php', { token: 'wrong' }, 404, 'invalid', null],
  ["a user's path", `/kyc/events/${USER}`, {}, 405, 'invalid', null],
  ['a shape', `/kyc${STATUS_PATH}`, { body: '{}' }, 422, 'invalid', 'kyc-files/status'],
  ['no JSON', `/kyc${STATUS_PATH}`, { body: '{' }, 400, 'invalid', 'kyc-files/status'],
  ['the probe', '/kyc/webhook/health', {}, 405, 'invalid', 'health'],
])('leaves one line and one count of a POST that is refused for %s', async (_, path, init, code, result, below) => {
  const { lines, counts, options } = observed()
  const { url } = await serve({ ...options, basePath: '/kyc' })
  const response = await post(new URL(path, url).href, init)
  expect(response.status).toBe(code)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(counts()).toEqual([result])
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ message: 'webhook refused', result, code })
  expect(lines[0]?.path ?? null).toBe(below)
  for (const secret of [WEBHOOK_TOKEN, USER, 'secret']) expect(JSON.stringify(lines)).not.toContain(secret)
})

it('answers 404 to a GET below /webhook/, and leaves no line', async () => {
  const { lines, counts, options } = observed()
  const { url } = await serve(options)
  expect((await fetch(`${url}/webhook/cards`)).status).toBe(404)
  expect([lines, counts()]).toEqual([[], []])
})

it.each([
  ['as it is', (relay: Relay) => relay],
  ['wrapped', (relay: Relay) => ({ fetch: (request: Request) => relay.fetch(request) })],
])(
  'leaves one line of a POST whose body was read before, and of one to a malformed path: a relay %s',
  async (_, wrap) => {
    const { lines, counts, options } = observed()
    for (const level of ['warn', 'error'] as const) {
      const spied = vi.spyOn(console, level).mockImplementation((message, fields) => {
        lines.push({ ...fields, message: String(message).replace('kyc-upload-status: ', '') })
      })
      onTestFinished(() => spied.mockRestore())
    }
    const store = memoryStore()
    const relay = createRelay({ store, webhookTokens: [WEBHOOK_TOKEN], subscriptionTokens: tokens, ...options })
    const handle = toNodeHandler(wrap(relay))
    const server = createServer((request, response) => {
      if (request.url === '/webhook/odd') request.url = '/webhook/..\\odd?secret'
      else request.on('end', () => void handle(request, response)).resume()
      if (request.url?.includes('odd')) void handle(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect((await post(`${url}${STATUS_PATH}`)).status).toBe(500)
    expect((await post(`${url}/webhook/odd`)).status).toBe(400)
    expect(lines).toMatchObject([
      {
        message: 'webhook refused',
        result: 'failed',
        path: 'kyc-files/status',
        detail: expect.stringMatching(/body parser/),
      },
      { message: 'webhook refused', result: 'invalid', path: '..\\odd' },
    ])
    if (isAsItIs(relay, wrap)) expect(counts()).toEqual(['failed', 'invalid'])
  },
)

function isAsItIs(relay: Relay, wrap: (relay: Relay) => object): boolean {
  return wrap(relay) === relay
}

it("does not let strangers' refusals hide the provider's", async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { lines, counts, options } = observed()
  const { webhook, url } = await serve(options)
  const everything = async () => {
    for (let i = 0; i < 10; i++) {
      await webhook(added, { authorization: 'wrong' })
      await post(`${url}/nothing`, { token: 'wrong' })
    }
    await webhook({ externalUserId: USER })
    await webhook({ status: 'ADDED' })
    await post(`${url}/webhook/cards`)
    await post(`${url}/webhook/balances`)
  }
  await everything()
  vi.advanceTimersByTime(1000)
  await everything()
  expect(counts()).toHaveLength(48)
  const told = lines.map(({ result, path, suppressed }) => [result, path, suppressed])
  const once = (suppressed: number) => [
    ['unauthorized', 'kyc-files/status', suppressed],
    ['invalid', undefined, suppressed],
    ['invalid', 'kyc-files/status', 0],
    ['invalid', 'kyc-files/status', 0],
    ['unknown_path', 'cards', 0],
    ['unknown_path', 'balances', 0],
  ]
  expect(told).toEqual([...once(0), ...once(9)])
})

it('holds no more kinds of refusals than it can, whatever comes', async () => {
  const { lines, options } = observed()
  const { url } = await serve(options)
  for (let i = 0; i < 300; i++) await post(`${url}/webhook/${i}`)
  expect(lines).toHaveLength(300)
})

it('lets an accepted webhook be followed by its event id: received, stored, delivered to so many streams', async () => {
  const logger = silentLogger()
  const { webhook, open } = await serve({ logger })
  const streams = await Promise.all([open(USER), open(USER), open('somebody else')])
  await Promise.all(streams.map((stream) => stream.untilSync()))
  await webhook(added, { 'webhook-id': 'msg_1' })
  await webhook(added, { 'webhook-id': 'msg_1' })
  const { id: eventId, data = '' } = (await streams[0]?.next()) ?? {}
  const { receivedAt } = JSON.parse(data)
  expect(logger.info).toHaveBeenCalledWith(
    {
      externalUserId: '[redacted]',
      eventId,
      frame: 'kyc-file',
      receivedAt,
      deliveryId: 'msg_1',
      seconds: expect.any(Number),
    },
    'webhook stored',
  )
  expect(logger.info).toHaveBeenCalledWith(
    { externalUserId: '[redacted]', eventId, frame: 'kyc-file', streams: 2 },
    'event delivered',
  )
  expect(logger.info).toHaveBeenCalledWith(
    { externalUserId: '[redacted]', deliveryId: 'msg_1', seconds: expect.any(Number) },
    'webhook repeated',
  )
  expect(logger.info).toHaveBeenCalledTimes(3)
})

it('writes one line for each webhook that could not be stored', async () => {
  const { lines, counts, options } = observed()
  const store = memoryStore()
  const trouble = new StoreUnavailableError('the disk is full')
  store.append = () => Promise.reject(trouble)
  const { webhook } = await serve({ ...options, store })
  for (let i = 0; i < 200; i++) expect((await webhook(added)).status).toBe(503)
  expect(counts()).toEqual(Array.from({ length: 200 }, () => 'unavailable'))
  expect(lines).toHaveLength(200)
  expect(lines[0]).toMatchObject({ message: 'webhook refused', result: 'unavailable', err: trouble })
})
