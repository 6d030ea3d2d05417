import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { partnerApi, StoreUnavailableError } from '../../src/relay/index.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { sqliteStore } from '../../src/relay/stores/sqlite/sqlite.ts'
import { serve, silentLogger, USER, WEBHOOK_TOKEN } from './serve.ts'

const accepted = { externalUserId: USER, status: 'ADDED' }

async function problem(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = await response.json()
  expect(body).toMatchObject({ type: 'about:blank', status: response.status })
  expect(JSON.stringify(body)).not.toContain(WEBHOOK_TOKEN)
  return body
}

/** Sends bytes as they stand; `answer` is all that came back once the connection has closed. */
function send(url: string, head: string, body: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8')
  let received = ''
  const answer = new Promise<string>((resolve, reject) => {
    socket.on('data', (text) => {
      received += text
    })
    socket.on('close', () => resolve(received)).on('error', reject)
  })
  socket.write(`${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`)
  return { socket, answer }
}

it('acknowledges a webhook with 200 and an empty body', async () => {
  const { webhook } = await serve()
  const response = await webhook(accepted)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-length')).toBe('0')
  expect(await response.text()).toBe('')
})

it('accepts unknown fields, and does not pass them on', async () => {
  const { webhook, open } = await serve()
  expect((await webhook({ ...accepted, reason: 'blurry' })).status).toBe(200)
  const event = await (await open(USER)).next()
  expect(Object.keys(JSON.parse(event.data))).toEqual(['externalUserId', 'status', 'receivedAt'])
})

it('takes __proto__ and constructor for unknown fields like any other', async () => {
  const { webhook, open } = await serve()
  const fields = `"externalUserId":"${USER}","status":"ADDED"`
  expect(
    (
      await webhook(
        `{${fields},"__proto__":{"status":"ERROR","polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
      )
    ).status,
  ).toBe(200)
  // Its fields are somebody else's.
  expect((await webhook(`{"__proto__":{${fields}}}`)).status).toBe(422)
  const event = await (await open(USER)).next()
  expect(JSON.parse(event.data)).toEqual({ externalUserId: USER, status: 'ADDED', receivedAt: expect.any(String) })
  expect({}).not.toHaveProperty('polluted')
})

it.each([
  ['no token', undefined],
  ['another token', 'wrong'],
  ['the token with a scheme', `Bearer ${WEBHOOK_TOKEN}`],
  ['the beginning of the token', WEBHOOK_TOKEN.slice(0, -1)],
  ['the token twice in one header', `${WEBHOOK_TOKEN}, ${WEBHOOK_TOKEN}`],
])('answers 401 to %s, and stores nothing', async (_, authorization) => {
  const store = memoryStore()
  const { url } = await serve({ store })
  const response = await fetch(`${url}/webhook/kyc-files/status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify(accepted),
  })
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toMatch(/realm=/)
  await problem(response)
  expect((await store.since(USER, null)).events).toEqual([])
})

it('answers 401 to two Authorization headers, even when they are equal', async () => {
  const { url } = await serve()
  const body = JSON.stringify(accepted)
  const head = `POST /webhook/kyc-files/status HTTP/1.1
Host: localhost
Authorization: ${WEBHOOK_TOKEN}
Authorization: ${WEBHOOK_TOKEN}
Content-Type: application/json
Content-Length: ${body.length}
Connection: close`
  const { answer } = send(url, head, body)
  expect(await answer).toMatch(/^HTTP\/1\.1 401 /)
})

it('accepts each of several tokens, so that one can replace another', async () => {
  const { webhook } = await serve({ webhookTokens: ['old', 'new'] })
  expect((await webhook(accepted, { authorization: 'old' })).status).toBe(200)
  expect((await webhook(accepted, { authorization: 'new' })).status).toBe(200)
  expect((await webhook(accepted, { authorization: 'other' })).status).toBe(401)
})

it.each(['', '{', 'null x', '\u0000', '{"externalUserId":'])('answers 400 to %j, which is not JSON', async (body) => {
  const { webhook } = await serve()
  const response = await webhook(body)
  expect(response.status).toBe(400)
  await problem(response)
})

it('answers 400 to bytes that are not UTF-8', async () => {
  const { url } = await serve()
  const response = await fetch(`${url}/webhook/kyc-files/status`, {
    method: 'POST',
    headers: { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json' },
    body: new Uint8Array([0x22, 0xff, 0x22]),
  })
  expect(response.status).toBe(400)
})

it.each([
  ['/status', { externalUserId: USER, status: 'done' }],
  ['/status', { externalUserId: USER, status: '_DONE' }],
  ['/status', { externalUserId: USER, status: 'DONE ' }],
  ['/status', { externalUserId: USER, status: 'D'.repeat(65) }],
  ['/status', { externalUserId: USER, status: 7 }],
  ['/externalUserId', { externalUserId: '', status: 'PENDING' }],
  ['/status', { externalUserId: USER }],
  ['/externalUserId', { status: 'ADDED' }],
  ['/externalUserId', { externalUserId: 'a\nb', status: 'ADDED' }],
  ['/externalUserId', { externalUserId: '\u0085', status: 'ADDED' }],
  ['/externalUserId', { externalUserId: 'x'.repeat(257), status: 'ADDED' }],
  ['/externalUserId', { externalUserId: '', status: 'ADDED' }],
  ['', []],
])('answers 422 and names the field %j', async (pointer, body) => {
  const { webhook } = await serve()
  const response = await webhook(body)
  expect(response.status).toBe(422)
  const { errors, detail } = await problem(response)
  expect(errors[0].pointer).toBe(pointer)
  expect(errors[0].detail).toMatch(/^expected/)
  expect(detail).not.toMatch(/done/i)
})

it.each(['PENDING', 'ADDED_2', 'X', 'D'.repeat(64)])(
  'acknowledges the status %s, which nobody knows yet, and stores nothing',
  async (status) => {
    const store = memoryStore()
    const logger = silentLogger()
    const report = vi.fn()
    const metrics = { report, expose: async () => ({ contentType: '', text: '' }) }
    const { webhook } = await serve({ store, logger, metrics })
    const response = await webhook({ externalUserId: USER, status, reason: 'blurry' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect((await store.since(USER, null)).events).toEqual([])
    expect(report).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: 'webhook', result: 'unknown_status' }),
    )
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ frame: 'kyc-file', status, externalUserId: '[redacted]' }),
      'webhook has an unknown status',
    )
  },
)

