import { aFunction, checkOptions, expect, type Rules } from '../check-options.ts'
import { STEP_STATES, type StepState } from '../step-state.ts'
import { defineWebhook, noteBuiltIn, type WebhookDefinition, webhookPath } from './definition.ts'
import { kycFileWebhook } from './kyc-file.ts'
import { kycVerification } from './kyc-verification.ts'
import { poa } from './poa.ts'
import { siblingWebhook } from './sibling.ts'
import { userBalance } from './user-balance.ts'

const SIBLINGS = [userBalance, poa, kycVerification] as const

/** The names of the frames of the provider's webhooks. */
export const PARTNER_FRAMES = ['kyc-file', 'user-balance', 'poa', 'kyc-verification'] as const
export type PartnerFrame = (typeof PARTNER_FRAMES)[number]
export type SiblingFrame = Exclude<PartnerFrame, 'kyc-file'>

export interface PartnerApiOptions extends Pick<WebhookDefinition, 'authenticate' | 'deliveryId'> {
  /**
   * Where the provider posts a webhook, by its frame. Those of `poa` and `kyc-verification` are not known: without a path here
   * they are not taken in.
   */
  paths?: { readonly [frame in PartnerFrame]?: string }
  /** What words of a sibling mean, beside the known ones or in their place: `{ 'kyc-verification': { DONE: 'approved' } }`. */
  statuses?: { readonly [frame in SiblingFrame]?: { readonly [status: string]: StepState } }
}

const isWords = (words: unknown) =>
  typeof words === 'object' && words !== null && Object.values(words).every((state) => STEP_STATES.includes(state))
const words = expect(isWords, `expected words and what they mean: ${STEP_STATES.join(', ')}`)

const rules: Rules = {
  paths: { 'kyc-file': webhookPath, ...Object.fromEntries(SIBLINGS.map(({ frame }) => [frame, webhookPath])) },
  statuses: Object.fromEntries(SIBLINGS.map(({ frame }) => [frame, words])),
  authenticate: aFunction,
  deliveryId: aFunction,
}

/**
 * The webhooks "User & KYC Webhooks" of the Partner API, whose paths are known: *KYC File Added* and *User Balance
 * Generation*, and the two others where `paths` names theirs.
 *
 * @throws {InvalidOptionsError} if an option can't work.
 */
export function partnerApi(options: PartnerApiOptions = {}): WebhookDefinition[] {
  checkOptions('partnerApi', rules, options)
  const { paths = {}, statuses = {}, authenticate, deliveryId } = options
  const own = { ...(authenticate && { authenticate }), ...(deliveryId && { deliveryId }) }
  const file = { ...kycFileWebhook, path: paths['kyc-file'] ?? kycFileWebhook.path }
  const siblings = SIBLINGS.flatMap((sibling) => {
    const frame = sibling.frame as SiblingFrame
    const path = paths[frame] ?? sibling.path
    return path === null ? [] : [siblingWebhook(sibling, path, statuses[frame])]
  })
  return [file, ...siblings].map((definition) =>
    noteBuiltIn(defineWebhook({ ...definition, ...own } as WebhookDefinition)),
  )
}
