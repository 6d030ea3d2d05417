import * as z from 'zod/mini'
import { externalUserIdSchema } from '../external-user-id-schema.ts'
import { KYC_FILE_FRAME, KYC_FILE_STATUSES } from '../words.ts'
import type { DefinedEvent } from './definition.ts'

const EXPECTED = 'expected "ADDED" or "ERROR"'

/** The body as it arrives; fields beyond these are dropped. A word that nobody knows yet is no error of the provider's. */
const bodySchema = z.object(
  {
    externalUserId: externalUserIdSchema,
    status: z.string(EXPECTED).check(z.regex(/^[A-Z][A-Z0-9_]{0,63}$/, EXPECTED)),
  },
  'expected an object with externalUserId and status',
)

/**
 * The webhook *KYC File Added*, sent right after each attempt to upload a user's document through the Partner API.
 * `ADDED`: the file was accepted. `ERROR`: it was not. Neither says anything about the verification itself, so neither has a
 * state: what they mean is for the attempt that waits for them to say.
 */
export const kycFileWebhook = {
  frame: KYC_FILE_FRAME as typeof KYC_FILE_FRAME,
  path: '/webhook/kyc-files/status' as const,
  body: bodySchema,
  toEvent({ externalUserId, status }: z.infer<typeof bodySchema>): Omit<DefinedEvent, 'state'> & { state?: 'unknown' } {
    const isKnown = KYC_FILE_STATUSES.some((known) => known === status)
    return { externalUserId, status, ...(!isKnown && { state: 'unknown' as const }) }
  },
}

/** The data of a `kyc-file` frame. */
export const kycFileEventSchema = z.object({
  externalUserId: z.string(),
  status: z.enum(KYC_FILE_STATUSES, EXPECTED),
  /** When the relay received the webhook, ISO 8601 in UTC. */
  receivedAt: z.string(),
})

export type KycFileEvent = z.infer<typeof kycFileEventSchema>
