import { expect, it } from 'vitest'
import type { KycFileStatus } from '../../../src/client/knowledge/upload-state.ts'
import type { ConnectionState } from '../../../src/client/line/line-state.ts'
import { isDown } from '../../../src/react/parts/line.ts'
import { canCheckAgain, deriveView, waitingSince } from '../../../src/react/upload-status/view.ts'

const NOW = Date.parse('2026-11-26T08:00:00Z')
const PATIENCE = { slowAfter: 10_000, verySlowAfter: 60_000 }
const OPEN: ConnectionState = { status: 'open', pauseReason: null, transport: 'stream', heardAt: NOW, cause: null }
const known = (outcome: KycFileStatus['outcome'], waited = 0) =>
  ({
    outcome,
    at: outcome === 'none' ? null : new Date(NOW - waited).toISOString(),
    files: { expected: 1, added: 0, failed: 0 },
    externalUserId: 'user',
    attemptId: 'attempt',
    doubt: null,
    cursor: '1-0',
  }) as KycFileStatus
const view = (
  data: KycFileStatus | undefined | null,
  connection: Partial<ConnectionState> = {},
  downFor: number | null = null,
) =>
  deriveView(
    {
      data,
      connection: { ...OPEN, ...connection },
      since: waitingSince(data ?? undefined),
      downSince: downFor === null ? null : NOW - downFor,
    },
    PATIENCE,
    NOW,
  )

it.each([
  ['nothing is known', undefined, 'loading'],
  ['another upload is being sent', null, 'none'],
  ['there is no document', known('none'), 'none'],
  ['the provider has not answered', known('waiting'), 'processing'],
  ['nor within 10 s', known('waiting', 9999), 'processing'],
  ['nor after 10 s', known('waiting', 10_000), 'slow'],
  ['nor within a minute', known('waiting', 59_999), 'slow'],
  ['nor after a minute', known('waiting', 60_000), 'very-slow'],
  ['it was added, however late', known('added', 100_000), 'added'],
  ['it was refused', known('error', 100_000), 'error'],
] as const)('says of a document of which %s: %s', (_, data, status) => {
  expect(view(data).status).toBe(status)
})

it.each([
  ['nobody reads', { status: 'idle' }, null, 'live'],
  ['it opens', { status: 'connecting' }, 100, 'live'],
  ['it has been opening for long', { status: 'connecting' }, 5000, 'lost'],
  ['it is open', { status: 'open' }, null, 'live'],
  ['it polls', { status: 'open', transport: 'polling' }, null, 'live'],
  ['it was lost a moment ago', { status: 'reconnecting' }, 4999, 'reconnecting'],
  ['it was lost long ago', { status: 'reconnecting' }, 5000, 'lost'],
  ['the page is hidden', { status: 'paused', pauseReason: 'hidden' }, null, 'paused'],
  ['the network went a moment ago', { status: 'paused', pauseReason: 'offline' }, 10, 'paused'],
  ['there is no network', { status: 'paused', pauseReason: 'offline' }, 5000, 'lost'],
  ['it was given up', { status: 'failed' }, 9000, 'failed'],
] as const)('says of a line of which %s: %s', (_, connection, downFor, expected) => {
  expect(view(known('waiting'), connection, downFor).connection).toBe(expected)
})

it('never takes the line for the document, nor the document for the line', () => {
  for (const outcome of ['none', 'waiting', 'added', 'error'] as const) {
    const statuses = (['open', 'reconnecting', 'paused', 'failed'] as const).map(
      (status) => view(known(outcome), { status }, 9000).status,
    )
    expect(new Set(statuses).size).toBe(1)
  }
  const connections = (['none', 'waiting', 'added', 'error'] as const).map(
    (outcome) => view(known(outcome), { status: 'reconnecting' }, 9000).connection,
  )
  expect(new Set(connections)).toEqual(new Set(['lost']))
})

it('knows of a doubt what the data say, and of none while nothing is known or another upload is being sent', () => {
  expect(view({ ...known('added'), doubt: 'extra' }).doubt).toBe('extra')
  expect(view({ ...known('waiting'), doubt: 'owed' }).doubt).toBe('owed')
  expect(view(known('error')).doubt).toBeNull()
  expect(view(undefined).doubt).toBeNull()
  expect(view(null).doubt).toBeNull()
})

it('counts from when the document had been sent, where that is known', () => {
  expect(waitingSince(known('waiting', 30_000))).toBe(NOW - 30_000)
  expect(waitingSince(known('waiting', 30_000), NOW - 5000)).toBe(NOW - 5000)
  expect(waitingSince(known('added'))).toBeNull()
})

it('offers another look where that may help', () => {
  const offered = (data: KycFileStatus, status: ConnectionState['status'], downFor: number | null = null) =>
    canCheckAgain(view(data, { status }, downFor))
  expect(offered(known('waiting', 60_000), 'open')).toBe(true)
  expect(offered(known('waiting'), 'reconnecting', 6000)).toBe(true)
  expect(offered(known('none'), 'failed')).toBe(true)
  expect(offered(known('waiting', 10_000), 'open')).toBe(false)
  expect(offered(known('waiting'), 'reconnecting', 100)).toBe(false)
  expect(offered(known('added'), 'reconnecting', 6000)).toBe(false)
})

it('takes a hidden page, and one that nobody reads, for no trouble', () => {
  expect(isDown({ ...OPEN, status: 'paused', pauseReason: 'hidden' })).toBe(false)
  expect(isDown({ ...OPEN, status: 'idle' })).toBe(false)
})
