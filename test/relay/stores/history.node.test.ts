import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTrimDue, latestOfEachFrame, outdated, parseHistory, remaining } from '../../../src/relay/stores/history.ts'
import type { StoredEvent } from '../../../src/relay/stores/store.ts'
import { anyWebhook, decisionsOf, eventOf } from './steps.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.parse('2026-11-30T12:00:00.000Z')
const USER = 'u'

/** `frame:status@seconds`, or `status@seconds` of `poa`. */
function stored(text: string): StoredEvent {
  const [word = '', seconds = ''] = text.split('@')
  const [status = '', frame = 'poa'] = word.split(':').reverse()
  const receivedAt = START + Number(seconds) * 1000
  return { ...eventOf(USER, { frame, status, receivedAt }), id: `${receivedAt}-0` }
}

function textOf({ frame, data, id }: StoredEvent): string {
  const seconds = (Number.parseInt(id, 10) - START) / 1000
  return `${frame === 'poa' ? '' : `${frame}:`}${JSON.parse(data).status}@${seconds}`
}

const all = (text: string) => text.split(' ').map(stored)
const texts = (events: readonly StoredEvent[]) => events.map(textOf).join(' ')
const history = { maxEvents: 2, maxAge: HOUR * 1000, keepLatest: DAY * 1000 }

describe('the events that count', () => {
  it.each([
    ['are all that are young', 'WAITING@0 APPROVED@9', 10, 'WAITING@0 APPROVED@9'],
    ['are the last ones', 'WAITING@0 APPROVED@8 DENIED@9', 10, 'APPROVED@8 DENIED@9'],
    [
      'are the last ones of each frame',
      'WAITING@0 kyc-file:ADDED@1 APPROVED@2 DENIED@3 kyc-file:ERROR@4',
      10,
      'kyc-file:ADDED@1 APPROVED@2 DENIED@3 kyc-file:ERROR@4',
    ],
    [
      'are the decision, too, that late repeats would push out',
      'WAITING@0 APPROVED@5 WAITING@6 WAITING@7 WAITING@8',
      10,
      'APPROVED@5 WAITING@7 WAITING@8',
    ],
    ['are the latest alone where no event has a state', 'kyc-file:A@0 kyc-file:B@1', 2 * HOUR, 'kyc-file:B@1'],
    ['are what a fresh page is told, once they are old', 'WAITING@0 APPROVED@9', 2 * HOUR, 'APPROVED@9'],
    ['are the old decision before a young repeat', 'APPROVED@0 APPROVED@9000', 9001, 'APPROVED@0 APPROVED@9000'],
    ['are not what an old decision was before a young one', 'APPROVED@0 DENIED@9000', 9001, 'DENIED@9000'],
    [
      'are those until the latest one of the frame is too old',
      'APPROVED@0 kyc-file:ADDED@9 APPROVED@80000',
      DAY + 3600,
      'APPROVED@0 APPROVED@80000',
    ],
    ['are none after that', 'APPROVED@0 APPROVED@9', DAY + 10, ''],
  ])('%s', (_, events, now, expected) => {
    expect(texts(remaining(all(events), START + now * 1000, history))).toBe(expected)
  })

  it('are told to a fresh page by frame, in the order of their ids', () => {
    const events = all('APPROVED@0 kyc-file:ADDED@1 WAITING@2 kyc-file:ERROR@3 user-balance:ACTIVE@4 WAITING@5')
    expect(texts(latestOfEachFrame(events))).toBe('APPROVED@0 kyc-file:ERROR@3 user-balance:ACTIVE@4 WAITING@5')
  })

  it('need no data that is more than one frame has', () => {
    const events = ['kyc-file', 'poa'].map((frame, n) => ({ id: `1-${n}`, externalUserId: USER, frame, data: 'none' }))
    expect(latestOfEachFrame(events)).toEqual(events)
    expect(remaining(events, 1, history)).toEqual(events)
  })

  it('come to the same as all that there was, whatever was deleted meanwhile and by which history', () => {
    const someHistory = fc.record({
      maxEvents: fc.integer({ min: 1, max: 4 }),
      maxAge: fc.integer({ min: 1, max: 600 }).map((seconds) => seconds * 1000),
    })
    const step = fc.record({ webhook: anyWebhook(250), trimsBy: fc.option(someHistory, { nil: null }) })
    void fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), someHistory, (steps, reader) => {
        let now = START
        let kept: readonly StoredEvent[] = []
        const everything: StoredEvent[] = []
        for (const [n, { webhook, trimsBy }] of steps.entries()) {
          now += webhook.wait * 1000
          const { frame, status, ago } = webhook
          const occurred = ago === null ? {} : { occurredAt: now - ago * 1000 }
          const event = { ...eventOf(USER, { frame, status, receivedAt: now, ...occurred }), id: `${now}-${n}` }
          everything.push(event)
          kept = [...kept, event]
          if (trimsBy) kept = remaining(kept, now, { ...trimsBy, keepLatest: DAY * 1000 })
        }
        const read = remaining(kept, now, { ...reader, keepLatest: DAY * 1000 })
        expect(decisionsOf(read)).toEqual(decisionsOf(everything))
        expect(decisionsOf(latestOfEachFrame(read))).toEqual(decisionsOf(everything))
        expect(latestOfEachFrame(read).at(-1)).toBe(everything.at(-1))
      }),
      { numRuns: 1000 },
    )
  })

  it('are bounded: so many of each frame, and two before them', () => {
    const step = anyWebhook(60)
    void fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let now = START
        const kept = steps.map(({ frame, status, wait, ago }, n) => {
          now += wait * 1000
          const occurred = ago === null ? {} : { occurredAt: now - ago * 1000 }
          return { ...eventOf(USER, { frame, status, receivedAt: now, ...occurred }), id: `${now}-${n}` }
        })
        const left = remaining(kept, now, history)
        for (const name of new Set(kept.map(({ frame }) => frame))) {
          expect(left.filter(({ frame }) => frame === name).length).toBeLessThanOrEqual(4)
        }
        expect(
          [...left, ...outdated(kept, now, history)].toSorted((a, b) => kept.indexOf(a) - kept.indexOf(b)),
        ).toEqual(kept)
      }),
    )
  })
})

describe('the history', () => {
  it('is 32 events of a frame, 24 h, and 30 days for what a fresh page is told', () => {
    const expected = { maxEvents: 32, maxAge: DAY * 1000, keepLatest: 30 * DAY * 1000 }
    expect(parseHistory('store', {})).toEqual(expected)
    expect(parseHistory('store', { keepLatest: DAY * 1000 })).toEqual({ ...expected, keepLatest: DAY * 1000 })
  })

  it('keeps the latest for as long as the others where those are kept for longer', () => {
    expect(parseHistory('store', { maxAge: 60 * DAY * 1000 })).toMatchObject({ keepLatest: 60 * DAY * 1000 })
  })

  it('is refused where the latest would be kept for less time than the others', () => {
    expect(() => parseHistory('store', { maxAge: 2000, keepLatest: 1999 })).toThrow(
      'store: keepLatest: expected at least maxAge, which is 2000 ms, and not 1999 ms',
    )
  })

  it('is looked through from time to time, once there is more than it allows', () => {
    const due = (maxEvents: number) =>
      Array.from({ length: 100 }, (_, i) => i + 1).filter((count) => isTrimDue(count, { ...history, maxEvents }))
    expect(due(32)).toEqual([48, 64, 80, 96])
    expect(due(1).slice(0, 3)).toEqual([2, 3, 4])
    expect(due(2).slice(0, 3)).toEqual([3, 4, 5])
  })
})
