import { defineWebhook, hmacSignature, partnerApi, type StepState } from 'kyc-upload-status/relay'
import { standardWebhooks } from 'kyc-upload-status/relay/standard-webhooks'
import * as z from 'zod'

const { IDENTITY_SECRET = '', ADDRESS_SECRET = '' } = process.env

const RESULTS: { [result: string]: StepState } = {
  clear: 'approved',
  manual_review: 'in_review',
  resubmit: 'action_needed',
  rejected: 'declined',
  abandoned: 'expired',
}

// Posts everything to one path, signs the body, and has your user's id somewhere within.
const identity = defineWebhook({
  frame: 'identity',
  path: '/webhook/identity',
  authenticate: hmacSignature({
    header: 'x-signature',
    prefix: 'sha256=',
    secrets: [IDENTITY_SECRET],
    algorithm: 'sha256',
    encoding: 'hex',
  }),
  body: z.object({
    id: z.string(),
    type: z.string(),
    check: z.object({
      applicant: z.object({ external_id: z.string() }),
      result: z.string().optional(),
      comment: z.string().optional(),
    }),
  }),
  toEvent({ type, check }) {
    const { external_id: externalUserId } = check.applicant
    if (type === 'check.started') return { externalUserId, status: type, state: 'in_review' }
    if (type !== 'check.completed' || check.result === undefined) return null
    return { externalUserId, status: check.result, state: RESULTS[check.result] ?? 'unknown', reason: check.comment }
  },
  deliveryId: ({ body }) => body.id,
})

// Signs by Standard Webhooks, and says when it happened.
const address = defineWebhook({
  frame: 'address',
  path: '/webhook/address',
  authenticate: standardWebhooks(ADDRESS_SECRET),
  body: z.object({
    type: z.literal('address.updated'),
    timestamp: z.string(),
    data: z.object({ userId: z.string(), status: z.enum(['received', 'verified', 'unreadable']) }),
  }),
  toEvent({ timestamp, data }) {
    const states = { received: 'in_review', verified: 'approved', unreadable: 'action_needed' } as const
    const { userId, status } = data
    return { externalUserId: userId, status, state: states[status], occurredAt: timestamp }
  },
})

export const webhooks = [...partnerApi(), identity, address]
