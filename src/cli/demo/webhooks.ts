import { kycVerification } from '../../protocol/webhooks/kyc-verification.ts'
import { type PartnerFrame, partnerApi } from '../../protocol/webhooks/partner-api.ts'
import { poa } from '../../protocol/webhooks/poa.ts'
import { userBalance } from '../../protocol/webhooks/user-balance.ts'
import { KYC_FILE_STATUSES } from '../../protocol/words.ts'

/** The demo's own paths for the two webhooks whose paths are not known. */
const PATHS = { poa: '/webhook/poa/status', 'kyc-verification': '/webhook/kyc-verification/status' }

export const webhooks = partnerApi({ paths: PATHS })

/** Each webhook of the provider, as its documentation calls it, and the words that it may say. */
export const WORDS: readonly { frame: PartnerFrame; name: string; statuses: readonly string[] }[] = [
  { frame: 'kyc-file', name: 'KYC File Added', statuses: KYC_FILE_STATUSES },
  { frame: 'kyc-verification', name: 'KYC Verification Status', statuses: Object.keys(kycVerification.states) },
  { frame: 'poa', name: 'POA Verification Status', statuses: Object.keys(poa.states) },
  { frame: 'user-balance', name: 'User Balance Generation', statuses: Object.keys(userBalance.states) },
]

/** One webhook that the provider can send. */
export interface Word {
  frame: PartnerFrame
  status: string
}

/** @returns `null` if none of the webhooks says this word. */
export function wordOf(frame: string | null, status: string | null): Word | null {
  const webhook = WORDS.find((known) => known.frame === frame)
  return webhook && status !== null && webhook.statuses.includes(status) ? { frame: webhook.frame, status } : null
}

export function pathOf(frame: PartnerFrame): string {
  const webhook = webhooks.find((defined) => defined.frame === frame)
  if (!webhook) throw new Error(`expected a webhook with the frame ${frame}`)
  return webhook.path
}
