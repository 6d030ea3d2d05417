import { expect, it } from 'vitest'
import { replay, type Shelf } from '../../../src/relay/stores/replay.ts'

const opening = (tag: number, ms: number, maxEvents = 3) => ({ tag, from: { ms, n: 0 }, maxEvents, maxAge: 9000 })
const shelf: Shelf = {
  now: 10_000,
  position: 5000,
  openings: [opening(74, 0, 2), opening(75, 0), opening(76, 1800), opening(77, 1800)],
}
const kept = (...ids: string[]) => ids.map((id) => ({ id, externalUserId: 'u', frame: 'kyc-file', data: '{}' }))

it.each([
  ['no cursor, no event', [], null, [], '5000-77', true],
  ['no cursor: the latest alone', ['2000-0', '3000-0'], null, ['3000-0'], '3000-0', true],
  ['the cursor of the latest event', ['2000-0', '3000-0'], '3000-0', [], '3000-0', true],
  ['the cursor of an earlier event', ['2000-0', '2000-1', '3000-0'], '2000-0', ['2000-1', '3000-0'], '3000-0', true],
  ['a cursor from before the first event', ['2000-0', '3000-0'], '1500-77', ['2000-0', '3000-0'], '3000-0', true],
  ['a cursor from before, still no event', [], '1500-77', [], '5000-77', true],
  [
    'an event that is dropped next',
    ['2000-0', '2001-0', '2002-0', '2003-0'],
    '2000-0',
    ['2001-0', '2002-0', '2003-0'],
    '2003-0',
    true,
  ],
  ['an event that is dropped already', ['2000-0', '2001-0', '2002-0', '2003-0'], '1999-0', ['2003-0'], '2003-0', false],
  [
    'from before the first event, but some were dropped',
    ['2000-0', '2001-0', '2002-0', '2003-0'],
    '1500-77',
    ['2003-0'],
    '2003-0',
    false,
  ],
  ['an event that nobody knows', ['2000-0', '3000-0'], '2500-0', ['3000-0'], '3000-0', false],
  ['a cursor of another store', ['2000-0', '3000-0'], '1500-78', ['3000-0'], '3000-0', false],
  ['a cursor of an opening when less was kept', ['2000-0', '2001-0', '3000-0'], '1500-74', ['3000-0'], '3000-0', false],
  ['a cursor of an earlier opening', ['2000-0', '3000-0'], '1500-75', ['2000-0', '3000-0'], '3000-0', true],
  ['the same, after an event of that opening', ['1400-0', '3000-0'], '1500-75', ['3000-0'], '3000-0', true],
  ['the same, the clock having stepped back since', ['1900-0'], '4000-76', ['1900-0'], '1900-0', true],
  ['a cursor from the future', ['2000-0'], '9000-77', ['2000-0'], '2000-0', false],
  ['a cursor older than what is kept', ['2000-0'], '999-77', ['2000-0'], '2000-0', false],
  ['no cursor at all', ['2000-0'], 'nonsense', ['2000-0'], '2000-0', false],
  ['an event that has expired', ['900-0', '2000-0'], '900-0', ['2000-0'], '2000-0', false],
  ['expired events only', ['800-0', '900-0'], null, [], '5000-77', true],
] as const)('%s', (_, ids, lastEventId, expected, cursor, complete) => {
  const result = replay(kept(...ids), lastEventId, shelf)
  expect(result.events.map((event) => event.id)).toEqual(expected)
  expect(result).toMatchObject({ cursor, complete })
})
