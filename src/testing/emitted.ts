import { checkOptions, expect, type Rules, text, withRequired } from '../protocol/check-options.ts'
import { externalUserIdProblem } from '../protocol/external-user-id.ts'
import { STEP_STATES, type StepState } from '../protocol/step-state.ts'
import type { KycFileEvent } from '../protocol/webhooks/kyc-file.ts'
import { kycVerification } from '../protocol/webhooks/kyc-verification.ts'
import { poa } from '../protocol/webhooks/poa.ts'
import { siblingWebhook } from '../protocol/webhooks/sibling.ts'
import { userBalance } from '../protocol/webhooks/user-balance.ts'
import { KYC_FILE_FRAME, KYC_FILE_STATUSES, SYNC_FRAME } from '../protocol/words.ts'
import type { MockData } from './history.ts'

/** A webhook that has come. */
export interface EmittedStep {
  /** The frame of the webhook: `poa`, for example. */
  frame: string
  /** The provider's word. */
  status: string
  /** What it means. Default: what the relay takes the word for, where the webhook is one of the Partner API's. */
  state?: StepState
  /** Why, in the provider's word. Default: what the relay says, where the state is left out. */
  reason?: string
  /** When it happened at the provider, ISO 8601. */
  occurredAt?: string
}

const siblings = new Map(
  [userBalance, poa, kycVerification].map((one) => [one.frame, siblingWebhook(one, '/webhook/…')]),
)

const fileRules: Rules = {
  externalUserId: externalUserIdProblem,
  frame: text,
  status: expect((status) => KYC_FILE_STATUSES.some((known) => known === status), 'expected "ADDED" or "ERROR"'),
}
const stepRules: Rules = {
  externalUserId: externalUserIdProblem,
  frame: expect(
    (frame) => typeof frame === 'string' && /^[\w.:-]{1,64}$/.test(frame) && frame !== SYNC_FRAME,
    `expected the name of a frame, and not ${SYNC_FRAME}`,
  ),
  status: expect((status) => typeof status === 'string' && status !== '', 'expected a word'),
  state: expect((state) => STEP_STATES.some((known) => known === state), `expected one of ${STEP_STATES.join(', ')}`),
  reason: text,
  occurredAt: expect((time) => Date.parse(String(time)) > 0, 'expected a time, ISO 8601'),
}

/**
 * What the relay makes of a webhook.
 *
 * @throws {InvalidOptionsError} for what the relay would refuse, and for a frame that is not the Partner API's without a state.
 */
export function readEmitted(
  externalUserId: string,
  emitted: KycFileEvent['status'] | EmittedStep,
): { frame: string; data: Omit<MockData, 'receivedAt'> } {
  const step = typeof emitted === 'object' && emitted !== null ? emitted : { frame: KYC_FILE_FRAME, status: emitted }
  const { frame, status } = step
  const isFile = frame === KYC_FILE_FRAME
  const known = siblings.get(frame)?.toEvent({ externalUserId, status: String(status) }, new Headers())
  const required: (keyof Given)[] = ['externalUserId', 'frame', 'status']
  if (!isFile && !known) required.push('state')
  checkOptions('emit', isFile ? fileRules : stepRules, withRequired<Given>({ externalUserId, ...step }, ...required))
  if (isFile) return { frame, data: { externalUserId, status } }
  const { state = known?.state, reason = 'state' in step ? undefined : known?.reason, occurredAt } = step as EmittedStep
  return {
    frame,
    data: {
      externalUserId,
      status,
      ...(state && { state }),
      ...(reason !== undefined && { reason }),
      ...(occurredAt !== undefined && { occurredAt: new Date(occurredAt).toISOString() }),
    },
  }
}

type Given = EmittedStep & { externalUserId: string }
