import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KycStepEvent } from '../../src/client/knowledge/received.ts'
import { type KnownSteps, stepOf } from '../../src/client/knowledge/step.ts'
import type { KycFileStatus } from '../../src/client/knowledge/upload-state.ts'
import { decide, type StepState } from '../../src/protocol/step-state.ts'

const START = Date.parse('2026-11-30T12:00:00.000Z')
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString()
const STATES: Record<string, StepState> = {
  WAITING: 'in_review',
  APPROVED: 'approved',
  QUESTIONED: 'action_needed',
  REJECTED: 'action_needed',
  DENIED: 'declined',
  DONE: 'unknown',
}
const REASONS: Record<string, string> = { QUESTIONED: 'unclear', REJECTED: 'other_document' }

/** `status@seconds`, or `status@seconds/seconds when it happened`. Its id is its time. */
function event(text: string): KycStepEvent {
  const [status = '', received = '', occurred] = text.split(/[@/]/)
  const reason = REASONS[status]
  return {
    id: `${START + Number(received) * 1000}-0`,
    status,
    state: STATES[status] ?? ('paused' as StepState),
    receivedAt: at(Number(received)),
    ...(reason !== undefined && { reason }),
    ...(occurred !== undefined && { occurredAt: at(Number(occurred)) }),
  }
}
const events = (text: string) => text.split(' ').filter(Boolean).map(event)

/** A page that has heard so many events, and waits for an upload after which so many have come; `null`: for none. */
function page(heard: string, counted: string | null = null, isHeard = true): KnownSteps {
  const attempt =
    counted === null ? null : { id: 'an-upload', startedAt: START, cursor: '7-0', counted: events(counted) }
  return { status: null, isHeard, steps: new Map([['poa', { attempt, events: events(heard) }]]) }
}
const stateOf = (known: KnownSteps, step = 'poa') => stepOf('user', step, known)?.state ?? null

describe('where a step stands', () => {
  it.each<[string, string, string]>([
    ['is in review while it waits', 'WAITING@0', 'in_review'],
    ['is what was said last', 'WAITING@0 APPROVED@60', 'approved'],
    ['is not overturned by a late repeat of the review', 'WAITING@0 APPROVED@60 WAITING@70', 'approved'],
    ['is not overturned by a late repeat of the review after a question', 'QUESTIONED@60 WAITING@180', 'action_needed'],
    ['is a review that comes later than a repeat could', 'QUESTIONED@0 WAITING@300', 'in_review'],
    ['is that an approval was revoked, at once too', 'APPROVED@0 REJECTED@5', 'action_needed'],
    ['is that an approval was revoked for good', 'APPROVED@0 DENIED@86400', 'declined'],
    ['is what happened last, where the events say when', 'APPROVED@0/100 DENIED@10/50', 'approved'],
    ['is what was received last, where they do not', 'APPROVED@0 DENIED@10', 'declined'],
    ['is unknown for a word that nobody knows', 'APPROVED@0 DONE@10', 'unknown'],
    ['is unknown for a state of a newer relay', 'APPROVED@0 PAUSED@10', 'unknown'],
  ])('%s', (_, heard, expected) => {
    expect(stateOf(page(heard))).toBe(expected)
  })

  it('is not known before the relay was heard', () => {
    expect(stateOf(page('APPROVED@0', null, false))).toBe(null)
    expect(stateOf({ status: null, steps: new Map(), isHeard: false })).toBe(null)
  })

  it('is none of a step that has had no event, whatever its name', () => {
    const none = { state: 'none', status: null, at: null, reason: null, attemptId: null, cursor: '0-0' }
    expect(stepOf('user', 'constructor', page(''))).toEqual({ externalUserId: 'user', step: 'constructor', ...none })
  })

  it('says which event decided, when the relay heard of it, and why', () => {
    expect(stepOf('user', 'poa', page('WAITING@0 REJECTED@10/8 REJECTED@20/19'))).toEqual({
      externalUserId: 'user',
      step: 'poa',
      state: 'action_needed',
      status: 'REJECTED',
      at: at(10),
      reason: 'other_document',
      attemptId: null,
      cursor: event('REJECTED@10').id,
    })
  })
})

