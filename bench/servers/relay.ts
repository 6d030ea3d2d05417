import { createRelay, type EventStore, memoryStore, type Relay, subscriptionTokens } from '../../dist/relay/index.js'
import { prometheusMetrics } from '../../dist/relay/telemetry/metrics.js'

/** This package's relay as an application makes it, with all that it has: checks, validation, history and metrics. */
export function makeRelay(store: EventStore = memoryStore()): Relay {
  return createRelay({
    store,
    webhookTokens: [process.env.WEBHOOK_TOKEN ?? ''],
    subscriptionTokens: subscriptionTokens(process.env.SUBSCRIPTION_SECRET ?? ''),
    // As many as the driver opens.
    maxStreams: 1_000_000,
    metrics: prometheusMetrics(),
  })
}
