import { describe, expect, it } from 'vitest'
import type { Entry, Trial } from '../../bench/report/entry.ts'
import { FIGURES, type FigureKey, type Figures } from '../../bench/report/figures.ts'
import { overview, remarks, report } from '../../bench/report/report.ts'
import { whereOursIsWorse } from '../../bench/report/worse.ts'

const trial = (figures: Figures, rest: Partial<Trial> = {}): Trial => ({ figures, driver: {}, failure: null, ...rest })
const measured = (key: FigureKey, ...values: number[]) => values.map((value) => trial({ [key]: value }))
const bare = { id: 'bare-node', name: 'bare', floor: null }
const memory = { id: 'memory', name: 'ours, memory', variant: 'memory', floor: 'bare-node' }
const sqlite = { id: 'sqlite', name: 'ours, SQLite', variant: 'SQLite', floor: 'bare-node' }
const nchan = { id: 'nchan', name: 'nchan', floor: null }
const figureOf = (key: FigureKey) => {
  const figure = FIGURES.find((candidate) => candidate.key === key)
  if (!figure) throw new Error(`expected a figure ${key}`)
  return figure
}

describe('whereOursIsWorse', () => {
  const lower = (floor: Trial[], own: Trial[], key: FigureKey = 'memoryPerStream') =>
    whereOursIsWorse(figureOf(key), [
      { ...bare, trials: floor },
      { ...memory, trials: own },
    ])

  it('says by how much, and why', () => {
    expect(lower(measured('memoryPerStream', 10, 11, 12), measured('memoryPerStream', 22, 33, 44))).toBe(
      `With memory (3.00 ×) kyc-upload-status does worse than bare. ${figureOf('memoryPerStream').why}`,
    )
  })

  it('says nothing where it is better or the same', () => {
    expect(lower(measured('memoryPerStream', 10), measured('memoryPerStream', 9))).toBe('')
    expect(lower(measured('memoryPerStream', 10), measured('memoryPerStream', 10))).toBe('')
  })

  it('knows of what more is better', () => {
    const key = 'webhooksPerSecond'
    expect(lower(measured(key, 100), measured(key, 50), key)).toContain('(0.50 ×)')
    expect(lower(measured(key, 100), measured(key, 200), key)).toBe('')
  })

  it('says where the repeats of both overlap', () => {
    expect(lower(measured('memoryPerStream', 10, 11, 20), measured('memoryPerStream', 9, 12, 13))).toContain(
      '(1.09 ×, which is within the spread)',
    )
  })

  it('gives both values where a ratio would say nothing', () => {
    expect(lower(measured('growth', -1), measured('growth', 5), 'growth')).toContain('(5.00 MiB, not -1.00)')
  })

  it('compares with its own floor, and all with nchan', () => {
    const key = 'cpuPerWebhook'
    const entries: Entry[] = [
      { ...bare, trials: measured(key, 10) },
      { ...memory, trials: measured(key, 20) },
      { ...sqlite, trials: measured(key, 30) },
      { id: 'bare-bun', name: 'bun', floor: null, trials: measured(key, 1) },
      { ...nchan, trials: measured(key, 10) },
    ]
    expect(whereOursIsWorse(figureOf(key), entries)).toBe(
      'With memory (2.00 ×) and SQLite (3.00 ×) kyc-upload-status does worse than bare. ' +
        `With memory (2.00 ×) and SQLite (3.00 ×) kyc-upload-status does worse than nchan. ${figureOf(key).why}`,
    )
  })

  it('says nothing of what was not measured', () => {
    expect(lower([], measured('memoryPerStream', 1))).toBe('')
    expect(lower(measured('memoryPerStream', 1), [])).toBe('')
  })
})

describe('report', () => {
  const entries: Entry[] = [
    { ...bare, trials: measured('memoryPerStream', 10, 12, 11) },
    { ...memory, trials: measured('memoryPerStream', 22, 21, 23) },
    { ...nchan, note: 'Has workers.', trials: [trial({}, { failure: 'no answer\nat | all' })] },
  ]
  const run = {
    date: '2026-01-01',
    command: 'npm run bench -- --repeats 3',
    machine: ['two processors'],
    method: ['As it is done.'],
    entries,
    skipped: ['Redis: skipped.'],
  }

  it('gives median, spread and ratios of each figure', () => {
    expect(report(run)).toContain(`## Memory of an idle stream

| KiB, lower is better | median | min | max | of its floor | of nchan |
|---|--:|--:|--:|--:|--:|
| bare | 11.0 | 10.0 | 12.0 | – | – |
| **ours, memory** | 22.0 | 21.0 | 23.0 | 2.00 × | – |
| nchan | – | – | – | – | – |

With memory (2.00 ×) kyc-upload-status does worse than bare. ${figureOf('memoryPerStream').why}
`)
  })

  it('tells how it was made, and on what', () => {
    const text = report(run)
    for (const part of [run.date, `\`${run.command}\``, '- two processors', 'As it is done.'])
      expect(text).toContain(part)
  })

  it('has all medians side by side', () => {
    const [head = '', , ...rows] = overview(entries).split('\n')
    expect(head).toContain('| memory/stream, KiB |')
    expect(rows.map((row) => row.split(' | ')[1])).toEqual(['11.0', '22.0', '–'])
  })

  it('hides neither a failure, nor a server that was left out, nor a driver that was too slow', () => {
    const busy = { ...sqlite, trials: [trial({}, { driver: { share: 0.97, lateness: 3, others: 0.12 } })] }
    expect(remarks({ entries: [...entries, busy], skipped: run.skipped })).toEqual([
      'nchan: Has workers.',
      'nchan: trial 1 ended early: no answer at / all',
      'Redis: skipped.',
      'ours, SQLite: the driver was busy all the time, so it may deliver more than is told here.',
      'At its pace the driver was behind by 3.00 ms at most (p99 of a trial).',
      'Other processes took 12 % of the processors meanwhile, 12 % at most.',
      'They took more than 10 % in a trial of ours, SQLite, whose figures suffer from it.',
    ])
  })
})
