import { expect, it } from 'vitest'
import { KycStatusError } from '../../src/client/errors.ts'
import { type ConnectionState, IDLE_LINE, type LineEvent, lineAfter } from '../../src/client/line/line-state.ts'

const network = new KycStatusError('network', 'it broke off')
const forbidden = new KycStatusError('forbidden', 'not yours')
const synced: LineEvent = { type: 'synced', transport: 'stream' }
const lost: LineEvent = { type: 'waiting', isServed: false, cause: network }
const served: LineEvent = { type: 'waiting', isServed: true, cause: null }
const line = (...events: LineEvent[]): ConnectionState =>
  events.reduce((before: ConnectionState, event) => lineAfter(before, event, 7), IDLE_LINE)

it.each<[string, LineEvent[], Partial<ConnectionState>]>([
  ['somebody reads', [{ type: 'started' }], { status: 'connecting' }],
  ['the relay is heard', [{ type: 'started' }, synced], { status: 'open', transport: 'stream', cause: null }],
  ['it cannot be reached', [{ type: 'started' }, lost], { status: 'reconnecting', cause: network }],
  ['a line was lost', [{ type: 'started' }, synced, lost], { status: 'reconnecting', cause: network }],
  ['it is asked again', [synced, lost, { type: 'connecting' }], { status: 'reconnecting', cause: network }],
  ['it is back', [synced, lost, synced], { status: 'open', cause: null }],
  ['a relay has no room for a stream', [synced, served], { status: 'open', transport: 'polling' }],
  ['it polls', [{ type: 'synced', transport: 'polling' }], { status: 'open', transport: 'polling' }],
  [
    'there is no network',
    [synced, { type: 'paused', reason: 'offline' }],
    { status: 'paused', pauseReason: 'offline' },
  ],
  [
    'the network is back',
    [synced, { type: 'paused', reason: 'offline' }, { type: 'connecting' }],
    { status: 'reconnecting', pauseReason: null },
  ],
  ['it was given up', [synced, { type: 'failed', error: forbidden }], { status: 'failed', cause: forbidden }],
  ['it tries again', [{ type: 'failed', error: forbidden }, { type: 'connecting' }], { status: 'reconnecting' }],
  ['nobody reads any more', [synced, { type: 'stopped' }], { status: 'idle', cause: null }],
])('when %s', (_, events, expected) => {
  expect(line(...events)).toMatchObject(expected)
})

it('is the same object while nothing changes', () => {
  const open = line(synced)
  expect(lineAfter(open, synced, 8)).toBe(open)
})
