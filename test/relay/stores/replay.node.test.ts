import { expect, it } from 'vitest'
import { replay, type Shelf } from '../../../src/relay/stores/replay.ts'

const shelf: Shelf = {
  now: 10_000,
  position: { ms: 5000, n: 2 },
  since: { ms: 1200, n: 1 },
  closed: { from: { ms: 1600, n: 0 }, to: { ms: 1900, n: 0 } },
  maxEvents: 3,
  maxAge: 8000,
}
const kept = (...ids: string[]) => ids.map((id) => ({ id, externalUserId: 'u', frame: 'kyc-file', data: '{}' }))

it.each([
  ['no cursor, no event', [], null, [], '5000-2', true],
  ['no cursor: the latest alone', ['2000-0', '3000-0'], null, ['3000-0'], '3000-0', true],
  ['the cursor of the latest event', ['2000-0', '3000-0'], '3000-0', [], '3000-0', true],
  ['the cursor of an earlier event', ['2000-0', '2000-1', '3000-0'], '2000-0', ['2000-1', '3000-0'], '3000-0', true],
  ['a cursor from before the first event', ['2000-0', '3000-0'], '1500-0', ['2000-0', '3000-0'], '3000-0', true],
  ['a cursor from before, still no event', [], '1500-0', [], '5000-2', true],
  ['a cursor after which nothing has come, however old', [], '1200-1', [], '5000-2', true],
  ['a cursor between two events', ['2000-0', '3000-0'], '2500-7', ['3000-0'], '3000-0', true],
  ['a cursor after the latest event: the position does not fall', ['2000-0'], '4000-0', [], '4000-0', true],
  ['the present position', ['2000-0'], '5000-2', [], '5000-2', true],
  ['all that is kept', ['2000-0', '2001-0', '2002-0'], '1999-0', ['2000-0', '2001-0', '2002-0'], '2002-0', true],
  [
    'an event that is dropped next',
    ['2000-0', '2001-0', '2002-0', '2003-0'],
    '2000-0',
    ['2001-0', '2002-0', '2003-0'],
    '2003-0',
    true,
  ],
  ['an event that is dropped already', ['2000-0', '2001-0', '2002-0', '2003-0'], '1999-0', ['2003-0'], '2003-0', false],
  ['an event that is too old, the last of these', ['1900-0', '2000-0'], '1900-0', ['2000-0'], '2000-0', true],
  ['the same, which was the only event', ['1900-0'], '1900-0', [], '5000-2', true],
  ['from before an event that is too old', ['1990-0', '1999-9', '2000-0'], '1990-0', ['2000-0'], '2000-0', false],
  ['the same, where there is no other event', ['1999-9'], '1990-0', [], '5000-2', false],
  ['expired events only', ['1300-0', '1400-0'], null, [], '5000-2', true],
  ['from before what the store knows', ['2000-0'], '1200-0', ['2000-0'], '2000-0', false],
  ['the same, without events', [], '1200-0', [], '5000-2', false],
  ['a cursor from the future', ['2000-0'], '5000-3', ['2000-0'], '2000-0', false],
  ['a time when the store was closed', ['2000-0'], '1600-1', ['2000-0'], '2000-0', false],
  ['the moment when it was closed', ['2000-0'], '1600-0', ['2000-0'], '2000-0', true],
  ['the moment when it was opened', ['2000-0'], '1900-0', ['2000-0'], '2000-0', true],
  ['no cursor at all', ['2000-0'], 'nonsense', ['2000-0'], '2000-0', false],
  ['a cursor of another shape', ['2000-0'], '02000-0', ['2000-0'], '2000-0', false],
] as const)('%s', (_, ids, lastEventId, expected, cursor, complete) => {
  const result = replay(kept(...ids), lastEventId, shelf)
  expect(result.events.map((event) => event.id)).toEqual(expected)
  expect(result).toMatchObject({ cursor, complete, now: 10_000 })
})
