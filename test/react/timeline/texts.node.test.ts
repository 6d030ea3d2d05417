import { describe, expect, it } from 'vitest'
import { completeTimelineMessages } from '../../../src/react/messages/timeline/complete.ts'
import { en } from '../../../src/react/messages/timeline/en.ts'
import { announceTimeline } from '../../../src/react/timeline/announcement.ts'
import { lineText, spokenText, stepTexts, type TimelineTold } from '../../../src/react/timeline/texts.ts'
import { type KycTimelineStepView, viewOfTimeline } from '../../../src/react/timeline/view.ts'

type State = KycTimelineStepView['state']
type Told = TimelineTold & { isOpen: boolean }

const step = (state: State, more: Partial<KycTimelineStepView> = {}): KycTimelineStepView => ({
  step: 'poa',
  state,
  at: null,
  reason: null,
  isCurrent: false,
  ...more,
})
const told = (more: Partial<Told> = {}): Told => ({
  view: { overall: 'todo', connection: 'live', steps: [] },
  messages: completeTimelineMessages(),
  reasons: {},
  isOpen: true,
  ...more,
})

describe('the texts of a step', () => {
  const detailOf = (view: KycTimelineStepView, reasons = {}) => stepTexts(view, told({ reasons })).detail

  it.each<[string, State, string | null, string | null]>([
    ['an unreadable document', 'action_needed', 'unclear', en.reasons.unclear],
    ['another document', 'action_needed', 'other_document', en.reasons.other_document],
    ['a reason that nobody knows', 'action_needed', 'blue', en.steps.poa.action_needed],
    ['no reason', 'action_needed', null, en.steps.poa.action_needed],
    ['a refusal', 'declined', 'fraud', en.anyStep.declined],
    ['a refusal for a reason that is known elsewhere', 'declined', 'unclear', en.anyStep.declined],
    ['a suspicion', 'in_review', 'fraud', en.steps.poa.in_review],
    ['what is done', 'done', 'unclear', en.steps.poa.done],
    ['what nobody knows', 'unknown', 'unclear', en.anyStep.unknown],
    ['what is to be done', 'todo', null, null],
    ['what is not needed', 'not_needed', null, null],
    ['what is loading', 'loading', null, null],
  ])('say of %s what is theirs to know', (_, state, reason, detail) => {
    expect(detailOf(step(state, { reason }))).toBe(detail)
  })

  it.each<[State, string]>([
    ['action_needed', 'Take the photo by daylight.'],
    ['declined', 'You are under 18.'],
    ['expired', 'A day has passed.'],
  ])('say a reason that the application allows, where it is %s', (state, text) => {
    expect(detailOf(step(state, { reason: 'mine' }), { mine: text })).toBe(text)
    expect(detailOf(step(state, { reason: 'other' }), { mine: text })).not.toBe(text)
  })

  it('never say a reason of a review, whatever the application allows', () => {
    expect(detailOf(step('in_review', { reason: 'fraud' }), { fraud: 'Fraud.' })).toBe(en.steps.poa.in_review)
    expect(detailOf(step('unknown', { reason: 'fraud' }), { fraud: 'Fraud.' })).toBe(en.anyStep.unknown)
  })

  it.each(['constructor', '__proto__', 'toString'])('take no text of %s from what objects inherit', (name) => {
    const view = step('action_needed', { step: name, reason: name })
    expect(stepTexts(view, told())).toEqual({
      name,
      state: en.states.action_needed,
      detail: en.anyStep.action_needed,
    })
  })

  it('are those of a step of the application, and its frame where there are none', () => {
    const messages = completeTimelineMessages({ steps: { credit: { name: 'Credit check', done: 'All good.' } } })
    const of = (state: State) => stepTexts(step(state, { step: 'credit' }), told({ messages }))
    expect(of('done')).toEqual({ name: 'Credit check', state: 'Done', detail: 'All good.' })
    expect(of('in_review').detail).toBe(en.anyStep.in_review)
    expect(stepTexts(step('done', { step: 'credit' }), told())).toEqual({ name: 'credit', state: 'Done', detail: null })
  })
})

