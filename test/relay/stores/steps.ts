import * as fc from 'fast-check'
import { decide, type StepEvent, type StepState } from '../../../src/protocol/step-state.ts'
import type { NewEvent, StoredEvent } from '../../../src/relay/stores/store.ts'

export const FRAMES = ['kyc-file', 'poa', 'kyc-verification'] as const

const STATES: Record<string, StepState> = {
  WAITING: 'in_review',
  APPROVED: 'approved',
  QUESTIONED: 'action_needed',
  DENIED: 'declined',
}

const at = (ms: number) => new Date(ms).toISOString()

export interface Word {
  frame: string
  status: string
  /** Milliseconds since the epoch. */
  receivedAt: number
  occurredAt?: number
}

/** What a webhook becomes: `kyc-file` has no state, its siblings have one. */
export function eventOf(externalUserId: string, { frame, status, receivedAt, occurredAt }: Word): NewEvent {
  const data = {
    externalUserId,
    status,
    ...(frame !== 'kyc-file' && { state: STATES[status] }),
    ...(occurredAt !== undefined && { occurredAt: at(occurredAt) }),
    receivedAt: at(receivedAt),
  }
  return { externalUserId, frame, data: JSON.stringify(data) }
}

/** The id of the event that decides in each frame. */
export function decisionsOf(events: readonly StoredEvent[]): Record<string, string> {
  const decisions = FRAMES.flatMap((frame) => {
    const steps = events
      .filter((event) => event.frame === frame)
      .map(({ id, data }) => ({ ...(JSON.parse(data) as StepEvent), id }))
    const decision = decide(steps)
    return decision ? [[frame, decision.by.id]] : []
  })
  return Object.fromEntries(decisions)
}

/** A webhook of some frame, `wait` seconds after the one before it, of something that happened `ago` seconds earlier. */
export const anyWebhook = (longestWait: number) =>
  fc.record({
    frame: fc.constantFrom(...FRAMES),
    status: fc.constantFrom(...Object.keys(STATES)),
    wait: fc.integer({ min: 0, max: longestWait }),
    ago: fc.option(fc.integer({ min: 0, max: 400 }), { nil: null }),
  })
