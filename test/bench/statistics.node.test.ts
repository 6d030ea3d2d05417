import { describe, expect, it } from 'vitest'
import { largestBurst } from '../../bench/report/burst.ts'
import { inDigits, listed, ratio } from '../../bench/report/numbers.ts'
import { percentile } from '../../bench/report/percentile.ts'
import { overlap, spreadOf } from '../../bench/report/spread.ts'

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)

  it.each([
    [0.5, 50],
    [0.99, 99],
    [0.999, 100],
    [1, 100],
    [0, 1],
  ])('takes a value that was measured: %s of 1 to 100 is %i', (share, expected) => {
    expect(percentile(hundred, share)).toBe(expected)
  })

  it('sorts as numbers, and leaves what it was given as it is', () => {
    const values = [10, 9, 100]
    expect(percentile(values, 0.5)).toBe(10)
    expect(values).toEqual([10, 9, 100])
  })

  it('has nothing to say about nothing', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError)
  })
})

describe('spreadOf', () => {
  it.each([
    [[3], { median: 3, min: 3, max: 3 }],
    [[5, 1, 10], { median: 5, min: 1, max: 10 }],
    [[4, 1, 2, 9], { median: 3, min: 1, max: 9 }],
    [[], null],
  ])('%j', (values, expected) => {
    expect(spreadOf(values)).toEqual(expected)
  })

  it.each([
    [1, 3, 2, 5, true],
    [2, 5, 1, 3, true],
    [1, 2, 2, 3, true],
    [1, 2, 3, 4, false],
    [3, 4, 1, 2, false],
  ])('says whether %i to %i and %i to %i overlap', (min, max, otherMin, otherMax, expected) => {
    expect(overlap({ median: min, min, max }, { median: otherMin, min: otherMin, max: otherMax })).toBe(expected)
  })
})

describe('largestBurst', () => {
  it.each([
    ['nothing', [], 0],
    ['one', [7], 1],
    ['all at once', [5, 5, 5], 3],
    ['a window is as long as it says, and no longer', [0, 99, 100], 2],
    ['any window, wherever it begins', [0, 60, 110, 150, 300], 3],
    ['in any order', [150, 0, 110, 60, 300], 3],
  ])('%s', (_, moments, expected) => {
    expect(largestBurst(moments, 100)).toBe(expected)
  })
})

describe('numbers', () => {
  it.each([
    [0, '0.00'],
    [0.123, '0.12'],
    [1.234, '1.23'],
    [12.34, '12.3'],
    [123.4, '123'],
    [12345.6, '12,346'],
    [-12.34, '-12.3'],
  ])('writes %d as %s', (value, text) => {
    expect(inDigits(value)).toBe(text)
  })

  it.each([
    [3, 2, 1.5],
    [0, 2, null],
    [3, 0, null],
    [-3, -2, null],
  ])('the ratio of %d to %d is %s', (value, other, expected) => {
    expect(ratio(value, other)).toBe(expected)
  })

  it('lists', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c'])
  })
})
