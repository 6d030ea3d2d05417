import { defineWebhook, partnerApi, type StepState } from 'kyc-upload-status/relay'
import * as z from 'zod'

const RESULTS: { [result: string]: StepState } = {
  running: 'in_review',
  passed: 'approved',
  income_missing: 'action_needed',
}

const creditCheck = defineWebhook({
  frame: 'credit-check',
  path: '/webhook/credit',
  body: z.object({ person: z.string(), result: z.string() }),
  toEvent: ({ person, result }) => ({
    externalUserId: person,
    status: result,
    state: RESULTS[result] ?? 'unknown',
    reason: result === 'income_missing' ? result : undefined,
  }),
})

export const webhooks = [...partnerApi(), creditCheck]
