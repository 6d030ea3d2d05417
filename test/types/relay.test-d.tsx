// Type tests: nothing here runs, `npm run typecheck` compiles it. See `hook.test-d.tsx`.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Registry } from 'prom-client'
import { expectTypeOf, it } from 'vitest'
import * as z from 'zod/mini'
import {
  type KycFileEvent,
  kycFileEventSchema,
  kycFileWebhook,
  parseEventId,
  type Snapshot,
  type StepState,
  type Sync,
} from '../../src/protocol/index.ts'
import {
  type Authenticate,
  createRelay,
  defineWebhook,
  type EventStore,
  type Fact,
  hmacSignature,
  type Logger,
  memoryStore,
  partnerApi,
  type Relay,
  type RelayMetrics,
  type RelayOptions,
  type StoredEvent,
  type StoreUnavailableError,
  type Subscription,
  type SubscriptionTokens,
  subscriptionTokens,
  type WebhookDefinition,
} from '../../src/relay/index.ts'
import { standardWebhooks } from '../../src/relay/ingest/standard-webhooks.ts'
import { toNodeHandler } from '../../src/relay/servers/node.ts'
import { sqliteStore } from '../../src/relay/stores/sqlite/sqlite.ts'
import { prometheusMetrics } from '../../src/relay/telemetry/metrics.ts'

const store = memoryStore()
const tokens = subscriptionTokens('a secret of 32 bytes or more, a secret')

it('is made of a store, webhook tokens, and a way to tell who reads', async () => {
  const relay = createRelay({ store, webhookTokens: ['token'], subscriptionTokens: tokens })
  expectTypeOf(relay).toEqualTypeOf<Relay>()
  expectTypeOf(relay.fetch).toEqualTypeOf<(request: Request, native?: unknown) => Promise<Response>>()
  expectTypeOf(relay.handles('/kyc/healthz')).toEqualTypeOf<boolean>()
  expectTypeOf(relay.disconnect('user')).toEqualTypeOf<Promise<void>>()
  expectTypeOf(await relay.forget('user')).toEqualTypeOf<void>()
  expectTypeOf(await relay.drain({ within: 100 })).toEqualTypeOf<void>()
  createRelay({ store, webhookTokens: ['token'] as const, authorizeSubscriber: () => null })
  createRelay({
    store,
    webhookTokens: ['token'],
    authorizeSubscriber: async (request) => {
      expectTypeOf(request).toEqualTypeOf<Request>()
      return 'user'
    },
  })
  // That it takes either `subscriptionTokens` or `authorizeSubscriber` is not in the types: it is checked when it is made.
  expectTypeOf<{ store: EventStore; webhookTokens: string[] }>().toExtend<RelayOptions>()
})

it('refuses options that can not work', () => {
  const base = { store, webhookTokens: ['token'], subscriptionTokens: tokens }
  // @ts-expect-error: missing options
  createRelay()
  // @ts-expect-error: missing store
  createRelay({ webhookTokens: ['token'], subscriptionTokens: tokens })
  // @ts-expect-error: expected a list
  createRelay({ ...base, webhookTokens: 'token' })
  // @ts-expect-error: expected subscriptionTokens(secret), not the secret
  createRelay({ ...base, subscriptionTokens: 'secret' })
  // @ts-expect-error: nobody is `null`, not `false`
  createRelay({ store, webhookTokens: ['token'], authorizeSubscriber: () => false })
  // @ts-expect-error: expected a list
  createRelay({ ...base, allowedOrigins: '*' })
  // @ts-expect-error: expected milliseconds
  createRelay({ ...base, maxLifetime: '1h' })
  // @ts-expect-error: not an option
  createRelay({ ...base, path: '/kyc' })
  // @ts-expect-error: a logger has four methods
  createRelay({ ...base, logger: { info: () => {} } })
})

it('takes loggers, metrics, signatures and names of deliveries', () => {
  expectTypeOf<Console>().toExtend<Logger>()
  expectTypeOf(prometheusMetrics()).toEqualTypeOf<RelayMetrics>()
  expectTypeOf(prometheusMetrics(new Registry())).toEqualTypeOf<RelayMetrics>()
  expectTypeOf(standardWebhooks(['whsec_new', 'whsec_old'])).toEqualTypeOf<Authenticate>()
  expectTypeOf(standardWebhooks('whsec_one')).toEqualTypeOf<Authenticate>()
  const signed = { header: 'x-signature', secrets: ['secret'], algorithm: 'sha256', encoding: 'hex' } as const
  expectTypeOf(hmacSignature(signed)).toEqualTypeOf<Authenticate>()
  hmacSignature({ ...signed, prefix: 'sha256=', timestamp: { header: 'x-timestamp' } })
  hmacSignature({ ...signed, timestamp: { element: 't', signature: 'v1' } })
  // @ts-expect-error: an element of which signature?
  hmacSignature({ ...signed, timestamp: { element: 't' } })
  // @ts-expect-error: not an algorithm
  hmacSignature({ ...signed, algorithm: 'sha1' })
  // @ts-expect-error: expected a registry
  prometheusMetrics({})
  // @ts-expect-error: expected secrets
  standardWebhooks()
})

