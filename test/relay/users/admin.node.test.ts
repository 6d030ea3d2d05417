import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it, vi } from 'vitest'
import { InvalidOptionsError, memoryStore, StoreUnavailableError } from '../../../src/relay/index.ts'
import { prometheusMetrics } from '../../../src/relay/telemetry/metrics.ts'
import { serve, silentLogger, tokens, USER, WEBHOOK_TOKEN } from '../serve.ts'

const ADMIN = 'the-admin-token'
const added = { externalUserId: USER, status: 'ADDED' }

async function serveAdmin(options: Parameters<typeof serve>[0] = {}) {
  const served = await serve({ adminTokens: ['another', ADMIN], ...options })
  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    fetch(`${served.url}${path}`, { method, headers: { authorization: `Bearer ${ADMIN}`, ...headers } })
  return { ...served, ask }
}

const routes = [
  ['DELETE', `/users/${USER}`],
  ['DELETE', `/users/${USER}/streams`],
  ['GET', `/users/${USER}/events`],
] as const

it.each(routes)('answers 404 to %s %s while no admin token is configured', async (method, path) => {
  const { url } = await serve()
  const headers = { authorization: `Bearer ${WEBHOOK_TOKEN}` }
  expect((await fetch(`${url}${path}`, { method, headers })).status).toBe(404)
})

it.each(routes)('takes each admin token at %s %s, and answers 401 to anything else', async (method, path) => {
  const { ask, url } = await serveAdmin()
  for (const token of ['another', ADMIN]) {
    expect((await ask(method, path, { authorization: `bearer ${token}` })).ok).toBe(true)
  }
  const nothing = await fetch(`${url}${path}`, { method })
  expect(nothing.status).toBe(401)
  expect(nothing.headers.get('www-authenticate')).toBe('Bearer realm="kyc-admin"')
  const wrong = [ADMIN, `Bearer ${ADMIN}x`, `Bearer ${WEBHOOK_TOKEN}`, 'Bearer', `Bearer another, Bearer ${ADMIN}`]
  for (const authorization of [...wrong, `Bearer ${await tokens.issue(USER)}`]) {
    const response = await ask(method, path, { authorization })
    expect(response.status, authorization).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="kyc-admin", error="invalid_token"')
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  }
})

it('answers 401 to two Authorization headers, even when they are equal', async () => {
  const { url } = await serveAdmin()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const authorization = `Authorization: Bearer ${ADMIN}\r\n`
  socket.write(`DELETE /users/${USER} HTTP/1.1\r\nHost: relay\r\n${authorization}${authorization}\r\n`)
  const [answer] = await once(socket, 'data')
  expect(`${answer}`).toMatch(/^HTTP\/1\.1 401 /)
  socket.destroy()
})

it.each([
  ['POST', `/users/${USER}`, 'DELETE'],
  ['GET', `/users/${USER}`, 'DELETE'],
  ['GET', `/users/${USER}/streams`, 'DELETE'],
  ['DELETE', `/users/${USER}/events`, 'GET'],
  ['OPTIONS', `/users/${USER}/events`, 'GET'],
])('answers 405 to %s %s, and says what is allowed', async (method, path, allowed) => {
  const { ask } = await serveAdmin()
  const response = await ask(method, path)
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe(allowed)
})

it.each(['/users/', `/users/${USER}/`, `/users/${USER}/files`, `/users/${USER}/events/1`, '/users//events'])(
  'answers 404 to %s, where there is nothing',
  async (path) => {
    const { ask } = await serveAdmin()
    expect((await ask('DELETE', path)).status).toBe(404)
  },
)

it.each(['%', '%ff', '%00', 'x'.repeat(257), '%ED%A0%80'])(
  'answers 400 to the id %j, which can not be one',
  async (id) => {
    const { ask } = await serveAdmin()
    expect((await ask('DELETE', `/users/${id}`)).status).toBe(400)
    expect((await ask('DELETE', `/users/${id}`, { authorization: 'Bearer x' })).status).toBe(401)
  },
)