describe('a step with an attempt', () => {
  it('is in review until the first event after its point, since the upload began', () => {
    expect(stepOf('user', 'poa', page('QUESTIONED@0', ''))).toEqual({
      externalUserId: 'user',
      step: 'poa',
      state: 'in_review',
      status: null,
      at: at(0),
      reason: null,
      attemptId: 'an-upload',
      cursor: '7-0',
    })
  })

  it('is known before the relay was heard', () => {
    expect(stateOf(page('QUESTIONED@0', '', false))).toBe('in_review')
  })

  it('is in review while its point is not known, whatever has come', () => {
    const attempt = { id: 'an-upload', startedAt: START, cursor: null, counted: events('QUESTIONED@5') }
    const steps = new Map([['poa', { attempt, events: events('QUESTIONED@5') }]])
    expect(stateOf({ status: null, isHeard: true, steps })).toBe('in_review')
  })

  it.each<[string, string, string, string]>([
    ['hides what was said before the upload', 'QUESTIONED@0', '', 'in_review'],
    ['hides an approval from before the upload', 'APPROVED@0', '', 'in_review'],
    ['is what is said of the upload', 'QUESTIONED@0 APPROVED@60', 'APPROVED@60', 'approved'],
    ['is a review soon after the question that it answers', 'QUESTIONED@0 WAITING@20', 'WAITING@20', 'in_review'],
    ['may be questioned again by the same word', 'QUESTIONED@0 QUESTIONED@60', 'QUESTIONED@60', 'action_needed'],
    [
      'is not held back by a newer event from before',
      'QUESTIONED@0/500 APPROVED@60/400',
      'APPROVED@60/400',
      'approved',
    ],
    ['keeps what a store has lost', '', 'APPROVED@60', 'approved'],
  ])('%s', (_, heard, counted, expected) => {
    expect(stateOf(page(heard, counted))).toBe(expected)
  })

  const history: fc.Arbitrary<KycStepEvent[]> = fc
    .array(
      fc.record({
        status: fc.constantFrom(...Object.keys(STATES)),
        wait: fc.integer({ min: 1, max: 250 }),
        ago: fc.option(fc.integer({ min: 0, max: 400 }), { nil: null }),
      }),
      { maxLength: 10 },
    )
    .map((parts) => {
      let now = 0
      return parts.map(({ status, wait, ago }) => {
        now += wait
        return event(`${status}@${now}${ago === null ? '' : `/${now - ago}`}`)
      })
    })

  it('never says what was said before its point, and without one what the rule says of all', () => {
    const holds = (all: KycStepEvent[], point: number): void => {
      const counted = all.slice(point)
      const attempt = { id: 'an-upload', startedAt: START, cursor: '7-0', counted }
      const known = (steps: KnownSteps['steps']) => stepOf('user', 'poa', { status: null, isHeard: true, steps })
      const free = known(new Map([['poa', { attempt: null, events: all }]]))
      expect(free?.state).toBe(decide(all)?.by.state ?? 'none')
      const waiting = known(new Map([['poa', { attempt, events: all }]]))
      expect(waiting?.state).toBe(decide(counted)?.by.state ?? 'in_review')
      expect(waiting?.cursor).toBe(decide(counted)?.by.id ?? '7-0')
    }
    void fc.assert(fc.property(history, fc.nat({ max: 10 }), holds))
  })
})

describe('the step of the file', () => {
  const file = (status: Partial<KycFileStatus>): KnownSteps => {
    const files = { expected: 1, added: 0, failed: 0 }
    const base = { externalUserId: 'user', attemptId: null, at: at(0), cursor: '9-0', doubt: null, files }
    return { status: { ...base, ...status } as KycFileStatus, steps: new Map(), isHeard: true }
  }

  it.each<[KycFileStatus['outcome'], string, string | null]>([
    ['none', 'none', null],
    ['waiting', 'in_review', null],
    ['added', 'approved', 'ADDED'],
    ['error', 'action_needed', 'ERROR'],
  ])('%s is %s', (outcome, state, status) => {
    const attemptId = outcome === 'waiting' ? 'an-upload' : null
    expect(stepOf('user', 'kyc-file', file({ outcome, attemptId } as Partial<KycFileStatus>))).toEqual({
      externalUserId: 'user',
      step: 'kyc-file',
      state,
      status,
      at: at(0),
      reason: null,
      attemptId,
      cursor: '9-0',
    })
  })

  it('is not known before the relay was heard', () => {
    expect(stateOf(page('APPROVED@0', null, false), 'kyc-file')).toBe(null)
  })
})
