import { expect, it } from 'vitest'
import { type Attempt, countEvent } from '../../src/client/attempt.ts'
import { attemptState, latestState, type ReceivedEvent } from '../../src/client/upload-state.ts'

const startedAt = Date.parse('2026-11-23T12:00:00.000Z')
const attempt = (files: number, cursor: string | null = '100-0'): Attempt => ({
  id: 'a',
  files,
  startedAt,
  cursor,
  added: 0,
  failed: 0,
  decidedAt: null,
})
const count = (begun: Attempt, outcomes: string) =>
  attemptState('u', events(outcomes).reduce(countEvent, begun), '200-0')

/** `A` added, `E` refused, one a millisecond from 101 on. */
const events = (outcomes: string): ReceivedEvent[] =>
  [...outcomes].map((outcome, i) => ({
    id: `${101 + i}-0`,
    status: outcome === 'A' ? 'ADDED' : 'ERROR',
    receivedAt: `event ${i}`,
  }))

it.each([
  // files, events, outcome, decided by, added, failed
  [1, '', 'waiting', null, 0, 0],
  [1, 'A', 'added', 0, 1, 0],
  [1, 'E', 'error', 0, 0, 1],
  [1, 'AE', 'added', 0, 1, 1],
  [1, 'EA', 'added', 1, 1, 1],
  [1, 'AA', 'added', 0, 1, 0],
  [1, 'EE', 'error', 1, 0, 2],
  [2, 'A', 'waiting', null, 1, 0],
  [2, 'AA', 'added', 1, 2, 0],
  [2, 'AE', 'error', 1, 1, 1],
  [2, 'AEA', 'added', 2, 2, 1],
  [2, 'AAE', 'added', 1, 2, 1],
] as const)('%i file(s), events %j: %s', (files, outcomes, outcome, decidedBy, added, failed) => {
  const state = count(attempt(files), outcomes)
  expect(state).toEqual({
    externalUserId: 'u',
    outcome,
    at: decidedBy === null ? '2026-11-23T12:00:00.000Z' : `event ${decidedBy}`,
    files: { expected: files, added, failed },
    attemptId: 'a',
    cursor: '200-0',
  })
})

it('does not count what came before the attempt', () => {
  expect(count(attempt(1, '102-0'), 'EA').outcome).toBe('waiting')
})

it('counts nothing while the point to count from is not known', () => {
  expect(count(attempt(1, null), 'A').outcome).toBe('waiting')
})

it.each([
  ['', 'none', { expected: 0, added: 0, failed: 0 }],
  ['EA', 'added', { expected: 1, added: 1, failed: 0 }],
  ['AE', 'error', { expected: 1, added: 0, failed: 1 }],
] as const)('without an attempt the latest of %j speaks: %s', (outcomes, outcome, files) => {
  expect(latestState('u', events(outcomes).at(-1) ?? null, '200-0')).toMatchObject({ outcome, files, attemptId: null })
})