it('takes a body of 16,384 bytes, and answers 413 to one more', async () => {
  const { webhook } = await serve()
  const padded = (bytes: number) => {
    const text = JSON.stringify({ ...accepted, padding: '' })
    return text.replace('"padding":""', `"padding":"${'x'.repeat(bytes - text.length)}"`)
  }
  expect((await webhook(padded(16_384))).status).toBe(200)
  const response = await webhook(padded(16_385))
  expect(response.status).toBe(413)
  await problem(response)
})

it('closes the connection after a refusal that left a body unread, so that the rest is not taken for a request', async () => {
  const { url } = await serve()
  const head = `POST /webhook/kyc-files/status HTTP/1.1
Host: localhost
Authorization: ${WEBHOOK_TOKEN}
Content-Type: application/json
Transfer-Encoding: chunked`
  const { answer } = send(url, head, `8000\r\n${' '.repeat(0x8000)}\r\n`)
  expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close/i)
})

it('answers 413 to a megabyte, with and without a length told beforehand', async () => {
  const { url, webhook } = await serve()
  expect((await webhook('x'.repeat(1_000_000))).status).toBe(413)
  const chunks = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 1000; i++) controller.enqueue(new Uint8Array(1000).fill(0x20))
      controller.close()
    },
  })
  const response = await fetch(`${url}/webhook/kyc-files/status`, {
    method: 'POST',
    headers: { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json' },
    body: chunks,
    duplex: 'half',
  } as RequestInit)
  expect(response.status).toBe(413)
})

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-webhook-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'events.sqlite')
}

it.each([
  ['memory', () => memoryStore()],
  ['SQLite', () => sqliteStore(newFile())],
])('takes webhooks in under the fake timers of a test, with %s', async (_, begin) => {
  const { webhook } = await serve({ store: begin() })
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  expect((await webhook(accepted)).status).toBe(200)
  vi.useRealTimers()
  expect((await webhook(accepted)).status).toBe(200)
})

