import { expect, it, onTestFinished, vi } from 'vitest'
import { type Logger, StoreUnavailableError } from '../../../src/relay/index.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { SECRET, serve, tokens, USER, WEBHOOK_TOKEN } from '../serve.ts'

/** Keeps what it is told, as the lines that a logger would write. */
function recorder() {
  const lines: { level: string; message: string; fields: Record<string, unknown> }[] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: { ...fields } })
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  return { lines, logger }
}

/** Everything that a relay logs about: a webhook taken and refused, a stream opened, refused and ended, a failing store. */
async function live(options: Parameters<typeof serve>[0]) {
  const store = memoryStore()
  const { webhook, open, relay, url } = await serve({ store, ...options })
  await webhook({ externalUserId: USER, status: 'ADDED' })
  await webhook({ externalUserId: USER, status: 'done' }, { authorization: `${WEBHOOK_TOKEN}x` })
  await webhook({ externalUserId: USER, status: 'done' })
  const stream = await open(USER)
  await stream.untilSync()
  await fetch(`${url}/events/${USER}`, { headers: { authorization: `Bearer ${await tokens.issue('somebody else')}` } })
  store.append = () => Promise.reject(new StoreUnavailableError('the disk is full'))
  await webhook({ externalUserId: USER, status: 'ADDED' })
  await relay.drain({ within: 0 })
  await stream.ended
}

it('logs facts with their fields first, as pino takes them', async () => {
  const { lines, logger } = recorder()
  await live({ logger })
  expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'info: event delivered',
    'info: webhook stored',
    'warn: webhook refused',
    'warn: webhook refused',
    'debug: stream opened',
    'debug: stream replayed',
    'debug: stream refused',
    'error: webhook refused',
    'info: draining',
    'debug: stream ended',
  ])
  expect(lines.find(({ level }) => level === 'error')?.fields.err).toBeInstanceOf(StoreUnavailableError)
})

it('logs no token, no body and no user', async () => {
  const { lines, logger } = recorder()
  await live({ logger })
  const text = JSON.stringify(lines)
  for (const secret of [USER, WEBHOOK_TOKEN, SECRET, 'Bearer', 'done', 'somebody']) expect(text).not.toContain(secret)
  expect(text).toContain('[redacted]')
})

it('logs refused webhooks once a second, and how many it has left out', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { lines, logger } = recorder()
  const { webhook } = await serve({ logger })
  for (let i = 0; i < 100; i++) await webhook({}, { authorization: 'wrong' })
  vi.advanceTimersByTime(1000)
  await webhook({}, { authorization: 'wrong' })
  expect(lines.map(({ fields }) => fields.suppressed)).toEqual([0, 99])
})

it('logs users where that is asked for', async () => {
  const { lines, logger } = recorder()
  await live({ logger, logUserIds: true })
  expect(lines[0]?.fields.externalUserId).toBe(USER)
})

it('acknowledges a webhook even if the logger throws', async () => {
  const fail = () => {
    throw new Error('the log is full')
  }
  const heard: unknown[] = []
  const { error } = console
  console.error = (...args) => void heard.push(args)
  try {
    const { webhook } = await serve({ logger: { debug: fail, info: fail, warn: fail, error: fail } })
    expect((await webhook({ externalUserId: USER, status: 'ADDED' })).status).toBe(200)
  } finally {
    console.error = error
  }
  // One for each line: that it was delivered, and that it was stored.
  expect(heard).toHaveLength(2)
})
