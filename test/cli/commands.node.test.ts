import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStream, type Stream } from '../relay/serve.ts'
import { run, secrets, start } from './process.ts'

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

function newStore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return `sqlite:${join(folder, 'events.sqlite')}`
}

const startRelay = (store: string, ...args: string[]) =>
  start(['relay', '--port', '0', '--store', store, ...args], secrets)
const send = (url: string, status: string, ...args: string[]) =>
  run(['send', '--url', url, '--user', USER, '--status', status, ...args], secrets)

async function follow(url: string, lastEventId?: string): Promise<Stream> {
  const { stdout } = await run(['token', '--user', USER], secrets)
  return openStream(`${url}/events/${USER}`, {
    authorization: `Bearer ${stdout.trim()}`,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  })
}

it('brings a webhook from send to a stream that is opened with token', async () => {
  const relay = await startRelay('memory')
  const stream = await follow(relay.url)
  await stream.untilSync()
  expect(await send(relay.url, 'ADDED')).toMatchObject({ code: 0, stdout: `200: ADDED delivered for ${USER}\n` })
  expect(JSON.parse((await stream.next()).data)).toMatchObject({ externalUserId: USER, status: 'ADDED' })
})

it('brings each webhook of the Partner API from send to a stream', async () => {
  const path = '/webhook/proof-of-address'
  const relay = await startRelay('memory', '--path', `poa=${path}`, '--base-path', '/kyc')
  const stream = await follow(relay.url)
  await stream.untilSync()
  const poa = ['--webhook', 'poa', '--path', path]
  expect(await send(relay.url, 'QUESTIONED', ...poa)).toMatchObject({
    code: 0,
    stdout: `200: QUESTIONED delivered for ${USER}\n`,
  })
  expect(await send(relay.url, 'ACTIVE', '--webhook', 'user-balance')).toMatchObject({ code: 0 })
  const told = [await stream.next(), await stream.next()].map(({ event, data }) => [event, JSON.parse(data)])
  expect(told).toMatchObject([
    ['poa', { status: 'QUESTIONED', state: 'action_needed', reason: 'unclear' }],
    ['user-balance', { status: 'ACTIVE', state: 'approved' }],
  ])
})

/** A module for `--webhooks`, beside nothing of ours: it is found by its path alone. */
function newModule(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-webhooks-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'webhooks.mjs'), code)
  return join(folder, 'webhooks.mjs')
}

const protocol = new URL('../../dist/protocol/index.js', import.meta.url).href
const mine = `import { defineWebhook } from '${protocol}'
const body = { '~standard': { version: 1, vendor: 'mine', validate: (value) => ({ value }) } }
export const webhooks = [defineWebhook({
  frame: 'mine',
  path: '/webhook/mine',
  body,
  authenticate: (headers) => headers.get('x-key') === 'open',
  toEvent: ({ user }) => ({ externalUserId: user, status: 'done', state: 'approved' }),
})]`

