import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KycStep } from '../../src/client/knowledge/step.ts'
import { type KycTimeline, timelineOf } from '../../src/client/knowledge/timeline.ts'

const ALL = ['kyc-file', 'poa', 'kyc-verification', 'user-balance']
const AT = '2026-11-30T12:00:00.000Z'
const ORDER = ['declined', 'action_needed', 'expired', 'sending', 'in_review', 'unknown', 'todo', 'done']
const STATES: KycStep['state'][] = ['none', 'in_review', 'approved', 'action_needed', 'declined', 'expired', 'unknown']

function step(name: string, state: KycStep['state']): KycStep {
  const known = state === 'none' ? { at: null, status: null } : { at: AT, status: state.toUpperCase() }
  return { externalUserId: 'user', step: name, state, ...known, reason: null, attemptId: null, cursor: '1-0' }
}

/** `poa=approved kyc-file=none`, and the steps for which a file is on its way. */
function timeline(known: string, { sending = [] as string[], names = ALL } = {}): KycTimeline {
  const steps = known.split(' ').flatMap((pair) => {
    const [name = '', state] = pair.split('=')
    return state === undefined ? [] : step(name, state as KycStep['state'])
  })
  return timelineOf(names, steps, new Set(sending))
}
const states = ({ steps }: KycTimeline) => steps.map(({ state }) => state).join(' ')

describe('a timeline', () => {
  it.each<[string, string, string, string]>([
    ['of nothing is all to do', '', 'todo todo todo todo', 'todo'],
    ['has what waits in review', 'kyc-file=in_review', 'in_review todo todo todo', 'in_review'],
    ['has what is approved done', 'kyc-file=approved poa=approved', 'done done todo todo', 'todo'],
    [
      'says first what somebody has to do',
      'kyc-file=approved poa=action_needed',
      'done action_needed todo todo',
      'action_needed',
    ],
    [
      'says before that what is over',
      'poa=action_needed kyc-verification=declined',
      'todo action_needed declined todo',
      'declined',
    ],
    [
      'has what is over for lack of time',
      'kyc-verification=expired poa=in_review',
      'todo in_review expired todo',
      'expired',
    ],
    ['has a word that nobody knows', 'poa=unknown kyc-file=approved', 'done unknown todo todo', 'unknown'],
    ['is done when all is', ALL.map((name) => `${name}=approved`).join(' '), 'done done done done', 'done'],
    [
      'needs no step of which nothing was heard once the account is ready',
      'user-balance=approved',
      'not_needed not_needed not_needed done',
      'done',
    ],
    [
      'hides nothing that is open then',
      'poa=action_needed kyc-verification=in_review user-balance=approved',
      'not_needed action_needed in_review done',
      'action_needed',
    ],
    [
      'waits for an account that is not ready',
      'kyc-file=approved user-balance=in_review',
      'done todo todo in_review',
      'in_review',
    ],
  ])('%s', (_, known, expected, overall) => {
    const shown = timeline(known)
    expect(states(shown)).toBe(expected)
    expect(shown.overall).toBe(overall)
  })

  it('has the steps that were asked for, in that order', () => {
    const shown = timeline('poa=approved kyc-file=declined', { names: ['user-balance', 'poa'] })
    expect(shown.steps.map(({ step }) => step)).toEqual(['user-balance', 'poa'])
    expect(shown.overall).toBe('todo')
  })

  it('still has to be done what comes after the account is ready', () => {
    expect(states(timeline('user-balance=approved', { names: ['poa', 'user-balance', 'mine'] }))).toBe(
      'not_needed done todo',
    )
  })

  it('needs every step where nobody asks for the account', () => {
    expect(states(timeline('user-balance=approved', { names: ['kyc-file', 'poa'] }))).toBe('todo todo')
  })

  it('is sending whatever was before, and says nothing of that', () => {
    const shown = timeline('poa=action_needed kyc-file=in_review', { sending: ['poa'] })
    expect(states(shown)).toBe('in_review sending todo todo')
    expect(shown.overall).toBe('sending')
    expect(shown.steps[1]).toEqual({ step: 'poa', state: 'sending', at: null, reason: null })
  })

  it('is sending for an account that is ready too', () => {
    expect(states(timeline('user-balance=approved', { sending: ['kyc-file'] }))).toBe(
      'sending not_needed not_needed done',
    )
  })

  it('says when and why', () => {
    const known = [{ ...step('poa', 'action_needed'), reason: 'unclear' }]
    expect(timelineOf(['poa'], known, new Set()).steps).toEqual([
      { step: 'poa', state: 'action_needed', at: AT, reason: 'unclear' },
    ])
  })

  it('without steps has all to do', () => {
    expect(timelineOf([], [], new Set())).toEqual({ overall: 'todo', steps: [] })
  })
})

describe('whatever is known', () => {
  const known: fc.Arbitrary<KycStep[]> = fc.tuple(
    ...ALL.map((name) => fc.constantFrom(...STATES).map((state) => step(name, state))),
  )
  const names = fc.shuffledSubarray([...ALL, 'mine'])
  const sending = fc.subarray(ALL).map((some) => new Set(some))

  const all = (check: (names: string[], steps: KycStep[], sending: Set<string>, shown: KycTimeline) => void): void =>
    fc.assert(
      fc.property(names, known, sending, (asked, steps, some) =>
        check(asked, steps, some, timelineOf(asked, steps, some)),
      ),
    )

  it('the whole is the first state of its steps that counts', () => {
    all((_, __, ___, { overall, steps }) => {
      const present = ORDER.filter((state) => steps.some((one) => one.state === state))
      expect(overall).toBe(present[0] ?? 'todo')
    })
  })

  it('nothing is not needed unless the account is ready, and nothing is done that was not approved', () => {
    all((_, steps, __, shown) => {
      for (const { step: name, state } of shown.steps) {
        const before = steps.find((one) => one.step === name)?.state ?? 'none'
        if (state === 'done') expect(before).toBe('approved')
        if (state !== 'not_needed') continue
        expect(before).toBe('none')
        expect(steps.find((one) => one.step === 'user-balance')?.state).toBe('approved')
        expect(shown.steps.findIndex((one) => one.step === name)).toBeLessThan(
          shown.steps.findIndex((one) => one.step === 'user-balance'),
        )
      }
    })
  })

  it('what is open is shown, unless a file is on its way', () => {
    all((asked, steps, some, shown) => {
      for (const { step: name, state } of steps) {
        if (!asked.includes(name) || state === 'none' || state === 'approved') continue
        expect(shown.steps.find((one) => one.step === name)?.state).toBe(some.has(name) ? 'sending' : state)
      }
    })
  })
})
