import { test } from 'vitest'
import { ANSWER, type Answering } from '../../src/relay/http/answering.ts'
import type { Incoming } from '../../src/relay/http/incoming.ts'
import { createRelay, memoryStore, subscriptionTokens } from '../../src/relay/index.ts'
import { WebhookTokens } from '../../src/relay/ingest/webhook-tokens.ts'
import { replay } from '../../src/relay/stores/replay.ts'
import type { StoredEvent } from '../../src/relay/stores/store.ts'
import type { Connection } from '../../src/relay/streams/connection.ts'
import { Hub } from '../../src/relay/streams/hub.ts'
import { Subscriber } from '../../src/relay/streams/subscriber.ts'
import { encodeEvent } from '../../src/relay/streams/wire.ts'
import { prometheusMetrics } from '../../src/relay/telemetry/metrics.ts'

/** What the relay does for each webhook, each frame and each stream. */

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'
const TOKEN = 'the-webhook-token-of-32-characters'
const silent = () => {}
const logger = { debug: silent, info: silent, warn: silent, error: silent }
const data = JSON.stringify({ externalUserId: USER, status: 'ADDED', receivedAt: '2026-11-23T21:20:00.000Z' })
const event: StoredEvent = { externalUserId: USER, frame: 'kyc-file', id: '1763932800000-0', data }

/** A connection whose reader takes everything at once. */
const connection: Connection = { unread: 0, write: silent, end: silent, destroy: silent }
const deadline = { at: Number.POSITIVE_INFINITY, reason: 'lifetime' } as const
const relay = createRelay({
  store: memoryStore(),
  webhookTokens: [TOKEN],
  subscriptionTokens: subscriptionTokens('a secret of at least thirty-two bytes'),
  metrics: prometheusMetrics(),
  logger,
}) as ReturnType<typeof createRelay> & Answering

const headers = new Map([
  ['authorization', TOKEN],
  ['content-type', 'application/json'],
])
const body = new TextEncoder().encode(JSON.stringify({ externalUserId: USER, status: 'ADDED' }))
const webhook: Incoming = {
  method: 'POST',
  path: '/webhook/kyc-files/status',
  search: '',
  native: null,
  isGone: false,
  header: (name) => headers.get(name) ?? null,
  arrived: async () => body,
  read: () => silent,
  toRequest: () => new Request('http://relay.example'),
}

function hubWith(readers: number): Hub {
  const hub = new Hub(15_000, {})
  for (let i = 0; i < readers; i++) {
    const subscriber = new Subscriber(USER, deadline, connection, silent)
    subscriber.goLive('', '0-0')
    hub.add(subscriber)
  }
  return hub
}

test('a webhook', async ({ bench }) => {
  const tokens = new WebhookTokens([TOKEN, `${TOKEN}-before`])
  await bench.compare(
    bench('from its body to its acknowledgement, in memory', async () => {
      await relay[ANSWER](webhook)
    }),
    bench('its token, against two', () => void tokens.accept(TOKEN)),
  )
})

test('a frame', async ({ bench }) => {
  const [one, eight] = [hubWith(1), hubWith(8)]
  await bench.compare(
    bench('encoded', () => void encodeEvent(event)),
    bench('to one stream of a user', () => void one.dispatch(event)),
    bench('to eight', () => void eight.dispatch(event)),
  )
})

test('a stream', async ({ bench }) => {
  const hub = hubWith(0)
  const kept = Array.from({ length: 33 }, (_, n) => ({ ...event, id: `1763932800000-${n}` }))
  const now = 1_763_932_800_000
  const history = { maxEvents: 32, maxAge: 86_400_000, keepLatest: 30 * 86_400_000 }
  const shelf = { ...history, now, position: { ms: now, n: 32 }, since: { ms: 0, n: 0 } }
  await bench.compare(
    bench('that comes and goes', () => {
      const subscriber = new Subscriber(USER, deadline, connection, silent)
      hub.add(subscriber)
      hub.delete(subscriber)
    }),
    bench('that resumes', () => void replay(kept, '1763932800000-20', shelf)),
  )
})