it('answers 408 to a body that dribbles, and closes the connection', async () => {
  const { url } = await serve()
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const head = `POST /webhook/kyc-files/status HTTP/1.1
Host: localhost
Authorization: ${WEBHOOK_TOKEN}
Content-Type: application/json
Content-Length: 100`
  const { socket, answer } = send(url, head, '{')
  let text = ''
  void answer.then((received) => {
    text = received
  })
  // A byte a second, by the clock that the relay reads.
  await vi.waitFor(
    () => {
      if (socket.writable) socket.write('x')
      vi.setSystemTime(Date.now() + 1000)
      expect(text).toMatch(/^HTTP\/1\.1 408 /)
    },
    { timeout: 5000 },
  )
})

it.each([
  ['no content type', { 'content-type': '' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['another charset', { 'content-type': 'application/json; charset=utf-16' }],
  ['compression', { 'content-encoding': 'gzip' }],
])('answers 415 to %s', async (_, headers) => {
  const { webhook } = await serve()
  const response = await webhook(accepted, headers)
  expect(response.status).toBe(415)
  await problem(response)
})

it.each(['utf8', 'UTF8', 'UTF-8', '"utf-8"', '"utf8"'])('takes the charset %s', async (charset) => {
  const { webhook } = await serve()
  expect((await webhook(accepted, { 'content-type': `application/json; charset=${charset}` })).status).toBe(200)
})

it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('answers 405 to %s, and says what is allowed', async (method) => {
  const { url } = await serve()
  const response = await fetch(`${url}/webhook/kyc-files/status`, { method })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('POST')
  await problem(response)
})

it('acknowledges a repeat of a named delivery, and stores it once', async () => {
  const store = memoryStore()
  const { webhook } = await serve({ store })
  const before = (await store.since(USER, null)).cursor
  for (let i = 0; i < 3; i++) expect((await webhook(accepted, { 'webhook-id': 'msg_1' })).status).toBe(200)
  expect((await webhook(accepted, { 'webhook-id': 'msg_2' })).status).toBe(200)
  expect((await store.since(USER, before)).events).toHaveLength(2)
  expect((await webhook(accepted, { 'webhook-id': 'x'.repeat(257) })).status).toBe(400)
})

it('takes the name of a delivery from where the application says', async () => {
  const store = memoryStore()
  const { webhook } = await serve({
    store,
    webhooks: partnerApi({ deliveryId: ({ headers }) => headers.get('x-delivery') }),
  })
  const before = (await store.since(USER, null)).cursor
  for (let i = 0; i < 2; i++) await webhook(accepted, { 'x-delivery': '1' })
  for (let i = 0; i < 2; i++) await webhook(accepted, { 'webhook-id': '1' })
  expect((await store.since(USER, before)).events).toHaveLength(3)
})

it('takes an empty name for none, and refuses what is no name', async () => {
  const store = memoryStore()
  const { webhook } = await serve({ store })
  for (const externalUserId of ['alice', 'bob']) {
    expect((await webhook({ externalUserId, status: 'ADDED' }, { 'webhook-id': '' })).status).toBe(200)
    expect((await store.since(externalUserId, null)).events).toHaveLength(1)
  }
  const broken = await serve({ webhooks: partnerApi({ deliveryId: (() => ({ id: 1 })) as never }) })
  expect((await broken.webhook(accepted)).status).toBe(500)
})

it('answers 503 when the store can not append, so that the provider delivers again', async () => {
  const store = memoryStore()
  store.append = () => Promise.reject(new StoreUnavailableError('the disk is full'))
  const logger = silentLogger()
  const { webhook } = await serve({ store, logger })
  const response = await webhook(accepted)
  expect(response.status).toBe(503)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(JSON.stringify(await problem(response))).not.toContain('disk')
  expect(logger.error).toHaveBeenCalledOnce()
})

it('answers a failure that nobody foresaw with 500, and reports it without telling the sender', async () => {
  const store = memoryStore()
  store.append = () => Promise.reject(new Error('a bug'))
  const logger = silentLogger()
  const { webhook } = await serve({ store, logger })
  const response = await webhook(accepted)
  expect(response.status).toBe(500)
  expect(JSON.stringify(await problem(response))).not.toContain('a bug')
  expect(logger.error).toHaveBeenCalledOnce()
})

it('answers the health probe of the provider without a secret', async () => {
  const { url } = await serve()
  for (const method of ['GET', 'HEAD']) {
    const response = await fetch(`${url}/webhook/health`, { method })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  }
  expect((await fetch(`${url}/webhook/health`, { method: 'POST' })).status).toBe(405)
})
