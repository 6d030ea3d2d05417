import { expect, it } from 'vitest'
import { compareEventIds, formatEventId, isAfter, parseEventId } from '../../src/protocol/event-id.ts'

it.each([
  ['1763932800000-0', { ms: 1763932800000, n: 0 }],
  ['0-0', { ms: 0, n: 0 }],
  ['7-42', { ms: 7, n: 42 }],
])('reads %s and writes it again', (text, id) => {
  expect(parseEventId(text)).toEqual(id)
  expect(formatEventId(id)).toBe(text)
})

it.each([
  '',
  '1',
  '1-',
  '-1',
  '1-1-1',
  ' 1-1',
  '1-1\n',
  '01-1',
  '1-01',
  '+1-1',
  '1.5-0',
  '1e3-0',
  '９-0',
  '9007199254740993-0',
])('takes %j for no id', (text) => {
  expect(parseEventId(text)).toBeNull()
})

it('orders by millisecond, then by number, and not as text', () => {
  const ids = ['10-0', '9-11', '9-2', '100-0'].map((text) => parseEventId(text) ?? { ms: -1, n: -1 })
  expect(ids.sort(compareEventIds).map(formatEventId)).toEqual(['9-2', '9-11', '10-0', '100-0'])
})

it.each([
  ['2-0', '1-9', true],
  ['1-10', '1-9', true],
  ['1-9', '1-9', false],
  ['1-9', '1-10', false],
  ['1-9', 'not an id', true],
  ['not an id', '1-9', false],
])('%s after %s: %s', (id, cursor, expected) => {
  expect(isAfter(id, cursor)).toBe(expected)
})