it('takes the webhooks of a module of its own, and asks for no webhook token where none is needed', async () => {
  const { KYC_SUBSCRIPTION_SECRET } = secrets
  const file = newModule(mine)
  const relay = await start(['relay', '--port', '0', '--store', 'memory', '--webhooks', file], {
    KYC_SUBSCRIPTION_SECRET,
  })
  const post = (path: string) =>
    fetch(`${relay.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-key': 'open' },
      body: JSON.stringify({ user: USER }),
    })
  expect((await post('/webhook/mine')).status).toBe(200)
  expect((await post('/webhook/kyc-files/status')).status).toBe(401)
  const [event] = await (await follow(relay.url)).untilSync()
  expect(event).toMatchObject({ event: 'mine', data: expect.stringContaining('"state":"approved"') })
})

it('names the webhooks of a module with --dev, whose bodies it does not know', async () => {
  const relay = await start(['relay', '--dev', '--port', '0', '--store', 'memory', '--webhooks', newModule(mine)])
  expect(await relay.printed(/readyz/)).toContain(`POST ${relay.url}/webhook/mine (mine)`)
  expect(await relay.printed(/readyz/)).not.toContain('KYC_WEBHOOK_TOKENS')
})

it.each([
  ['exports none', 'export const hooks = []', /^kyc-upload-status: --webhooks: expected .* to export webhooks/],
  ['exports no list', 'export const webhooks = {}', /webhooks: expected a list of definitions/],
  ['exports no definitions', 'export const webhooks = [{ frame: "x" }]', /webhooks: 0: path: expected a path/],
  ['throws', 'throw new Error("no secret is set\\nat all")', /--webhooks: can't load .*: no secret is set/],
  ['is no code', 'export const', /--webhooks: can't load .*: /],
  ['needs tokens that are not set', mine.replace(/authenticate.*/, ''), /KYC_WEBHOOK_TOKENS is not set/],
])('refuses a module of webhooks that %s: exit code 2 and one line', async (_, code, message) => {
  const { KYC_SUBSCRIPTION_SECRET } = secrets
  const args = ['relay', '--port', '0', '--store', 'memory', '--webhooks', newModule(code)]
  const ended = await run(args, { KYC_SUBSCRIPTION_SECRET })
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) })
  expect(ended.stderr.trim().split('\n')).toHaveLength(1)
})

it('prints one line with its address', async () => {
  const relay = await startRelay('memory')
  expect(await relay.printed(/./)).toBe(`kyc-upload-status relay listening on ${relay.url}`)
})

it('serves below a base path, and keeps as much as it is told to', async () => {
  const relay = await startRelay('memory', '--base-path', '/kyc', '--max-events', '2', '--max-age', '1d')
  expect(new URL(relay.url).pathname).toBe('/kyc')
  const first = await (await follow(relay.url)).untilSync()
  for (const status of ['ERROR', 'ERROR', 'ADDED']) await send(relay.url, status)
  const since = await (await follow(relay.url, first.at(-1)?.id)).untilSync()
  expect(since.map(({ event }) => event)).toEqual(['kyc-file', 'sync'])
  expect(JSON.parse(since.at(-1)?.data ?? '').complete).toBe(false)
  expect((await fetch(new URL('/healthz', relay.url))).status).toBe(404)
})

it('still knows what it acknowledged after a clean end, which ends its streams too', async () => {
  const store = newStore()
  const first = await startRelay(store)
  await send(first.url, 'ERROR')
  const stream = await follow(first.url)
  await stream.untilSync()
  const stopped = first.stop('SIGTERM')
  await stream.ended
  expect(await stopped).toBe(0)

  const second = await startRelay(store)
  const [event, sync] = await (await follow(second.url)).untilSync()
  expect(JSON.parse(event?.data ?? '').status).toBe('ERROR')
  expect(sync?.event).toBe('sync')
})

it('still knows what it acknowledged after kill -9 right after the 200, once, under a higher id', async () => {
  const store = newStore()
  let relay = await startRelay(store)
  let cursor = (await (await follow(relay.url)).untilSync())[0]?.id ?? ''
  for (const status of ['ADDED', 'ERROR', 'ADDED']) {
    const response = await fetch(`${relay.url}/webhook/kyc-files/status`, {
      method: 'POST',
      headers: { authorization: 'second-token', 'content-type': 'application/json' },
      body: JSON.stringify({ externalUserId: USER, status }),
    })
    expect(response.status).toBe(200)
    expect(await relay.stop('SIGKILL')).toBe('SIGKILL')

    relay = await startRelay(store)
    const events = await (await follow(relay.url, cursor)).untilSync()
    expect(events.map(({ event }) => event)).toEqual(['kyc-file', 'sync'])
    expect(JSON.parse(events[0]?.data ?? '').status).toBe(status)
    expect(JSON.parse(events[1]?.data ?? '').complete).toBe(true)
    cursor = events[1]?.id ?? ''
  }
}, 20_000)

it('makes secrets up with --dev, and prints a curl line for each route that works as it stands', async () => {
  const relay = await start(['relay', '--dev', '--port', '0', '--store', 'memory'])
  const printed = await relay.printed(/readyz/)
  const curls = printed.split('\n').filter((line) => line.includes('curl '))
  const requests = curls.map((line) => ({
    method: /--request (\w+)/.exec(line)?.[1] ?? 'GET',
    url: /'(http[^']+)'/.exec(line)?.[1] ?? '',
    headers: Object.fromEntries(
      [...line.matchAll(/--header '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]),
    ),
    body: /--data-raw '([^']+)'/.exec(line)?.[1] ?? null,
  }))
  expect(requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
    'POST /webhook/kyc-files/status',
    'POST /webhook/user/status',
    `GET /events/${USER}`,
    `GET /events/${USER}`,
    'GET /webhook/health',
    'GET /healthz',
    'GET /readyz',
  ])
  for (const { url, ...init } of requests) {
    const response = await fetch(url, init)
    expect(response.status).toBe(200)
    await response.body?.cancel()
  }
})

it.concurrent.each<[string[], string]>([
  [[], 'a command is missing'],
  [['relais'], 'relais is not a command'],
  [['toString'], 'toString is not a command'],
  [['relay'], 'KYC_WEBHOOK_TOKENS is not set'],
  [['relay', '--dev', '--port', 'http'], '--port: expected a number from 0 to 65535'],
  [['relay', '--dev', '--port', '65536'], '--port: expected a number from 0 to 65535'],
  [['relay', '--dev', '--store', 'redis:localhost'], '--store: redisStore: expected a URL'],
  [['relay', '--dev', '--store', 'redis://a:1,http://b:2'], '--store: redisStore: expected a URL'],
  [['relay', '--dev', '--store', 'redis://a,redis://b,b'], '--store: redisStore: expected a URL'],
  [['relay', '--dev', '--store', 'postgres://x'], '--store: expected sqlite:<file>, redis://<host>:<port> or memory'],
  [['relay', '--dev', '--store', 'memory', '--allow-origin', '*'], 'expected an origin like https://app.example'],
  [['relay', '--dev', '--max-streams', '0'], '--max-streams: expected a whole number of 1 or more'],
  [['relay', '--dev', '--log-level', 'loud'], '--log-level: expected debug, info, warn, error, silent'],
  [['relay', '--dev', '--max-events', '1.5'], '--max-events: expected a whole number of 1 or more'],
  [['relay', '--dev', '--max-age', '3600000'], '--max-age: expected 90s, 10m, 12h or 1d'],
  [['relay', '--dev', '--forward-timeout', '5s'], '--forward-timeout: expected --forward beside it'],
  [['relay', '--dev', '--forward', 'http://a', '--forward-timeout', '5'], '--forward-timeout: expected 90s, 10m'],
  [['relay', '--dev', '--store', 'memory', '--forward', 'app.internal'], 'forward: url: expected http:// or https://'],
  [['relay', '--dev', '--store', 'memory', '--base-path', 'kyc'], 'basePath: expected nothing, or a path like /kyc'],
  [['relay', '--dev', '--verbose'], "Unknown option '--verbose'"],
  [
    ['relay', '--dev', '--path', 'cards=/webhook/cards'],
    '--path: expected one of kyc-file, user-balance, poa, kyc-ver',
  ],
  [['relay', '--dev', '--path', 'constructor=/webhook/x'], '--path: expected one of kyc-file'],
  [['relay', '--dev', '--path', '/webhook/poa'], '--path: expected <frame>=<path>'],
  [['relay', '--dev', '--path', 'poa=poa'], 'paths: poa: expected a path below /webhook/'],
  [['relay', '--dev', '--path', 'poa=/webhook/a', '--path', 'poa=/webhook/b'], '--path: expected poa once'],
  [['relay', '--dev', '--webhooks', './nowhere.mjs'], "--webhooks: can't load ./nowhere.mjs: Cannot find module"],
  [
    ['relay', '--dev', '--webhooks', 'package.json', '--path', 'poa=/webhook/a'],
    '--path: expected no --webhooks beside',
  ],
  [['send', '--status', 'ADDED'], '--user is missing'],
  [['send', '--user', 'u', '--status', 'DONE', '--token', 't'], '--status: expected "ADDED" or "ERROR"'],
  [['send', '--user', 'u', '--status', 'ADDED'], '--token is missing'],
  [['send', '--webhook', 'cards', '--user', 'u', '--status', 'x'], '--webhook: expected one of kyc-file, user-balance'],
  [
    ['send', '--webhook', 'poa', '--user', 'u', '--status', 'APPROVED'],
    '--path is missing: where the provider posts poa',
  ],
  [
    ['send', '--webhook', 'poa', '--path', '/x', '--user', 'u', '--status', 'x'],
    'poa: expected a path below /webhook/',
  ],
  [['send', '--webhook', 'user-balance', '--user', 'u', '--status', 'two words'], '--status: expected a word'],
  [
    ['send', '--webhook', 'user-balance', '--user', '..', '--status', 'ACTIVE'],
    '--user: expected 1 to 256 printable characters',
  ],
  [['send', '--user', 'u', '--status', 'ADDED', '--token', 't', '--url', 'nowhere'], '--url: expected a URL'],
  [
    ['send', '--user', 'u', '--status', 'ADDED', '--token', 't', '--url', 'http://a:b@c'],
    'without a name and password',
  ],
  [['token', '--user', 'u'], 'KYC_SUBSCRIPTION_SECRET is missing'],
  [['events'], '--user is missing'],
  [['events', '--user', 'u'], 'KYC_ADMIN_TOKENS is not set'],
  [['forget', '--user', 'u'], 'KYC_ADMIN_TOKENS is not set'],
  [['forget', '--user', '..'], '--user: '],
  [['forget', '--user', 'u', '--token', 'x'], "Unknown option '--token'"],
  [['token', '--user', 'u', '--expires', 'soon'], '--expires: expected'],
  [['token', '--user', 'u', '--expires', '600'], '--expires: expected'],
  [['demo', '--port', '-1'], '--port'],
])('%j is wrong use: exit code 2 and one line', async (args, message) => {
  const { code, stdout, stderr } = await run(args)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
})

it('serves metrics of itself and of its process where it is told to', async () => {
  const [plain, measured] = await Promise.all([startRelay('memory'), startRelay('memory', '--metrics')])
  expect((await fetch(`${plain.url}/metrics`)).status).toBe(404)
  const metrics = await (await fetch(`${measured.url}/metrics`)).text()
  expect(metrics).toContain('kyc_relay_connections 0')
  expect(metrics).toContain('process_resident_memory_bytes')
})

it('logs JSON lines without tokens and users, from a level up', async () => {
  const relay = await startRelay('memory', '--log-level', 'warn')
  await send(relay.url, 'ADDED')
  await send(relay.url, 'ADDED', '--token', 'a-wrong-token')
  const lines = await relay.logged(/refused/)
  expect(lines.split('\n')).toHaveLength(1)
  expect(JSON.parse(lines)).toMatchObject({
    level: 40,
    time: expect.any(Number),
    msg: 'webhook refused',
    result: 'unauthorized',
  })
  for (const secret of [USER, 'first-token', 'a-wrong-token']) expect(lines).not.toContain(secret)
})

it.each(['stdout', 'stderr'] as const)('goes on when nobody reads its %s any more', async (name) => {
  const relay = await startRelay('memory')
  // As `relay 2>&1 | head -n 1` does: the next line is an EPIPE.
  relay.process[name]?.destroy()
  for (let i = 0; i < 3; i++) {
    expect(await send(relay.url, 'ADDED', '--token', 'wrong')).toMatchObject({ code: 1 })
  }
  expect((await fetch(`${relay.url}/healthz`)).status).toBe(200)
  expect(await relay.stop()).toBe(0)
})

it('takes tokens that were signed with the secret before', async () => {
  const env = { ...secrets, KYC_SUBSCRIPTION_SECRET: 'another secret of at least 32 bytes' }
  const [before, after] = await Promise.all([
    start(['relay', '--port', '0', '--store', 'memory'], env),
    start(['relay', '--port', '0', '--store', 'memory'], {
      ...env,
      KYC_SUBSCRIPTION_SECRET_PREVIOUS: secrets.KYC_SUBSCRIPTION_SECRET,
    }),
  ])
  expect((await follow(before.url)).status).toBe(401)
  expect((await follow(after.url)).status).toBe(200)
})

it('logs users where it is told to', async () => {
  const relay = await startRelay('memory', '--log-user-ids')
  await send(relay.url, 'ADDED')
  const lines = (await relay.logged(/webhook stored/)).split('\n').map((line) => JSON.parse(line))
  expect(lines.find(({ msg }) => msg === 'webhook stored')).toMatchObject({ externalUserId: USER, level: 30 })
})

it('ignores the line end of secrets that come from a file', async () => {
  const env = {
    KYC_WEBHOOK_TOKENS: 'first-token,second-token\n',
    KYC_SUBSCRIPTION_SECRET: `${secrets.KYC_SUBSCRIPTION_SECRET}\n`,
    KYC_SUBSCRIPTION_SECRET_PREVIOUS: '\n',
  }
  const relay = await start(['relay', '--port', '0', '--store', 'memory'], env)
  expect((await send(relay.url, 'ADDED', '--token', 'second-token')).code).toBe(0)
  // Whoever has the secret without the line end signs tokens for this relay, and the other way round.
  expect((await follow(relay.url)).status).toBe(200)
  const { stdout } = await run(['token', '--user', USER], env)
  const plain = await startRelay('memory')
  const stream = await openStream(`${plain.url}/events/${USER}`, { authorization: `Bearer ${stdout.trim()}` })
  expect(stream.status).toBe(200)
})

it('gives a user one stream where it is told to', async () => {
  const relay = await startRelay('memory', '--max-streams-per-user', '1')
  const first = await follow(relay.url)
  await first.untilSync()
  expect(await (await follow(relay.url)).ended).toHaveLength(1)
})

it('prints what is kept of a user, and erases one', async () => {
  const env = { ...secrets, KYC_ADMIN_TOKENS: 'admin-token, another\n' }
  const relay = await start(['relay', '--port', '0', '--store', newStore()], env)
  await send(relay.url, 'ADDED')
  const ask = (command: string, extra = {}) =>
    run([command, '--user', USER, '--url', `${relay.url}/`], { ...env, ...extra })
  const kept = await ask('events')
  expect(kept).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{\n {2}"externalUserId": "/) })
  const { events } = JSON.parse(kept.stdout)
  expect(events).toMatchObject([{ event: 'kyc-file', data: { externalUserId: USER, status: 'ADDED' } }])
  expect(await ask('forget')).toEqual({ code: 0, stdout: `204: ${USER} is erased\n`, stderr: '' })
  expect(JSON.parse((await ask('events')).stdout)).toMatchObject({ events: [], signedOutAt: null })
  const refused = await ask('forget', { KYC_ADMIN_TOKENS: 'guess' })
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('the relay answered 401') })
  expect(refused.stderr).not.toContain('guess')
  const without = await startRelay('memory')
  const absent = await run(['events', '--user', USER, '--url', without.url], env)
  expect(absent).toMatchObject({ code: 1, stderr: expect.stringContaining('the relay answered 404') })
})

it('refuses an admin token that the provider has', async () => {
  const env = { ...secrets, KYC_ADMIN_TOKENS: 'first-token' }
  const { code, stderr } = await run(['relay', '--port', '0', '--store', 'memory'], env)
  expect(code).toBe(2)
  expect(stderr).toContain('expected none of webhookTokens')
})

it('prints its version', async () => {
  expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

it('refuses a subscription secret that is too short', async () => {
  const { code, stderr } = await run(['token', '--user', 'u'], { KYC_SUBSCRIPTION_SECRET: 'short' })
  expect(code).toBe(2)
  expect(stderr).toContain('32 bytes')
})

it('says in one line, with exit code 1, what could not be done', async () => {
  const relay = await startRelay('memory')
  const busy = await run(['relay', '--port', new URL(relay.url).port, '--store', 'memory'], secrets)
  expect(busy).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^kyc-upload-status: can't listen on .*EADDRINUSE.*\n$/),
  })

  const refused = await send(relay.url, 'ADDED', '--token', 'wrong')
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('the relay answered 401') })

  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const unreachable = await send(`http://127.0.0.1:${port}`, 'ADDED')
  expect(unreachable).toMatchObject({ code: 1, stderr: expect.stringContaining("can't reach") })

  const missing = await run(['relay', '--dev', '--port', '0', '--store', 'sqlite:/nowhere/events.sqlite'])
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("/nowhere/events.sqlite can't be used") })
})

