export { InvalidOptionsError } from '../protocol/invalid-options.ts'
export type { SchemaIssue, SchemaResult, StandardSchema } from '../protocol/standard-schema.ts'
export type { StepState } from '../protocol/step-state.ts'
export {
  type Authenticate,
  type DefinedEvent,
  defineWebhook,
  type WebhookDefinition,
} from '../protocol/webhooks/definition.ts'
export {
  type PartnerApiOptions,
  type PartnerFrame,
  partnerApi,
  type SiblingFrame,
} from '../protocol/webhooks/partner-api.ts'
export type { Duration } from './access/duration.ts'
export { type Subscription, type SubscriptionTokens, subscriptionTokens } from './access/subscription-tokens.ts'
export { type HmacSignatureOptions, hmacSignature } from './ingest/hmac-signature.ts'
export { createRelay, type Relay } from './relay.ts'
export type { ForwardOptions, OnWebhook, RelayOptions, WebhookEvent } from './relay-options.ts'
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
