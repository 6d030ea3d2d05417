export { InvalidOptionsError } from '../protocol/invalid-options.ts'
export type { Duration } from './access/duration.ts'
export { type Subscription, type SubscriptionTokens, subscriptionTokens } from './access/subscription-tokens.ts'
export { createRelay, type Relay } from './relay.ts'
export type { ForwardOptions, OnWebhook, RelayOptions, VerifySignature, WebhookEvent } from './relay-options.ts'
export { memoryStore } from './stores/memory/memory.ts'
export {
  type EventStore,
  type History,
  type Kept,
  type KeptDelivery,
  type NewEvent,
  type Replay,
  type SignOut,
  type StoredEvent,
  StoreUnavailableError,
} from './stores/store.ts'
export type {
  AdminAction,
  AdminResult,
  EndReason,
  Fact,
  Refusal,
  RefusedAdminRequest,
  RefusedResult,
  RefusedWebhook,
  ReplayOutcome,
  Report,
  Task,
  WebhookResult,
} from './telemetry/facts.ts'
export type { Logger } from './telemetry/log.ts'
export type { RelayMetrics } from './telemetry/metrics.ts'
