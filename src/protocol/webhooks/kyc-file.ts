import * as z from 'zod/mini'
import { externalUserIdSchema } from '../external-user-id-schema.ts'
import { KYC_FILE_FRAME, KYC_FILE_STATUSES } from '../words.ts'

const statusSchema = z.enum(KYC_FILE_STATUSES, 'expected "ADDED" or "ERROR"')

const bodySchema = z.object(
  { externalUserId: externalUserIdSchema, status: statusSchema },
  'expected an object with externalUserId and status',
)

const unknownSchema = z.object({
  externalUserId: externalUserIdSchema,
  status: z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,63}$/)),
})

/**
 * The webhook *KYC File Added*, sent right after each attempt to upload a user's document through the Partner API.
 * `ADDED`: the file was accepted. `ERROR`: it was not. Neither says anything about the verification itself.
 */
export const kycFileWebhook = {
  path: '/webhook/kyc-files/status',
  /** The name of its frame in the stream. */
  frame: KYC_FILE_FRAME,
  /** The body as it arrives; fields beyond these are dropped. */
  body: bodySchema,
  /** A body whose status nobody knows yet. It is no error of the provider's, and no page could say what it means. */
  unknown: unknownSchema,
} as const

/** The data of a `kyc-file` frame. */
export const kycFileEventSchema = z.object({
  externalUserId: z.string(),
  status: statusSchema,
  /** When the relay received the webhook, ISO 8601 in UTC. */
  receivedAt: z.string(),
})

export type KycFileEvent = z.infer<typeof kycFileEventSchema>
