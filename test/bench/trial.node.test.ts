import { describe, expect, it } from 'vitest'
import { CONTESTANTS, missingFor } from '../../bench/trial/contestants.ts'
import { parseDescriptorLimits } from '../../bench/trial/descriptors.ts'
import { readOptions } from '../../bench/trial/options.ts'
import { parseBusySeconds, parseCpuSeconds, parseResidentBytes } from '../../bench/trial/proc.ts'

describe("Linux' accounts", () => {
  it('reads the time on a processor, whatever the name of the process', () => {
    const fields = 'S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 1 0'
    expect(parseCpuSeconds(`42 (node) ${fields}`)).toBe(2)
    expect(parseCpuSeconds(`42 (a (strange) name) ${fields}`)).toBe(2)
  })

  it('reads how long all processors were busy, and neither idle nor waiting', () => {
    expect(parseBusySeconds('cpu  100 200 300 4000 5000 10 20 70 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n')).toBe(7)
  })

  it('reads what is resident, and what is shared in parts', () => {
    const status = 'VmRSS:\t    9000 kB\nRssAnon:\t    5000 kB\nRssFile:\t    1000 kB\nRssShmem:\t    3000 kB\n'
    const rollup =
      'Rss:   9000 kB\nPss_Anon:          4000 kB\nPss_File:            10 kB\nPss_Shmem:         1500 kB\n'
    expect(parseResidentBytes(status, rollup)).toBe(6500 * 1024)
  })

  it('reads how many files may be open', () => {
    const limits =
      'Limit    Soft Limit   Hard Limit   Units\nMax open files            1024                 unlimited            files     \n'
    expect(parseDescriptorLimits(limits)).toEqual({ soft: 1024, hard: Number.POSITIVE_INFINITY })
  })
})

describe('readOptions', () => {
  const ids = ['a', 'b']

  it('measures all with 10,000 streams, three times, unless it is told otherwise', () => {
    expect(readOptions([], ids)).toMatchObject({ connections: 10_000, repeats: 3, rate: 1000, hour: 36_000, only: [] })
    expect(readOptions(['--connections', '500', '--repeats=1', '--only', 'b,a'], ids)).toMatchObject({
      connections: 500,
      repeats: 1,
      only: ['b', 'a'],
    })
  })

  it('has a quick run, which can be told otherwise too', () => {
    expect(readOptions(['--quick', '--rate', '50'], ids)).toMatchObject({ isQuick: true, repeats: 1, rate: 50 })
  })

  it('helps', () => {
    expect(readOptions(['--help'], ids)).toBe(null)
  })

  it.each([
    [['--connections', 'many'], /--connections: expected 100 or more/],
    [['--connections', '10'], /--connections: expected 100 or more/],
    [['--repeats', '0'], /--repeats: expected 1 or more/],
    [['--rate', '1.5'], /--rate: expected 1 or more/],
    [['--only', 'a,c'], /--only: expected some of a, b/],
    [['--unknown'], /--unknown/],
    [['stray'], /stray/],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args, ids)).toThrow(message)
  })
})

describe('contestants', () => {
  it('are told apart, and have floors that take part', () => {
    const ids = CONTESTANTS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(CONTESTANTS.map(({ name }) => name)).size).toBe(ids.length)
    for (const { floor } of CONTESTANTS) if (floor !== null) expect(ids).toContain(floor)
  })

  it('are left out where something is missing, which is said', () => {
    const [contestant] = CONTESTANTS
    if (!contestant) throw new Error('expected a contestant')
    expect(missingFor({ ...contestant, needs: [['/', 'a root']] })).toBe(null)
    expect(missingFor({ ...contestant, needs: [['/nowhere/at-all', 'a thing']] })).toBe('a thing')
  })
})