it('ends, with exit code 1 or 2, where a connection to Redis is open or still being tried', async () => {
  const relay = await startRelay('memory')
  const { port } = new URL(relay.url)
  // Nobody needs to answer: the client tries again and again.
  const redis = createServer().listen(0, '127.0.0.1')
  await once(redis, 'listening')
  onTestFinished(() => void redis.close())
  for (const store of ['redis://127.0.0.1:1', `redis://127.0.0.1:${(redis.address() as AddressInfo).port}`]) {
    const busy = await run(['relay', '--port', port, '--store', store], secrets)
    expect(busy).toMatchObject({ code: 1, stderr: expect.stringMatching(/^kyc-upload-status: can't listen on .*\n$/) })
    const wrong = await run(['relay', '--port', '0', '--store', store, '--allow-origin', '*'], secrets)
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('expected an origin') })
  }
})

it('takes the store from KYC_STORE, after --store, and never prints a password in it', async () => {
  const KYC_STORE = newStore()
  const relay = await start(['relay', '--port', '0'], { ...secrets, KYC_STORE })
  await send(relay.url, 'ADDED')
  expect(await relay.stop()).toBe(0)
  expect(existsSync(KYC_STORE.slice('sqlite:'.length))).toBe(true)

  const named = await start(['relay', '--port', '0', '--store', 'memory'], {
    ...secrets,
    KYC_STORE: 'redis://u:p@ss/w@x',
  })
  expect(await named.stop()).toBe(0)

  const wrong = await run(['relay', '--port', '0'], { ...secrets, KYC_STORE: 'redis://u:s3@cret/w#rd@127.0.0.1' })
  expect(wrong).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^kyc-upload-status: KYC_STORE: .*%23/),
  })
  expect(wrong.stderr.trim().split('\n')).toHaveLength(1)
  expect(wrong.stderr).not.toMatch(/s3|cret|rd@/)
})

it('logs at once why Redis can not be used, without being asked', async () => {
  const relay = await start(['relay', '--port', '0'], { ...secrets, KYC_STORE: 'redis://u:s3cret@127.0.0.1:1' })
  const [line = ''] = (await relay.logged(/ECONNREFUSED/)).split('\n')
  expect(JSON.parse(line)).toMatchObject({ level: 50, err: { message: expect.stringContaining('ECONNREFUSED') } })
  expect(line).not.toContain('s3cret')
  expect(await relay.stop()).toBe(0)
})

it.each(['', 'relay', 'demo', 'send', 'token'])('%s --help tells how it is used', async (command) => {
  const { code, stdout } = await run([command, '--help'].filter(Boolean))
  expect(code).toBe(0)
  expect(stdout).toMatch(new RegExp(`^Usage: kyc-upload-status ${command || '<command>'}`))
})
