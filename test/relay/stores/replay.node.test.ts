import { expect, it } from 'vitest'
import { replay, type Shelf } from '../../../src/relay/stores/replay.ts'

const shelf: Shelf = {
  now: 10_000,
  position: { ms: 5000, n: 1000 },
  since: { ms: 1200, n: 1 },
  epoch: 1000,
  closed: { from: 1600, until: 1900 },
  maxEvents: 3,
  maxAge: 8000,
  keepLatest: 8500,
}
const kept = (...ids: string[]) => ids.map((id) => ({ id, externalUserId: 'u', frame: 'kyc-file', data: '{}' }))

it.each([
  ['no cursor, no event', [], null, [], '5000-1000', true],
  ['no cursor: the latest alone', ['2000-0', '3000-0'], null, ['3000-0'], '3000-0', true],
  ['the cursor of the latest event', ['2000-0', '3000-0'], '3000-0', [], '3000-0', true],
  ['the cursor of an earlier event', ['2000-0', '2000-1', '3000-0'], '2000-0', ['2000-1', '3000-0'], '3000-0', true],
  ['a position from before the first event', ['2000-0', '3000-0'], '1500-1000', ['2000-0', '3000-0'], '3000-0', true],
  ['a position from before, still no event', [], '1500-1000', [], '5000-1000', true],
  ['the mark, after which nothing has come', [], '1200-1', [], '5000-1000', true],
  ['the mark, after which something has come', ['2000-0'], '1200-1', ['2000-0'], '2000-0', true],
  ['a position between two events', ['2000-0', '3000-0'], '2500-1000', ['3000-0'], '3000-0', true],
  ['what is between two events, and no position', ['2000-0', '3000-0'], '2500-7', ['3000-0'], '3000-0', false],
  ['a position after the latest event: it does not fall', ['2000-0'], '4000-1000', [], '4000-1000', true],
  ['the present position', ['2000-0'], '5000-1000', [], '5000-1000', true],
  ['all that is kept', ['2000-0', '2001-0', '2002-0'], '1999-1000', ['2000-0', '2001-0', '2002-0'], '2002-0', true],
  [
    'an event that is dropped next',
    ['2000-0', '2001-0', '2002-0', '2003-0'],
    '2000-0',
    ['2001-0', '2002-0', '2003-0'],
    '2003-0',
    true,
  ],
  [
    'an event that is dropped already',
    ['2000-0', '2001-0', '2002-0', '2003-0'],
    '1999-1000',
    ['2003-0'],
    '2003-0',
    false,
  ],
  ['an event that is too old, the last of these', ['1900-0', '2000-0'], '1900-0', ['2000-0'], '2000-0', true],
  ['the same, which is the latest still', ['1900-0'], '1900-0', [], '1900-0', true],
  ['from before an event that is too old', ['1990-0', '1999-9', '2000-0'], '1990-0', ['2000-0'], '2000-0', false],
  ['from before one that is old, and the latest still', ['1999-9'], '1990-1000', ['1999-9'], '1999-9', true],
  ['no cursor: an old event that is the latest still', ['1600-0', '1900-0'], null, ['1900-0'], '1900-0', true],
  ['no cursor: none that is young enough for that', ['1300-0', '1400-0'], null, [], '5000-1000', true],
  ['a position from before such events', ['1300-0', '1400-0'], '1350-1000', [], '5000-1000', false],
  ['the last one of such events', ['1300-0', '1400-0'], '1400-0', [], '5000-1000', true],
  ['a position from before the mark', ['2000-0'], '1199-1000', ['2000-0'], '2000-0', false],
  ['the same, without events', [], '1199-1000', [], '5000-1000', false],
  ['a position from the future', ['2000-0'], '5001-1000', ['2000-0'], '2000-0', false],
  ['a position from when the store was closed', ['2000-0'], '1600-1000', ['2000-0'], '2000-0', false],
  ['the last one before', ['2000-0'], '1599-1000', ['2000-0'], '2000-0', true],
  ['the first one after', ['2000-0'], '1900-1000', ['2000-0'], '2000-0', true],
  ['a position of another store', ['2000-0'], '1950-1001', ['2000-0'], '2000-0', false],
  ['an event from when the store was closed', ['1700-0', '2000-0'], '1700-0', ['2000-0'], '2000-0', true],
  ['an event that is kept, from before the mark', ['1100-0', '2000-0'], '1100-0', ['2000-0'], '2000-0', false],
  ['no cursor at all', ['2000-0'], 'nonsense', ['2000-0'], '2000-0', false],
  ['a cursor of another shape', ['2000-0'], '02000-0', ['2000-0'], '2000-0', false],
] as const)('%s', (_, ids, lastEventId, expected, cursor, complete) => {
  const result = replay(kept(...ids), lastEventId, shelf)
  expect(result.events.map((event) => event.id)).toEqual(expected)
  expect(result).toMatchObject({ cursor, complete, now: 10_000 })
})

