export { InvalidOptionsError } from '../protocol/invalid-options.ts'
export type { Duration } from './duration.ts'
export type { EndReason, Fact, Refusal, ReplayOutcome, Report, Task, WebhookResult } from './facts.ts'
export type { Logger } from './log.ts'
export type { RelayMetrics } from './metrics.ts'
export { createRelay, type Relay } from './relay.ts'
export type { RelayOptions, VerifySignature } from './relay-options.ts'
export {
  type EventStore,
  type History,
  type NewEvent,
  type Replay,
  type StoredEvent,
  StoreUnavailableError,
} from './store.ts'
export { memoryStore } from './stores/memory.ts'
export { type Subscription, type SubscriptionTokens, subscriptionTokens } from './subscription-tokens.ts'
