// An application's server, in a project without the types of browsers.
// `consumer.node.test.ts` compiles it against the packed package.
import { createServer } from 'node:http'
import { type KycFileEvent, parseEventId } from 'kyc-upload-status/protocol'
import {
  type Authenticate,
  createRelay,
  type DefinedEvent,
  type Duration,
  defineWebhook,
  type EventStore,
  type Fact,
  type History,
  type HmacSignatureOptions,
  hmacSignature,
  InvalidOptionsError,
  type Logger,
  memoryStore,
  type NewEvent,
  partnerApi,
  type Relay,
  type RelayMetrics,
  type RelayOptions,
  type Replay,
  type Report,
  type StandardSchema,
  type StoredEvent,
  StoreUnavailableError,
  type Subscription,
  type SubscriptionTokens,
  subscriptionTokens,
} from 'kyc-upload-status/relay'
import { prometheusMetrics } from 'kyc-upload-status/relay/metrics'
import { toNodeHandler } from 'kyc-upload-status/relay/node'
import { sqliteStore } from 'kyc-upload-status/relay/sqlite'
import { standardWebhooks } from 'kyc-upload-status/relay/standard-webhooks'
import { Registry } from 'prom-client'

const history: History = { maxEvents: 8 }
const expiresIn: Duration = '5m'
const tokens: SubscriptionTokens = subscriptionTokens(['new', 'old'], { maxTokenLifetime: '1h' })
const authenticate: Authenticate = standardWebhooks('whsec_secret')
const hmac: HmacSignatureOptions = { header: 'x-signature', secrets: ['…'], algorithm: 'sha512', encoding: 'base64' }
const schema: StandardSchema<DefinedEvent> = {
  '~standard': { version: 1, vendor: 'mine', validate: (value) => ({ value: value as DefinedEvent }) },
}
const mine = defineWebhook({
  frame: 'mine',
  path: '/webhook/mine',
  body: schema,
  toEvent: (body) => (body.status === 'noise' ? null : body),
  authenticate: hmacSignature(hmac),
})
const metrics: RelayMetrics = prometheusMetrics(new Registry())
const logger: Logger = console
const report: Report = (fact: Fact) => {
  if (fact.type === 'delivered') console.log(fact.event.id, fact.event.externalUserId)
}

const options: RelayOptions = {
  store: sqliteStore('kyc.sqlite', history),
  webhookTokens: ['token'],
  subscriptionTokens: tokens,
  webhooks: [...partnerApi({ deliveryId: ({ headers }) => headers.get('x-delivery'), authenticate }), mine],
  metrics: { ...metrics, report },
  logger,
}
const relay: Relay = createRelay(options)
createServer(toNodeHandler(relay)).listen(8787)
createRelay({ store: memoryStore(), webhookTokens: ['token'], authorizeSubscriber: async () => null })

/** A store of the application's own. */
export class Recorder implements EventStore {
  readonly #store = memoryStore()
  append(event: NewEvent, deliveryId?: string | null): Promise<StoredEvent | null> {
    return this.#store.append(event, deliveryId)
  }
  since(externalUserId: string, lastEventId: string | null): Promise<Replay> {
    return this.#store.since(externalUserId, lastEventId)
  }
  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#store.listen(listener)
  }
  forget(externalUserId: string): Promise<void> {
    return this.#store.forget(externalUserId)
  }
  close(): Promise<void> {
    return this.#store.close()
  }
}

export async function answer(request: Request): Promise<Response> {
  try {
    const token = await tokens.issue('user', { expiresIn })
    const subscription: Subscription | null = await tokens.verify(token)
    if (subscription) await relay.disconnect(subscription.externalUserId)
    await relay.drain({ within: 100 })
    return await relay.fetch(request)
  } catch (error) {
    if (error instanceof InvalidOptionsError || error instanceof StoreUnavailableError) throw new Error(error.code)
    throw error
  }
}

export function millisecondsOf({ id }: StoredEvent): number | undefined {
  return parseEventId(id)?.ms
}

export const example: KycFileEvent = { externalUserId: 'user', status: 'ADDED', receivedAt: '2026-11-23T12:00:00.000Z' }

// A package whose types were not found would be `any`, and take this.
// @ts-expect-error: missing store
createRelay({ webhookTokens: ['token'], subscriptionTokens: tokens })
// @ts-expect-error: expected secrets
standardWebhooks()
// @ts-expect-error: expected a registry
prometheusMetrics({})
// @ts-expect-error: which file?
sqliteStore()