/** `frame status id`: of a frame without a name the status has no state. */
const keptOf = (...events: string[]) =>
  events.map((text) => {
    const [frame = '', status, id = ''] = text.split(' ')
    const states: Record<string, string> = { WAITING: 'in_review', APPROVED: 'approved' }
    const receivedAt = new Date(Number.parseInt(id, 10)).toISOString()
    const data = { status, ...(frame !== 'kyc-file' && { state: states[status ?? ''] }), receivedAt }
    return { id, externalUserId: 'u', frame, data: JSON.stringify(data) }
  })
const young = ['kyc-file ADDED 2000-0', 'poa APPROVED 2001-0', 'kyc-file ERROR 2002-0', 'poa WAITING 2003-0']
const file = ['kyc-file A 3000-0', 'kyc-file B 3001-0', 'kyc-file C 3002-0', 'kyc-file D 3003-0']
const old = ['poa WAITING 1600-0', 'poa APPROVED 1700-0', 'kyc-file ADDED 1800-0']

it.each([
  ['no cursor: the latest of each, and the decision before it', young, null, ['2001-0', '2002-0', '2003-0'], true],
  ['a cursor: what came after it, of each', young, '2000-0', ['2001-0', '2002-0', '2003-0'], true],
  ['a cursor of another frame', young, '2001-0', ['2002-0', '2003-0'], true],
  ['a cursor that is not known', young, '2000-7', ['2001-0', '2002-0', '2003-0'], false],
  [
    'a full frame takes nothing from another',
    [...young, ...file.slice(0, 2)],
    '2001-0',
    ['2002-0', '2003-0', '3000-0', '3001-0'],
    true,
  ],
  [
    'a cursor after which an event of another frame was dropped',
    [...young, ...file],
    '2001-0',
    ['2001-0', '2003-0', '3003-0'],
    false,
  ],
  ['the newest one that was dropped', [...young, ...file], '3000-0', ['3001-0', '3002-0', '3003-0'], true],
  ['no cursor: old events that decide', old, null, ['1700-0', '1800-0'], true],
  ['a cursor from before those', old, '1600-0', ['1700-0', '1800-0'], true],
  ['a cursor from before what they were before', old, '1500-1000', ['1700-0', '1800-0'], false],
] as const)('of several frames: %s', (_, events, lastEventId, expected, complete) => {
  const result = replay(keptOf(...events), lastEventId, shelf)
  expect(result.events.map((event) => event.id)).toEqual(expected)
  expect(result).toMatchObject({ cursor: expected.at(-1), complete })
})

it('gives a fresh page of a user whose mark is another user’s a cursor that is known', () => {
  const shared: Shelf = { ...shelf, since: { ms: 3000, n: 4 } }
  const { cursor } = replay(kept('2000-0'), null, shared)
  expect(replay(kept('2000-0', '4000-0'), cursor, shared)).toMatchObject({ events: kept('4000-0'), complete: true })
})

it('gives a user who was erased in this millisecond the mark, which lies above the position', () => {
  const erased: Shelf = { ...shelf, since: { ms: 5001, n: 3 } }
  expect(replay([], '5000-1000', erased)).toMatchObject({ cursor: '5001-3', complete: false })
  expect(replay([], '5001-3', erased)).toMatchObject({ cursor: '5001-3', complete: true })
})
