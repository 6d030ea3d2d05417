import { kycFileWebhook } from './webhooks/kyc-file.ts'

/** Every webhook that the relay accepts. A sibling is one more file beside `kyc-file.ts` and one more entry here. */
export const webhooks = [kycFileWebhook] as const
