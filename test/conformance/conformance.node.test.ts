import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from 'srvx'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRelay, type EventStore, memoryStore, subscriptionTokens } from '../../src/relay/index.ts'
import { toNodeHandler } from '../../src/relay/servers/node.ts'
import { redisStore } from '../../src/relay/stores/redis/redis.ts'
import { sqliteStore } from '../../src/relay/stores/sqlite/sqlite.ts'
import { silentLogger } from '../relay/serve.ts'
import { hasRedis, RedisServer } from '../relay/stores/redis-server.ts'
import { Skipped } from './check.ts'
import type { Settings } from './settings.ts'
import { PROTOCOL, README } from './sources.ts'
import { checks, runCheck } from './suite.ts'

const settings: Settings = {
  webhookToken: 'the-webhook-token-of-the-suite',
  subscriptionSecret: 'a secret of at least thirty-two bytes',
  adminToken: 'the-admin-token-of-the-suite',
  basePath: '/kyc',
  allowedOrigin: 'https://app.example',
  keptEvents: 32,
  streamsPerUser: 8,
}

interface Serving {
  url: string
  close(): Promise<unknown>
}

const relayWith = (store: EventStore) =>
  createRelay({
    store,
    webhookTokens: [settings.webhookToken],
    adminTokens: ['the-admin-token-of-the-suite'],
    subscriptionTokens: subscriptionTokens(settings.subscriptionSecret),
    basePath: settings.basePath,
    allowedOrigins: ['https://app.example'],
    logger: silentLogger(),
  })

async function serveNode(handler: RequestListener): Promise<Serving> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

const forms: Record<string, () => Promise<Serving>> = {
  'toNodeHandler and memoryStore': () => serveNode(toNodeHandler(relayWith(memoryStore()))),
  'toNodeHandler and sqliteStore': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kyc-conformance-'))
    const store = sqliteStore(join(folder, 'relay.sqlite'))
    const serving = await serveNode(toNodeHandler(relayWith(store)))
    const close = async () => {
      await serving.close()
      await store.close()
      rmSync(folder, { recursive: true })
    }
    return { url: serving.url, close }
  },
  ...(hasRedis && {
    'toNodeHandler and redisStore': async () => {
      const redis = await RedisServer.start()
      const store = redisStore(redis.url)
      await vi.waitFor(() => store.checkWritable?.(), { timeout: 10_000 })
      const serving = await serveNode(toNodeHandler(relayWith(store)))
      const close = async () => {
        await serving.close()
        await store.close()
        await redis.end()
      }
      return { url: serving.url, close }
    },
  }),
  'relay.fetch in the adapter of srvx': async () => {
    const { fetch } = relayWith(memoryStore())
    const server = serve({ fetch, port: 0, hostname: '127.0.0.1', silent: true })
    await server.ready()
    return { url: server.url ?? '', close: () => server.close(true) }
  },
}

describe.each(Object.entries(forms))('%s', (_, start) => {
  let serving: Serving
  beforeAll(async () => {
    serving = await start()
  })
  afterAll(() => serving.close())

  it.concurrent.for(checks)('$topic: $rule', { timeout: 60_000 }, async (check, { skip }) => {
    await runCheck(check, serving.url, settings).catch((error: unknown) => {
      if (error instanceof Skipped) skip(error.message)
      throw error
    })
  })
})

const run = fileURLToPath(new URL('run.ts', import.meta.url))

async function conformance(args: string[], environment: Record<string, string> = {}) {
  const { KYC_WEBHOOK_TOKENS: _, KYC_SUBSCRIPTION_SECRET: __, KYC_ADMIN_TOKENS: ___, ...inherited } = process.env
  const child = spawn(process.execPath, [run, ...args], { env: { ...inherited, ...environment } })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const [code] = await once(child, 'close')
  return { code: code as number, ...output }
}

const secrets = {
  KYC_WEBHOOK_TOKENS: `${settings.webhookToken}, another`,
  KYC_SUBSCRIPTION_SECRET: settings.subscriptionSecret,
}

it('fails a server that says yes to everything, and tells what it expected by which rule', async () => {
  const wrong = await serveNode((_, response) => response.end('ok'))
  onTestFinished(async () => void (await wrong.close()))
  const { code, stdout } = await conformance(['--url', wrong.url], secrets)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^failed +\d+ ms +webhook +401 to another token, and nothing is stored$/m)
  expect(stdout).toMatch(/^ {2}expected {2}401\n {2}got {7}200\n {2}rule {6}"compared whole/m)
  expect(stdout).toMatch(/^skipped .*\(the configuration has no allowedOrigin\)$/m)
  expect(stdout).toMatch(/\n\d+ passed, \d+ failed, \d+ skipped\n$/)
})

it.each<[string, string[], RegExp]>([
  ['an unknown option', ['--uri', 'http://127.0.0.1:1'], /--uri/],
  ['a URL with a path', ['--url', 'http://127.0.0.1:1/kyc'], /a path belongs in basePath/],
  ['a file without a URL', ['--config', 'x.json'], /expected --url beside it/],
  ['a URL without secrets', ['--url', 'http://127.0.0.1:1'], /KYC_WEBHOOK_TOKENS/],
  ['a file that is not there', ['--url', 'http://127.0.0.1:1', '--config', 'nowhere.json'], /can not be read/],
])('exits with 2 for %s', async (_, args, message) => {
  const { code, stderr } = await conformance(args)
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})

it('names every mistake in its configuration', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-conformance-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'conformance.json')
  writeFileSync(file, JSON.stringify({ webhookToken: 7, subscriptionSecret: 'short', origin: 'x' }))
  const { code, stderr } = await conformance(['--url', 'http://127.0.0.1:1', '--config', file])
  expect(code).toBe(2)
  expect(stderr).toMatch(/webhookToken: expected text; subscriptionSecret: expected 32 bytes or more; origin: not a/)
})

it.each([
  [README, 'README.md'],
  [PROTOCOL, PROTOCOL],
])('quotes the %s as it stands', (quoted, file) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').replace(/\s+/g, ' ')
  const quotes = checks.filter(({ source }) => source === quoted).map(({ quote }) => quote)
  expect(quotes.length).toBeGreaterThan(0)
  expect(quotes.filter((quote) => !text.includes(quote))).toEqual([])
})

it('names each of its checks once', () => {
  const names = checks.map(({ topic, rule }) => `${topic}: ${rule}`)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})
