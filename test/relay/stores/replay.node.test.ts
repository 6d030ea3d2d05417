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
  ['the same, which was the only event', ['1900-0'], '1900-0', [], '5000-1000', true],
  ['from before an event that is too old', ['1990-0', '1999-9', '2000-0'], '1990-0', ['2000-0'], '2000-0', false],
  ['the same, where there is no other event', ['1999-9'], '1990-1000', [], '5000-1000', false],
  ['expired events only', ['1300-0', '1400-0'], null, [], '5000-1000', true],
  ['a position from before the mark', ['2000-0'], '1199-1000', ['2000-0'], '2000-0', false],
  ['the same, without events', [], '1199-1000', [], '5000-1000', false],
  ['a position from the future', ['2000-0'], '5001-1000', ['2000-0'], '2000-0', false],
  ['a position from when the store was closed', ['2000-0'], '1600-1000', ['2000-0'], '2000-0', false],
  ['the last one before', ['2000-0'], '1599-1000', ['2000-0'], '2000-0', true],
  ['the first one after', ['2000-0'], '1900-1000', ['2000-0'], '2000-0', true],
  ['a position of another store', ['2000-0'], '1950-1001', ['2000-0'], '2000-0', false],
  ['an event from when the store was closed', ['1700-0', '2000-0'], '1700-0', ['2000-0'], '2000-0', true],
  ['an event that is kept, from before the mark', ['1100-0'], '1100-0', [], '5000-1000', true],
  ['no cursor at all', ['2000-0'], 'nonsense', ['2000-0'], '2000-0', false],
  ['a cursor of another shape', ['2000-0'], '02000-0', ['2000-0'], '2000-0', false],
] as const)('%s', (_, ids, lastEventId, expected, cursor, complete) => {
  const result = replay(kept(...ids), lastEventId, shelf)
  expect(result.events.map((event) => event.id)).toEqual(expected)
  expect(result).toMatchObject({ cursor, complete, now: 10_000 })
})

it('gives a user who was erased in this millisecond the mark, which lies above the position', () => {
  const erased: Shelf = { ...shelf, since: { ms: 5001, n: 3 } }
  expect(replay([], '5000-1000', erased)).toMatchObject({ cursor: '5001-3', complete: false })
  expect(replay([], '5001-3', erased)).toMatchObject({ cursor: '5001-3', complete: true })
})