it('takes the webhooks of any provider', () => {
  const mine = defineWebhook({
    frame: 'mine',
    path: '/webhook/mine',
    body: z.object({ user: z.object({ id: z.string() }), at: z.optional(z.string()) }),
    toEvent(body, headers) {
      expectTypeOf(body).toEqualTypeOf<{ user: { id: string }; at?: string | undefined }>()
      expectTypeOf(headers).toEqualTypeOf<Headers>()
      return { externalUserId: body.user.id, status: 'done', state: 'approved', occurredAt: body.at }
    },
    deliveryId: ({ headers, body }) => headers.get(body.user.id),
    authenticate: async (headers, rawBody) => headers.has('x') && rawBody.length > 0,
    maxBytes: 100_000,
  })
  expectTypeOf(partnerApi()).toEqualTypeOf<WebhookDefinition[]>()
  createRelay({ store, subscriptionTokens: tokens, webhooks: [...partnerApi({ authenticate: () => true }), mine] })
  partnerApi({ paths: { poa: '/webhook/poa' }, statuses: { 'kyc-verification': { DONE: 'approved' } } })
  // @ts-expect-error: not a webhook of the provider
  partnerApi({ paths: { cards: '/webhook/cards' } })
  // @ts-expect-error: not a state
  partnerApi({ statuses: { poa: { DONE: 'done' } } })
  // @ts-expect-error: ADDED and ERROR are all that it has
  partnerApi({ statuses: { 'kyc-file': { DONE: 'approved' } } })
  // @ts-expect-error: which user?
  defineWebhook({ ...mine, toEvent: () => ({ status: 'done', state: 'approved' }) })
  // @ts-expect-error: expected a list
  createRelay({ store, webhookTokens: ['token'], subscriptionTokens: tokens, webhooks: mine })
})

it('tells facts that narrow by their type', () => {
  const report = (fact: Fact) => {
    if (fact.type === 'delivered') expectTypeOf(fact.event).toEqualTypeOf<StoredEvent>()
    if (fact.type === 'failed') expectTypeOf(fact.error).toEqualTypeOf<unknown>()
    if (fact.type === 'webhook' && fact.result === 'accepted') expectTypeOf(fact.externalUserId).toEqualTypeOf<string>()
  }
  expectTypeOf(report).toExtend<RelayMetrics['report']>()
})

it('issues and reads tokens', async () => {
  expectTypeOf(tokens).toEqualTypeOf<SubscriptionTokens>()
  expectTypeOf(await tokens.issue('user')).toEqualTypeOf<string>()
  expectTypeOf(await tokens.issue('user', { expiresIn: '5m' })).toEqualTypeOf<string>()
  expectTypeOf(await tokens.verify('token')).toEqualTypeOf<Subscription | null>()
  subscriptionTokens(['new', new Uint8Array(32)], { maxTokenLifetime: '1h' })
  // @ts-expect-error: missing secret
  subscriptionTokens()
  // @ts-expect-error: text with a unit
  void tokens.issue('user', { expiresIn: 300 })
  // @ts-expect-error: text with a unit
  void tokens.issue('user', { expiresIn: new Date() })
  // @ts-expect-error: for whom?
  void tokens.issue()
})

it('keeps events in stores, and in stores of your own', () => {
  expectTypeOf(memoryStore({ maxEvents: 8, maxAge: 1000 })).toEqualTypeOf<EventStore>()
  expectTypeOf(sqliteStore('kyc.sqlite', { maxAge: 1000, keepLatest: 2000 })).toEqualTypeOf<EventStore>()
  expectTypeOf<EventStore['append']>().returns.resolves.toEqualTypeOf<StoredEvent | null>()
  expectTypeOf<StoreUnavailableError>().toExtend<Error>()
  // @ts-expect-error: which file?
  sqliteStore()
  // @ts-expect-error: not an option
  memoryStore({ max: 8 })
  // @ts-expect-error: a store has more methods
  createRelay({ store: { append: store.append }, webhookTokens: ['token'], subscriptionTokens: tokens })
})

it('mounts in node:http', () => {
  const relay = createRelay({ store, webhookTokens: ['token'], subscriptionTokens: tokens })
  createServer(toNodeHandler(relay))
  expectTypeOf(toNodeHandler(relay)).toEqualTypeOf<
    (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => Promise<void>
  >()
  toNodeHandler({ fetch: relay.fetch, handles: relay.handles }, { fallthrough: true })
  createRelay({
    store,
    webhookTokens: ['token'],
    authorizeSubscriber: (_, request: IncomingMessage & { user?: { id: string } }) => request.user?.id ?? null,
    onWebhook: async ({ externalUserId, status, state, deliveryId }, request) => {
      expectTypeOf(state).toEqualTypeOf<StepState | undefined>()
      expectTypeOf([externalUserId, status]).toEqualTypeOf<string[]>()
      expectTypeOf(deliveryId).toEqualTypeOf<string | null>()
      expectTypeOf(request).toEqualTypeOf<Request>()
    },
    forward: { url: 'https://app.internal', timeout: 3000 },
  })
  // @ts-expect-error: the relay, not its options
  toNodeHandler({ store, webhookTokens: ['token'] })
})

it('has words that both sides share', () => {
  expectTypeOf<KycFileEvent>().toEqualTypeOf<{
    externalUserId: string
    status: 'ADDED' | 'ERROR'
    receivedAt: string
  }>()
  expectTypeOf(kycFileEventSchema.parse({})).toEqualTypeOf<KycFileEvent>()
  expectTypeOf(kycFileWebhook.frame).toEqualTypeOf<'kyc-file'>()
  expectTypeOf(parseEventId('1-0')).toEqualTypeOf<{ ms: number; n: number } | null>()
  expectTypeOf<Snapshot['events'][number]['data']>().toEqualTypeOf<unknown>()
  expectTypeOf<Sync['heartbeat']>().toEqualTypeOf<number>()
  // @ts-expect-error: wrong status
  expectTypeOf<'PENDING'>().toExtend<KycFileEvent['status']>()
})
