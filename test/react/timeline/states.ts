import {
  type ChannelState,
  type ConnectionState,
  type KycKnownStep,
  KycStatusError,
  type KycStepEvent,
  type KycTimelineState,
} from '../../../src/client/index.ts'
import { SHOWN_AT } from '../upload-status/states.ts'

export const USER = 'a-user'
export const STEPS = ['kyc-file', 'poa', 'kyc-verification', 'user-balance'] as const

/** What the provider says in each state of a step, and why. */
const SAID: Record<KycTimelineState, Partial<KycStepEvent> | null> = {
  todo: null,
  sending: null,
  not_needed: null,
  in_review: { status: 'WAITING', state: 'in_review' },
  action_needed: { status: 'QUESTIONED', state: 'action_needed', reason: 'unclear' },
  done: { status: 'APPROVED', state: 'approved' },
  declined: { status: 'REJECTED', state: 'declined', reason: 'fraud' },
  expired: { status: 'EXPIRED', state: 'expired' },
  unknown: { status: 'PONDERED', state: 'unknown' },
}

export function said(state: KycTimelineState, event: Partial<KycStepEvent> = {}): KycKnownStep {
  const told = SAID[state]
  const at = SHOWN_AT - 3_600_000
  const base = { id: `${at}-0`, status: '', receivedAt: new Date(at).toISOString() }
  return { attempt: null, events: told ? [{ ...base, ...told, ...event }] : [] }
}

/** All that is known of a user, where steps of webhooks are in these states. */
export function channelOf(
  states: { [step: string]: KycTimelineState | KycKnownStep },
  { line = 'open', isHeard = true }: { line?: ConnectionState['status']; isHeard?: boolean } = {},
): ChannelState {
  const known = Object.entries(states)
  const connection: ConnectionState = {
    status: line,
    pauseReason: line === 'paused' ? 'hidden' : null,
    transport: 'stream',
    heardAt: SHOWN_AT - 60_000,
    cause: null,
  }
  return {
    connection,
    attempt: null,
    status: isHeard
      ? {
          externalUserId: USER,
          attemptId: null,
          files: { expected: 0, added: 0, failed: 0 },
          doubt: null,
          cursor: '0-0',
          outcome: 'none',
          at: null,
        }
      : null,
    updatedAt: SHOWN_AT,
    error: line === 'failed' ? new KycStatusError('forbidden', 'the relay refuses this user') : null,
    isSignedOut: false,
    isHeard,
    steps: new Map(known.map(([step, state]) => [step, typeof state === 'string' ? said(state) : state])),
    sending: new Set(known.flatMap(([step, state]) => (state === 'sending' ? [step] : []))),
  }
}

/** Each state of a step, in each step that can have it. */
export const EACH_STATE: readonly { name: string; channel: ChannelState }[] = [
  { name: 'loading', channel: channelOf({}, { line: 'connecting', isHeard: false }) },
  { name: 'todo', channel: channelOf({}) },
  ...(['sending', 'in_review', 'action_needed', 'done', 'declined', 'expired', 'unknown'] as const).map((state) => ({
    name: state,
    channel: channelOf({ poa: state, 'kyc-verification': state }),
  })),
  { name: 'not_needed', channel: channelOf({ 'kyc-verification': 'done', 'user-balance': 'done' }) },
  { name: 'failed', channel: channelOf({ poa: 'in_review' }, { line: 'failed' }) },
]
