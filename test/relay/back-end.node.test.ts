import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  defineWebhook,
  type Fact,
  partnerApi,
  type RelayOptions,
  StoreUnavailableError,
} from '../../src/relay/index.ts'
import { toNodeHandler } from '../../src/relay/servers/node.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { anything, serve, silentLogger, USER, WEBHOOK_TOKEN } from './serve.ts'

const added = { externalUserId: USER, status: 'ADDED' }
const STATUS_PATH = '/webhook/kyc-files/status'

interface Heard {
  method: string | undefined
  target: string | undefined
  headers: Record<string, string>
  body: Buffer
}

type Say = (response: ServerResponse, message: IncomingMessage) => void

/** A back end that is a server of its own, and what it has heard. */
async function startBackEnd(say: Say = (response) => response.end()) {
  const heard: Heard[] = []
  const server = createServer(async (message, response) => {
    const body = Buffer.concat(await message.toArray())
    const { rawHeaders } = message
    const headers: Record<string, string> = {}
    for (let i = 0; i < rawHeaders.length; i += 2)
      headers[String(rawHeaders[i]).toLowerCase()] = String(rawHeaders[i + 1])
    heard.push({ method: message.method, target: message.url, headers, body })
    say(response, message)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(close)
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

/** A relay that keeps its facts, lines and events. */
async function observed(options: Partial<RelayOptions>) {
  const facts: Fact[] = []
  const store = options.store ?? memoryStore()
  const logger = silentLogger()
  const metrics = {
    report: (fact: Fact) => void facts.push(fact),
    expose: async () => ({ contentType: 'text/plain', text: '' }),
  }
  const served = await serve({ ...options, store, logger, metrics })
  const results = () => facts.flatMap((fact) => (fact.type === 'webhook' ? [fact.result] : []))
  const stored = async () => (await store.since(USER, null)).events.map(({ data }) => JSON.parse(data))
  return { ...served, logger, results, stored }
}

function promised() {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function post(url: string, { token = WEBHOOK_TOKEN, body = '' as BodyInit, headers = {} } = {}): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { authorization: token, ...headers }, body, redirect: 'manual' })
}

describe('onWebhook', () => {
  it('hears a webhook before the page does', async () => {
    const heard: unknown[] = []
    const relay = await observed({
      onWebhook: async (event, sent) => {
        heard.push(event, await sent.json(), sent.headers.get('webhook-id'), await relay.stored())
      },
    })
    expect((await relay.webhook({ ...added, extra: 1 }, { 'webhook-id': 'msg_1' })).status).toBe(200)
    const [event] = await relay.stored()
    const { receivedAt } = event
    expect(heard).toEqual([
      { frame: 'kyc-file', ...added, receivedAt, deliveryId: 'msg_1' },
      { ...added, extra: 1 },
      'msg_1',
      [],
    ])
  })

  it('hears a delivery without a name, and a status that nobody knows yet, which is not stored', async () => {
    const onWebhook = vi.fn()
    const relay = await observed({ onWebhook })
    expect((await relay.webhook({ ...added, status: 'PENDING' })).status).toBe(200)
    expect(onWebhook).toHaveBeenCalledWith(
      expect.objectContaining({ ...added, status: 'PENDING', deliveryId: null }),
      expect.any(Request),
    )
    expect([relay.results(), await relay.stored()]).toEqual([['unknown_status'], []])
  })

  it.each<[string, string, Record<string, string>, number]>([
    ['another token', JSON.stringify(added), { authorization: 'wrong' }, 401],
    ['no JSON', '{', {}, 400],
    ['another shape', '{}', {}, 422],
    ['another type', JSON.stringify(added), { 'content-type': 'text/plain' }, 415],
  ])('does not hear what is refused for %s', async (_, body, headers, status) => {
    const onWebhook = vi.fn()
    const relay = await observed({ onWebhook })
    expect((await relay.webhook(body, headers)).status).toBe(status)
    expect(onWebhook).not.toHaveBeenCalled()
  })

  it('hears each repeat, and the page hears it once', async () => {
    const onWebhook = vi.fn()
    const relay = await observed({ onWebhook })
    for (let i = 0; i < 2; i++) await relay.webhook(added, { 'webhook-id': 'msg_1' })
    expect(onWebhook).toHaveBeenCalledTimes(2)
    expect(relay.results()).toEqual(['accepted', 'duplicate'])
  })

  it.each<[string, () => unknown]>([
    ['rejects', async () => Promise.reject(new Error('no database'))],
    [
      'throws',
      () => {
        throw new Error('no database')
      },
    ],
  ])('that %s has the provider deliver again, and nothing is shown', async (_, fail) => {
    const onWebhook = vi.fn<() => unknown>().mockImplementationOnce(fail)
    const relay = await observed({ onWebhook })
    const refused = await relay.webhook(added)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '8'])
    expect(await refused.text()).not.toContain('no database')
    expect(await relay.stored()).toEqual([])
    expect((await relay.webhook(added)).status).toBe(200)
    expect(relay.results()).toEqual(['not_taken', 'accepted'])
    expect(await relay.stored()).toHaveLength(1)
    expect(relay.logger.error.mock.calls).toEqual([
      [
        expect.objectContaining({
          result: 'not_taken',
          code: 503,
          err: expect.objectContaining({ message: 'no database' }),
        }),
        'webhook refused',
      ],
    ])
  })

  it('that takes longer than 5 s has the provider deliver again, and nothing is shown', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const called = promised()
    const relay = await observed({
      onWebhook: () => {
        called.resolve()
        return new Promise(() => {})
      },
    })
    const answered = relay.webhook(added)
    await called.promise
    await vi.advanceTimersByTimeAsync(4900)
    expect(relay.results()).toEqual([])
    await vi.advanceTimersByTimeAsync(100)
    expect((await answered).status).toBe(503)
    expect([relay.results(), await relay.stored()]).toEqual([['not_taken'], []])
  })

  it('whose sender has hung up meanwhile leaves nothing stored', async () => {
    const called = promised()
    const goOn = promised()
    const relay = await observed({
      onWebhook: () => {
        called.resolve()
        return goOn.promise
      },
    })
    const headers = { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json' }
    const sent = request(`${relay.url}${STATUS_PATH}`, { method: 'POST', headers }).on('error', () => {})
    sent.end(JSON.stringify(added))
    await called.promise
    sent.destroy()
    // The relay is told of it by its server, some turns later.
    await vi.waitFor(() => fetch(`${relay.url}/healthz`))
    goOn.resolve()
    await vi.waitFor(() => expect(relay.results()).toEqual(['gone']))
    expect(await relay.stored()).toEqual([])
  })
})

