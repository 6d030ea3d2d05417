import * as z from 'zod/mini'
import { STEP_STATES } from '../step-state.ts'

/** The data of every frame but `kyc-file` and `sync`. */
export const kycStepEventSchema = z.object({
  externalUserId: z.string(),
  /** The provider's word. */
  status: z.string(),
  /** What it means. */
  state: z.enum(STEP_STATES),
  /** Why, where the webhook says so. */
  reason: z.optional(z.string()),
  /** When it happened at the provider, ISO 8601 in UTC, where the webhook says so. */
  occurredAt: z.optional(z.string()),
  /** When the relay received the webhook, ISO 8601 in UTC. */
  receivedAt: z.string(),
})

export type KycStepEvent = z.infer<typeof kycStepEventSchema>