describe('the current step', () => {
  const view = (...states: State[]) =>
    viewOfTimeline(
      {
        // The pure function of the client says what is most pressing.
        overall:
          (['declined', 'action_needed', 'expired', 'sending', 'in_review', 'unknown', 'todo', 'done'] as const)
            .filter((state) => states.includes(state))
            .slice(0, 1)[0] ?? 'todo',
        steps: states.map((state, i) => ({
          step: `${i}`,
          state: state as Exclude<State, 'loading'>,
          at: null,
          reason: null,
        })),
      },
      [],
      'live',
    ).steps.map(({ isCurrent }) => isCurrent)

  it.each<[State[], number]>([
    [['done', 'todo', 'in_review'], 2],
    [['todo', 'todo'], 0],
    [['in_review', 'action_needed', 'action_needed'], 1],
    [['declined', 'action_needed'], 0],
    [['not_needed', 'todo'], 1],
    [['done', 'done'], -1],
    [['not_needed', 'done'], -1],
  ])('is the first of the most pressing ones, of %j number %i', (states, current) => {
    expect(view(...states).indexOf(true)).toBe(current)
    expect(view(...states).filter(Boolean).length).toBeLessThanOrEqual(1)
  })

  it('is none until the relay has been heard', () => {
    const { overall, steps } = viewOfTimeline(undefined, ['kyc-file', 'poa'], 'live')
    expect(overall).toBe('loading')
    expect(steps).toEqual(['kyc-file', 'poa'].map((name) => step('loading', { step: name })))
  })
})

describe('what is spoken', () => {
  const showing = (overall: TimelineTold['view']['overall'], ...steps: KycTimelineStepView[]) =>
    told({ view: { overall, connection: 'live', steps } })
  const announce = (before: Told, after: typeof before, said: string | null = null) =>
    announceTimeline(before, after, said)

  it('is nothing of what the relay says first', () => {
    expect(announce(showing('loading', step('loading')), showing('in_review', step('in_review'))).text).toBe('')
  })

  it.each<State>(['sending', 'in_review', 'action_needed', 'done', 'declined', 'expired', 'unknown'])(
    'is the step that became %s, its state and what it means',
    (state) => {
      const after = showing('todo', step(state), step('todo', { step: 'kyc-file' }))
      const before = showing('todo', step('todo'), step('todo', { step: 'kyc-file' }))
      expect(announce(before, after).text).toBe(spokenText(step(state), after))
      expect(announce(before, after).text).toMatch(/^Proof of address: /)
    },
  )

  it.each<State>(['todo', 'not_needed'])('is nothing of a step that became %s', (state) => {
    expect(announce(showing('todo', step('in_review')), showing('todo', step(state))).text).toBe('')
  })

  it('is a second request for something, and nothing of what stays', () => {
    const asked = (at: string, reason: string) => showing('action_needed', step('action_needed', { at, reason }))
    expect(announce(asked('1', 'unclear'), asked('1', 'unclear')).text).toBe('')
    expect(announce(asked('1', 'unclear'), asked('2', 'unclear')).text).toContain(en.reasons.unclear)
    expect(announce(asked('1', 'unclear'), asked('1', 'other_document')).text).toContain(en.reasons.other_document)
  })

  it('is every step that changed, in order, and that all are complete', () => {
    const before = showing('in_review', step('in_review'), step('in_review', { step: 'kyc-verification' }))
    const after = showing('done', step('done'), step('done', { step: 'kyc-verification' }))
    expect(announce(before, after).text).toBe(
      'Proof of address: Done. Proof of address complete. Identity check: Done. Identity check complete. All steps are complete.',
    )
  })

  it('is a lost line once, and that it is back together with what came meanwhile', () => {
    const lost = told({ view: { overall: 'in_review', connection: 'lost', steps: [step('in_review')] }, isOpen: false })
    const first = announce(showing('in_review', step('in_review')), lost)
    expect(first).toEqual({ text: en.connectionLost, trouble: en.connectionLost })
    expect(announce(lost, lost, first.trouble)).toEqual({ text: '', trouble: en.connectionLost })
    const back = announce(lost, showing('todo', step('done')), first.trouble)
    expect(back).toEqual({
      text: 'The connection is back. Proof of address: Done. Proof of address complete.',
      trouble: null,
    })
  })

  it('is nothing of a line that is lost when there is nothing to wait for', () => {
    const view = { overall: 'done', connection: 'lost', steps: [step('done')] } as const
    expect(lineText(told({ view }))).toBeNull()
  })
})
