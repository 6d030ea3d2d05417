import { expect, it, vi } from 'vitest'
import { countEvent, newAttempt } from '../../src/client/knowledge/attempt.ts'
import type { ReceivedEvent } from '../../src/client/knowledge/received.ts'
import { fileStatus } from '../../src/client/knowledge/upload-state.ts'

const attempt = (files: number, cursor: string | null = '100-0') => ({
  ...newAttempt(files),
  id: 'a',
  startedAt: Date.parse('2026-11-23T12:00:00.000Z'),
  cursor,
})
const count = (begun: ReturnType<typeof attempt>, outcomes: string) =>
  fileStatus('u', { attempt: events(outcomes).reduce(countEvent, begun), events: [] }, '200-0')

/** `A` added, `E` refused, one a millisecond from 101 on. */
const events = (outcomes: string): ReceivedEvent[] =>
  [...outcomes].map((outcome, i) => ({
    id: `${101 + i}-0`,
    frame: 'kyc-file',
    status: outcome === 'A' ? 'ADDED' : 'ERROR',
    receivedAt: `event ${i}`,
  }))

it.each([
  // files, events, outcome, decided by, added, failed, doubt
  [1, '', 'waiting', null, 0, 0, null],
  [1, 'A', 'added', 0, 1, 0, null],
  [1, 'E', 'error', 0, 0, 1, null],
  [1, 'AE', 'added', 0, 1, 1, 'extra'],
  [1, 'EA', 'added', 1, 1, 1, 'extra'],
  [1, 'AA', 'added', 0, 1, 0, 'extra'],
  [1, 'EE', 'error', 1, 0, 2, 'extra'],
  [2, 'A', 'waiting', null, 1, 0, null],
  [2, 'AA', 'added', 1, 2, 0, null],
  [2, 'AE', 'error', 1, 1, 1, null],
  [2, 'AEA', 'added', 2, 2, 1, 'extra'],
  [2, 'AAE', 'added', 1, 2, 1, 'extra'],
] as const)('%i file(s), events %j: %s', (files, outcomes, outcome, decidedBy, added, failed, doubt) => {
  const state = count(attempt(files), outcomes)
  expect(state).toEqual({
    externalUserId: 'u',
    outcome,
    at: decidedBy === null ? '2026-11-23T12:00:00.000Z' : `event ${decidedBy}`,
    files: { expected: files, added, failed },
    attemptId: 'a',
    doubt,
    cursor: '200-0',
  })
})

it('that has fewer files after all is decided by the event that added the last of them', () => {
  const waiting = events('AA').reduce(countEvent, attempt(3))
  expect(fileStatus('u', { attempt: { ...waiting, files: 1 }, events: [] }, '200-0')).toMatchObject({
    outcome: 'added',
    at: 'event 0',
  })
})

it('does not count what came before the attempt', () => {
  expect(count(attempt(1, '102-0'), 'EA').outcome).toBe('waiting')
})

it('counts nothing while the point to count from is not known', () => {
  expect(count(attempt(1, null), 'A').outcome).toBe('waiting')
})

it('gives each attempt an id of its own, also where there is no `crypto`', () => {
  vi.stubGlobal('crypto', undefined)
  const ids = Array.from({ length: 100 }, () => newAttempt(1).id)
  vi.unstubAllGlobals()
  expect(new Set(ids).size).toBe(100)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{24}$/)
})

it.each([
  ['', 'none', { expected: 0, added: 0, failed: 0 }],
  ['EA', 'added', { expected: 1, added: 1, failed: 0 }],
  ['AE', 'error', { expected: 1, added: 0, failed: 1 }],
] as const)('without an attempt the latest of %j speaks: %s', (outcomes, outcome, files) => {
  const status = fileStatus('u', { attempt: null, events: events(outcomes) }, '200-0')
  expect(status).toMatchObject({ outcome, files, attemptId: null })
})
