import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decide,
  LATE_REPEAT,
  STEP_STATES,
  type StepEvent,
  type StepState,
  told,
} from '../../src/protocol/step-state.ts'

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

/** `status@seconds`, or `status@seconds/seconds when it happened`. */
function event(text: string): StepEvent {
  const [status = '', received = '', occurred] = text.split(/[@/]/)
  const state = STATES[status]
  return {
    status,
    ...(state && { state }),
    receivedAt: at(Number(received)),
    ...(occurred !== undefined && { occurredAt: at(Number(occurred)) }),
  }
}

function textOf(one: StepEvent | undefined): string | undefined {
  if (!one) return undefined
  const seconds = (iso: string) => (Date.parse(iso) - START) / 1000
  const occurred = one.occurredAt === undefined ? '' : `/${seconds(one.occurredAt)}`
  return `${one.status}@${seconds(one.receivedAt)}${occurred}`
}

describe('the event that decides', () => {
  it.each<[string, string, string]>([
    ['is the only one', 'WAITING@0', 'WAITING@0'],
    ['is the last one', 'WAITING@0 APPROVED@60', 'APPROVED@60'],
    ['is the first one that said so', 'APPROVED@0 APPROVED@9', 'APPROVED@0'],
    ['is another word of the same state', 'QUESTIONED@0 REJECTED@9', 'REJECTED@9'],
    ['is not a late repeat of a review', 'WAITING@0 APPROVED@60 WAITING@70', 'APPROVED@60'],
    ['is not one at the very end of the time for repeats', 'APPROVED@0 WAITING@180', 'APPROVED@0'],
    ['is a review that comes later than a repeat could', 'APPROVED@0 WAITING@181', 'WAITING@181'],
    ['is a review after a late repeat', 'QUESTIONED@0 WAITING@10 WAITING@300', 'WAITING@300'],
    ['is a later decision, soon or not: approvals are revoked', 'APPROVED@0 REJECTED@10', 'REJECTED@10'],
    ['is a decision that says more than a late repeat', 'APPROVED@0 WAITING@10 DENIED@20', 'DENIED@20'],
    ['is a review after a word that nobody knows', 'DONE@0 WAITING@10', 'WAITING@10'],
    ['is a word that nobody knows', 'APPROVED@0 DONE@10', 'DONE@10'],
    ['is the newest where they say when they happened', 'APPROVED@0/100 WAITING@9/50', 'APPROVED@0/100'],
    ['is a review that says that it happened later', 'APPROVED@0/0 WAITING@10/5', 'WAITING@10/5'],
    ['is not an older decision', 'DENIED@0/100 APPROVED@10/50', 'DENIED@0/100'],
    ['is not an older one than the newest repeat', 'APPROVED@0/0 APPROVED@10/9 DENIED@20/5', 'APPROVED@0/0'],
    ['is as of its receipt where it does not say when', 'APPROVED@100 DENIED@110/50', 'APPROVED@100'],
    ['is as of its receipt against one that does', 'APPROVED@100/90 DENIED@110', 'DENIED@110'],
    ['is a late repeat for whom the time of its happening is the same', 'APPROVED@0/0 WAITING@10/0', 'APPROVED@0/0'],
  ])('%s', (_, events, expected) => {
    expect(textOf(decide(events.split(' ').map(event))?.by)).toBe(expected)
  })

  it('is the latest where no event has a state', () => {
    expect(decide([event('ADDED@0'), event('ERROR@1'), event('ADDED@2')])?.by).toMatchObject({ receivedAt: at(2) })
    expect(told([event('ADDED@0'), event('ERROR@1')]).map(textOf)).toEqual(['ERROR@1'])
  })

  it('is none of none', () => {
    expect([decide([]), told([])]).toEqual([null, []])
  })
})

describe('what a page that opens late is told', () => {
  it.each([
    ['WAITING@0 APPROVED@60', 'APPROVED@60'],
    ['APPROVED@60 WAITING@70', 'APPROVED@60 WAITING@70'],
    ['APPROVED@60 WAITING@70 WAITING@75', 'APPROVED@60 WAITING@75'],
    ['APPROVED@0/0 APPROVED@10/9 DENIED@20/5', 'APPROVED@0/0 APPROVED@10/9 DENIED@20/5'],
  ])('of %s is %s', (events, expected) => {
    expect(told(events.split(' ').map(event)).map(textOf).join(' ')).toBe(expected)
  })

  const history = fc.array(
    fc.record({
      status: fc.constantFrom(...Object.keys(STATES)),
      wait: fc.integer({ min: 0, max: 250 }),
      ago: fc.option(fc.integer({ min: 0, max: 400 }), { nil: null }),
    }),
    { maxLength: 12 },
  )
  const build = (parts: { status: string; wait: number; ago: number | null }[]) => {
    let now = 0
    return parts.map(({ status, wait, ago }) => {
      now += wait
      return event(`${status}@${now}${ago === null ? '' : `/${now - ago}`}`)
    })
  }

  it('comes to the same as the whole history, and so does what comes after it', () => {
    void fc.assert(
      fc.property(history, history, (before, after) => {
        const all = build([...before, ...after])
        const seen = all.slice(0, before.length)
        const live = all.slice(before.length)
        expect(decide([...told(seen), ...live])?.by).toBe(decide(all)?.by)
      }),
    )
  })

  it('is at most three events, in order, and the last of them is the latest', () => {
    void fc.assert(
      fc.property(history, (parts) => {
        const events = build(parts)
        const few = told(events)
        expect(few.length).toBeLessThanOrEqual(3)
        expect(few.at(-1)).toBe(events.at(-1))
        expect(few).toEqual(events.filter((one) => few.includes(one)))
      }),
    )
  })

  it('is not overturned by a review that comes within 3 minutes after a decision and says no time', () => {
    void fc.assert(
      fc.property(history, fc.integer({ min: 0, max: LATE_REPEAT / 1000 }), (parts, seconds) => {
        const events = build(parts)
        const decision = decide(events)
        if (!decision || ['in_review', 'unknown'].includes(decision.by.state ?? '')) return
        const received = (Date.parse(decision.by.receivedAt) - START) / 1000 + seconds
        expect(decide([...events, event(`WAITING@${received}`)])?.by).toBe(decision.by)
      }),
    )
  })
})

it('has the states that the pages know', () => {
  expect(STEP_STATES).toEqual(['in_review', 'approved', 'action_needed', 'declined', 'expired', 'unknown'])
})
