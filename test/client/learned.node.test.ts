import { describe, expect, it } from 'vitest'
import { newAttempt } from '../../src/client/attempt.ts'
import { type Learned, learnEvent, learnReplay, nothingLearned, statusOf, unlearn } from '../../src/client/learned.ts'

const receivedAt = '2026-11-23T12:00:00.000Z'
const event = (id: string, status: 'ADDED' | 'ERROR') => ({ id, status, receivedAt })
const sync = (cursor: string, complete = true) => ({ cursor, complete, now: receivedAt, heartbeat: 15 })
const heard = (cursor: string): Learned => ({ ...nothingLearned, cursor, highest: cursor })
const outcome = (learned: Learned) => statusOf('user', learned)?.outcome ?? null
const replayed = (
  learned: Learned,
  events: ReturnType<typeof event>[],
  to: ReturnType<typeof sync>,
  from = learned.cursor,
) => learnReplay(learned, { replay: events, sync: to, from, held: null })

describe('what is known', () => {
  it.each<[string, Learned, string | null]>([
    ['of nothing is nothing', nothingLearned, null],
    ['of a user without events is none', replayed(nothingLearned, [], sync('1-0')), 'none'],
    ['is what the latest event says', replayed(nothingLearned, [event('2-0', 'ERROR')], sync('2-0')), 'error'],
    [
      'is what the last event of a replay says',
      replayed(heard('1-0'), [event('2-0', 'ERROR'), event('3-0', 'ADDED')], sync('3-0')),
      'added',
    ],
    [
      'does not change by what was read before',
      learnEvent(replayed(nothingLearned, [event('5-0', 'ADDED')], sync('5-0')), event('4-0', 'ERROR')),
      'added',
    ],
    ['is what happens', learnEvent(heard('1-0'), event('2-0', 'ADDED')), 'added'],
    [
      'is that an attempt waits, whatever was before',
      { ...replayed(nothingLearned, [event('2-0', 'ADDED')], sync('2-0')), attempt: newAttempt(1, '2-0') },
      'waiting',
    ],
    ['is asked for anew once the attempt was ended', unlearn({ ...heard('2-0'), attempt: newAttempt(1, '2-0') }), null],
  ])('%s', (_, learned, expected) => {
    expect(outcome(learned)).toBe(expected)
  })

  it('goes with a store whose clock is behind, and the position that is told rises', () => {
    const before = replayed(nothingLearned, [event('9000-0', 'ERROR')], sync('9000-0'))
    const after = replayed(before, [event('5000-0', 'ADDED')], sync('5000-0', false))
    expect(outcome(after)).toBe('added')
    expect(after.cursor).toBe('5000-0')
    expect(statusOf('user', after)?.cursor).toBe('9000-0')
  })
})

describe('an attempt', () => {
  const begun = (files: number, cursor: string | null) => ({ ...heard('100-0'), attempt: newAttempt(files, cursor) })

  it.each<[string, Learned, string, object]>([
    [
      'counts what came after it, in a replay',
      replayed(begun(2, '100-0'), [event('101-0', 'ADDED'), event('102-0', 'ADDED')], sync('102-0')),
      'added',
      { added: 2, failed: 0 },
    ],
    ['counts what happens', learnEvent(begun(1, '100-0'), event('101-0', 'ERROR')), 'error', { added: 0, failed: 1 }],
    [
      'is not overturned by a late duplicate',
      learnEvent(learnEvent(begun(1, '100-0'), event('101-0', 'ADDED')), event('102-0', 'ERROR')),
      'added',
      { added: 1, failed: 1 },
    ],
    [
      'counts nothing twice',
      learnEvent(learnEvent(begun(2, '100-0'), event('101-0', 'ADDED')), event('101-0', 'ADDED')),
      'waiting',
      { added: 1 },
    ],
  ])('%s', (_, learned, expected, counts) => {
    expect(outcome(learned)).toBe(expected)
    expect(learned.attempt).toMatchObject(counts)
  })

  it('that was held back counts from the position that the relay names', () => {
    const learned = begun(1, null)
    const held = learned.attempt.id
    const placed = learnReplay(learned, { replay: [event('101-0', 'ADDED')], sync: sync('101-0'), from: '100-0', held })
    expect(outcome(placed)).toBe('waiting')
    expect(placed.attempt?.cursor).toBe('101-0')
  })
})
