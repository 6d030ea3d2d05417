export { compareEventIds, type EventId, formatEventId, isAfter, parseEventId } from './event-id.ts'
export { MAX_EXTERNAL_USER_ID_LENGTH } from './external-user-id.ts'
export { externalUserIdSchema } from './external-user-id-schema.ts'
export { type Snapshot, type Sync, snapshotSchema, syncSchema } from './frames.ts'
export { InvalidOptionsError } from './invalid-options.ts'
export type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts'
export {
  type Decision,
  decide,
  LATE_REPEAT,
  STEP_STATES,
  type StepEvent,
  type StepState,
  told,
  weigh,
} from './step-state.ts'
export { type Authenticate, type DefinedEvent, defineWebhook, type WebhookDefinition } from './webhooks/definition.ts'
export { type KycFileEvent, kycFileEventSchema, kycFileWebhook } from './webhooks/kyc-file.ts'
export { type KycStepEvent, kycStepEventSchema } from './webhooks/step-event.ts'
export { SYNC_FRAME } from './words.ts'