describe('forward', () => {
  it('passes a webhook on byte for byte, with its headers, and then stores it', async () => {
    const backEnd = await startBackEnd()
    const relay = await observed({ forward: { url: backEnd.url } })
    const body = ` { "externalUserId": "${USER}",\n"status":"ADDED", "é": 1.0 } `
    const headers = {
      authorization: WEBHOOK_TOKEN,
      'content-type': 'application/json; charset=utf-8',
      'x-signature': 'a=b',
      'webhook-id': 'msg_1',
      'user-agent': 'provider/1',
      accept: 'a/b',
      connection: 'keep-alive, X-Hop',
      'x-hop': '1',
      'keep-alive': 'timeout=5',
      te: 'trailers',
      expect: '100-continue',
    }
    const sent = request(`${relay.url}${STATUS_PATH}?a=%2F&b`, { method: 'POST', headers })
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    expect([response.statusCode, await response.toArray()]).toEqual([200, []])
    const [heard] = backEnd.heard
    expect(heard).toMatchObject({ method: 'POST', target: `${STATUS_PATH}?a=%2F&b` })
    expect(heard?.body.toString()).toBe(body)
    const { connection: _, 'keep-alive': __, te: ___, expect: ____, 'x-hop': _____, ...endToEnd } = headers
    expect(heard?.headers).toMatchObject(endToEnd)
    expect(heard?.headers.host).toBe(new URL(backEnd.url).host)
    expect(Object.keys(heard?.headers ?? {})).not.toEqual(expect.arrayContaining(['x-hop']))
    expect(heard?.headers).not.toHaveProperty('te')
    expect(heard?.headers).not.toHaveProperty('expect')
    expect(await relay.stored()).toHaveLength(1)
  })

  it.each([
    ['', STATUS_PATH, STATUS_PATH],
    ['/', '/webhook/cards', '/webhook/cards'],
    ['/in/', '/webhook/cards/%7Bid%7D?x=1?y', '/in/webhook/cards/%7Bid%7D?x=1?y'],
    ['/in', `${STATUS_PATH}/`, `/in${STATUS_PATH}/`],
    ['/in \n', '/webhook/cards', '/in/webhook/cards'],
  ])('goes below its url%s, from below the base path', async (below, path, target) => {
    const backEnd = await startBackEnd()
    const relay = await observed({ forward: { url: `${backEnd.url}${below}` }, basePath: '/kyc' })
    const headers = { 'content-type': 'application/json' }
    expect((await post(`${relay.url}${path}`, { headers, body: JSON.stringify(added) })).status).toBe(200)
    expect(backEnd.heard.map((heard) => heard.target)).toEqual([target])
  })

  it.each([400, 401, 404, 409, 422, 429, 500, 503])("gives the back end's own %i to the provider", async (status) => {
    const backEnd = await startBackEnd((response) => {
      response
        .writeHead(status, { 'content-type': 'text/plain', 'retry-after': '77', 'set-cookie': 'a=b' })
        .end('not now')
    })
    const relay = await observed({ forward: { url: backEnd.url } })
    for (const path of [STATUS_PATH, '/webhook/cards']) {
      const headers = { 'content-type': 'application/json' }
      const refused = await post(`${relay.url}${path}`, { headers, body: JSON.stringify(added) })
      expect([refused.status, await refused.text()]).toEqual([status, 'not now'])
      expect(Object.fromEntries(refused.headers)).toMatchObject({ 'content-type': 'text/plain', 'retry-after': '77' })
      expect(refused.headers.get('set-cookie')).toBeNull()
    }
    expect([relay.results(), await relay.stored()]).toEqual([['not_taken', 'not_taken'], []])
    expect(relay.logger.error.mock.calls.map(([fields]) => fields)).toEqual(
      ['kyc-files/status', 'cards'].map((path) => expect.objectContaining({ result: 'not_taken', code: status, path })),
    )
  })

  it.each(['a b', '"x"', 'close, @'])(
    'passes a webhook on whose Connection names %s, which is no header',
    async (names) => {
      const backEnd = await startBackEnd()
      const relay = await observed({ forward: { url: backEnd.url } })
      const sent = request(`${relay.url}/webhook/cards`, {
        method: 'POST',
        headers: { authorization: WEBHOOK_TOKEN, connection: names },
      })
      sent.end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      response.resume()
      expect(response.statusCode).toBe(200)
      expect(backEnd.heard).toHaveLength(1)
    },
  )

  it('asks the back end for no encoding that it can not undo', async () => {
    const backEnd = await startBackEnd((response, { headers }) => {
      const encoding = headers['accept-encoding']?.includes('x-own') ? { 'content-encoding': 'x-own' } : {}
      response.writeHead(200, encoding).end('content-encoding' in encoding ? 'bmV3cw==' : 'news')
    })
    const relay = await observed({ forward: { url: backEnd.url } })
    const response = await post(`${relay.url}/webhook/cards`, { headers: { 'accept-encoding': 'x-own' } })
    expect(await response.text()).toBe('news')
  })

  it('needs no connection that the back end is about to close', async () => {
    const served = new WeakSet<object>()
    const backEnd = await startBackEnd((response, { socket }) => {
      if (served.has(socket)) return response.destroy()
      served.add(socket)
      return response.end()
    })
    const relay = await observed({ forward: { url: backEnd.url } })
    for (let i = 0; i < 3; i++) expect((await relay.webhook(added)).status).toBe(200)
  })

  it('ends a webhook that comes back to it, because its back end is the relay itself', async () => {
    const server = createServer((message, response) => handle(message, response)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const relay = await observed({ forward: { url, timeout: 1000 } })
    let passes = 0
    const handle = (message: IncomingMessage, response: ServerResponse) => {
      passes++
      return toNodeHandler(relay.relay)(message, response)
    }
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const refused = await relay.webhook(added)
    expect([refused.status, passes, await relay.stored()]).toEqual([502, 3, []])
    expect(await refused.json()).toMatchObject({ detail: expect.stringMatching(/came back to the relay/) })
  })

  it('passes on what other relays have passed on', async () => {
    const backEnd = await startBackEnd()
    const second = await observed({ forward: { url: backEnd.url } })
    const first = await observed({ forward: { url: second.url } })
    expect((await first.webhook(added, { via: '1.1 proxy' })).status).toBe(200)
    expect(backEnd.heard[0]?.headers.via).toBe('1.1 proxy, 1.1 kyc-upload-status, 1.1 kyc-upload-status')
  })

  const partial: Say = (response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
  }
  it.each<[string, number, Say, object]>([
    ['redirects', 502, (response) => response.writeHead(301, { location: '/elsewhere' }).end(), {}],
    ['has a status that is none', 502, (response) => response.writeHead(600).end(), {}],
    ['breaks off before its answer', 502, (response) => response.destroy(), {}],
    [
      'breaks off within its answer',
      502,
      (response, message) => {
        partial(response, message)
        setImmediate(() => response.destroy())
      },
      {},
    ],
    ['answers with more than can be held', 502, (response) => response.end('x'.repeat(2000)), { maxBytes: 1000 }],
    ['says nothing', 504, () => {}, { timeout: 50 }],
    ['does not end its answer', 504, partial, { timeout: 50 }],
  ])('has the provider deliver again where the back end %s', async (_, status, say, settings) => {
    const backEnd = await startBackEnd(say)
    const relay = await observed({ forward: { url: backEnd.url, ...settings } })
    const refused = await relay.webhook(added)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([status, '8'])
    expect(await refused.json()).toMatchObject({ status, detail: expect.stringMatching(/^The back end/) })
    expect([relay.results(), await relay.stored()]).toEqual([['not_taken'], []])
    expect(backEnd.heard).toHaveLength(1)
  })

  it('says in the log why a back end that is away can not be reached', async () => {
    const { url, close } = await startBackEnd()
    await close()
    const relay = await observed({ forward: { url } })
    expect((await relay.webhook(added)).status).toBe(502)
    expect(relay.logger.error).toHaveBeenCalledWith(
      expect.objectContaining({ err: expect.objectContaining({ message: expect.stringMatching(/ECONNREFUSED/) }) }),
      'webhook refused',
    )
  })

  it.each<[string, BodyInit, Record<string, string>, number]>([
    ['no JSON', '{', {}, 400],
    ['too long', JSON.stringify({ ...added, more: 'x'.repeat(16_384) }), {}, 413],
    ['of another type', JSON.stringify(added), { 'content-type': 'text/plain' }, 415],
    ['of the wrong shape', JSON.stringify({ ...added, status: 'done' }), {}, 422],
    ['without the right token', JSON.stringify(added), { authorization: 'wrong' }, 401],
  ])('does not pass on a webhook that it knows and that is %s', async (_, body, headers, status) => {
    const backEnd = await startBackEnd()
    const relay = await observed({ forward: { url: backEnd.url } })
    expect((await relay.webhook(body as string, headers)).status).toBe(status)
    expect(backEnd.heard).toEqual([])
  })

  it('passes on a status that nobody knows yet, and stores nothing', async () => {
    const backEnd = await startBackEnd()
    const relay = await observed({ forward: { url: backEnd.url } })
    expect((await relay.webhook({ ...added, status: 'PENDING' })).status).toBe(200)
    expect(backEnd.heard).toHaveLength(1)
    expect([relay.results(), await relay.stored()]).toEqual([['unknown_status'], []])
  })

  it.each([
    ['/webhook/cards', 200, 'text/html', Buffer.from('<p>')],
    ['/webhook/balances/changed/', 201, 'application/octet-stream', Buffer.from([0, 255, 13, 10])],
    ['/webhook/health', 202, 'application/json', Buffer.from('{}')],
    ['/webhook/', 200, 'text/plain', Buffer.alloc(0)],
  ])('passes on %s, which it does not know, and its answer', async (path, status, type, answer) => {
    const backEnd = await startBackEnd((response) => response.writeHead(status, { 'content-type': type }).end(answer))
    const relay = await observed({ forward: { url: backEnd.url } })
    const body = Buffer.from([0x00, 0xff, 0x0a, 0x1b])
    const response = await post(`${relay.url}${path}`, {
      body,
      headers: { 'content-type': 'image/png', 'content-encoding': 'x' },
    })
    expect([response.status, response.headers.get('content-type')]).toEqual([status, type])
    expect(Buffer.from(await response.arrayBuffer())).toEqual(answer)
    expect(backEnd.heard).toMatchObject([{ target: path, body, headers: { 'content-encoding': 'x' } }])
    expect(relay.results()).toEqual(['forwarded'])
    expect(relay.logger.info).toHaveBeenCalledWith(
      expect.objectContaining({ path: path.slice('/webhook/'.length), status }),
      'webhook forwarded',
    )
  })

  it.each([204, 302])("gives the back end's %i to a webhook that it does not know", async (status) => {
    const backEnd = await startBackEnd((response) => response.writeHead(status, { location: '/elsewhere' }).end())
    const relay = await observed({ forward: { url: backEnd.url } })
    expect((await post(`${relay.url}/webhook/cards`)).status).toBe(status)
  })

  it('passes on at most 1 MiB of what it does not know, and nothing without the right token', async () => {
    const backEnd = await startBackEnd()
    const relay = await observed({ forward: { url: backEnd.url } })
    const statusOf = async (length: number, token = WEBHOOK_TOKEN) =>
      (await post(`${relay.url}/webhook/cards`, { token, body: 'x'.repeat(length) })).status
    expect(await statusOf(1_048_577)).toBe(413)
    expect(await statusOf(10, 'wrong')).toBe(401)
    expect(await statusOf(1_048_576)).toBe(200)
    expect(backEnd.heard.map(({ body }) => body.length)).toEqual([1_048_576])
    expect((await fetch(`${relay.url}/webhook/cards`)).status).toBe(405)
    expect((await fetch(`${relay.url}/webhook/health`)).status).toBe(200)
  })

  it('passes on what is signed alone, where signatures are asked for', async () => {
    const backEnd = await startBackEnd()
    const relay = await observed({
      forward: { url: backEnd.url },
      webhooks: partnerApi({ authenticate: (headers) => headers.get('x-signature') === 'mine' }),
    })
    expect((await relay.webhook(added, { 'x-signature': 'other' })).status).toBe(401)
    expect((await relay.webhook(added, { 'x-signature': 'mine', authorization: 'none' })).status).toBe(200)
    expect(backEnd.heard).toMatchObject([{ target: STATUS_PATH, headers: { 'x-signature': 'mine' } }])
    // Nobody knows who signs what comes to another path.
    const signed = { token: 'none', headers: { 'x-signature': 'mine' } }
    expect((await post(`${relay.url}/webhook/cards`, signed)).status).toBe(401)
    expect((await post(`${relay.url}/webhook/cards`)).status).toBe(200)
    expect(backEnd.heard).toHaveLength(2)
  })

  it('passes on what says nothing of interest, of which onWebhook does not hear', async () => {
    const backEnd = await startBackEnd()
    const onWebhook = vi.fn()
    const nothing = defineWebhook({ frame: 'x', path: '/webhook/x', body: anything, toEvent: () => null })
    const relay = await observed({ forward: { url: backEnd.url }, onWebhook, webhooks: [nothing] })
    const json = { 'content-type': 'application/json' }
    expect((await post(`${relay.url}/webhook/x`, { body: '[1]', headers: json })).status).toBe(200)
    expect(backEnd.heard.map(({ body }) => body.toString())).toEqual(['[1]'])
    expect(onWebhook).not.toHaveBeenCalled()
    expect(relay.results()).toEqual(['ignored'])
  })

  it('has a webhook delivered again that the back end has taken and the store has not', async () => {
    const backEnd = await startBackEnd()
    const store = memoryStore()
    const append = vi.spyOn(store, 'append').mockRejectedValueOnce(new StoreUnavailableError('full'))
    const relay = await observed({ store, forward: { url: backEnd.url } })
    expect((await relay.webhook(added)).status).toBe(503)
    expect((await relay.webhook(added)).status).toBe(200)
    expect(append).toHaveBeenCalledTimes(2)
    expect(backEnd.heard).toHaveLength(2)
    expect(await relay.stored()).toHaveLength(1)
  })

  it('comes before onWebhook, which does not hear what the back end has refused', async () => {
    const order: string[] = []
    let status = 500
    const backEnd = await startBackEnd((response) => {
      order.push('back end')
      response.writeHead(status).end()
    })
    const relay = await observed({ forward: { url: backEnd.url }, onWebhook: () => void order.push('onWebhook') })
    expect((await relay.webhook(added)).status).toBe(500)
    status = 200
    expect((await relay.webhook(added)).status).toBe(200)
    expect(order).toEqual(['back end', 'back end', 'onWebhook'])
  })

  it('shares its time with onWebhook', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const called = promised()
    const backEnd = await startBackEnd((response) => {
      vi.advanceTimersByTime(4000)
      response.end()
    })
    const relay = await observed({
      forward: { url: backEnd.url },
      onWebhook: () => {
        called.resolve()
        return new Promise(() => {})
      },
    })
    const answered = relay.webhook(added)
    await called.promise
    await vi.advanceTimersByTimeAsync(999)
    expect(relay.results()).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect((await answered).status).toBe(503)
    expect(await relay.stored()).toEqual([])
  })
})