it('tells all that is kept of a user as JSON, for no cache and no page', async () => {
  const { ask, webhook, relay } = await serveAdmin({ allowedOrigins: ['https://app.example'] })
  const user = 'a/b {ü}'
  await webhook({ externalUserId: user, status: 'ERROR' }, { 'webhook-id': 'first' })
  await webhook({ externalUserId: user, status: 'ADDED' })
  await webhook(added)
  const path = `/users/${encodeURIComponent(user)}/events`
  const response = await ask('GET', path, { origin: 'https://app.example' })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  const eventOf = (status: string) => ({
    id: expect.stringMatching(/^\d+-\d+$/),
    event: 'kyc-file',
    data: { externalUserId: user, status, receivedAt: time },
  })
  const kept = {
    externalUserId: user,
    events: [eventOf('ERROR'), eventOf('ADDED')],
    deliveries: [{ frame: 'kyc-file', id: 'first', receivedAt: time }],
  }
  expect(await response.json()).toEqual({ ...kept, signedOutAt: null })
  await relay.disconnect(user)
  expect(await (await ask('GET', path)).json()).toEqual({ ...kept, signedOutAt: time })
})

it('erases a user with 204, ends the streams, and lets a token of before in again', async () => {
  const { ask, open, webhook } = await serveAdmin()
  await webhook(added)
  const authorization = `Bearer ${await tokens.issue(USER)}`
  const [stream, other] = await Promise.all([open(USER, { authorization }), open('other')])
  await Promise.all([stream.untilSync(), other.untilSync()])
  const response = await ask('DELETE', `/users/${USER}`)
  expect(response.status).toBe(204)
  expect(await response.text()).toBe('')
  await stream.ended
  const again = await (await open(USER, { authorization })).untilSync()
  expect(again.map(({ event }) => event)).toEqual(['sync'])
  await webhook({ externalUserId: 'other', status: 'ADDED' })
  expect((await other.next()).event).toBe('kyc-file')
})

it('answers 503 with Retry-After when the store can not be used, and 501 when it can not tell', async () => {
  const store = memoryStore()
  const down = () => Promise.reject(new StoreUnavailableError('gone'))
  Object.assign(store, { forget: down, signOut: down, kept: down })
  const logger = silentLogger()
  const { ask } = await serveAdmin({ store, logger })
  for (const [method, path] of routes) {
    const response = await ask(method, path)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
  }
  expect(logger.error).toHaveBeenCalled()
  Object.assign(store, { kept: undefined })
  expect((await ask('GET', `/users/${USER}/events`)).status).toBe(501)
})

it('leaves one line and one count of each request, and no more than one line a second of those that are refused', async () => {
  const logger = silentLogger()
  const { ask, url } = await serveAdmin({ logger, metrics: prometheusMetrics() })
  for (const [method, path] of routes) await ask(method, path)
  expect(logger.info.mock.calls).toEqual([
    [{ externalUserId: '[redacted]', seconds: expect.any(Number) }, 'user erased'],
    [{ externalUserId: '[redacted]', seconds: expect.any(Number) }, 'user logged out'],
    [{ externalUserId: '[redacted]', seconds: expect.any(Number) }, 'what is kept of a user was read'],
  ])
  for (let i = 0; i < 20; i++) await ask('DELETE', `/users/${USER}`, { authorization: 'Bearer guess' })
  await ask('POST', `/users/${USER}`)
  expect(logger.warn.mock.calls.map(([fields]) => fields.code)).toEqual([401, 405])
  expect(JSON.stringify([logger.info.mock.calls, logger.warn.mock.calls])).not.toMatch(/guess|the-admin|bca65c48/)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  for (const [result, count] of Object.entries({ done: 3, unauthorized: 20, invalid: 1, unavailable: 0 })) {
    expect(metrics).toContain(`kyc_relay_admin_requests_total{result="${result}"} ${count}\n`)
  }
})

it('names the user in the line where that is asked for', async () => {
  const logger = silentLogger()
  const { ask } = await serveAdmin({ logger, logUserIds: true })
  await ask('DELETE', `/users/${USER}`)
  expect(logger.info).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ externalUserId: USER }), 'user erased')
})

it('refuses admin tokens that can not work, or that the provider has', async () => {
  for (const [adminTokens, message] of [
    [[], /adminTokens: expected at least one token/],
    [['a b'], /adminTokens: 0: expected visible ASCII/],
    ['token', /adminTokens: expected a list/],
    [['mine', WEBHOOK_TOKEN], /adminTokens: expected none of webhookTokens/],
  ] as const) {
    const made = serve({ adminTokens: adminTokens as readonly string[] })
    await expect(made).rejects.toThrow(message)
    await expect(made).rejects.toBeInstanceOf(InvalidOptionsError)
  }
})

it('lies below the base path, and takes requests while the relay drains', async () => {
  const { ask, relay } = await serveAdmin({ basePath: '/kyc' })
  await relay.drain()
  await vi.waitFor(async () => expect((await ask('DELETE', `/users/${USER}/streams`)).status).toBe(204))
})
