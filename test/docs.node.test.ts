import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createMockRelay } from '../src/testing/index.ts'

const text = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const KINDS = ['node.test.ts', 'load.test.ts', 'dom.test.tsx']

/** The source of the tests that the documentation calls `relay/webhook`, for example. */
function sourceOf(name: string): string {
  const found = KINDS.flatMap((kind) => {
    try {
      return [text(`test/${name}.${kind}`)]
    } catch {
      return []
    }
  })
  expect(found, name).toHaveLength(1)
  return found[0] ?? ''
}

/** The rows of a page's tables: what is promised, or what goes wrong elsewhere; how or where; and the tests. */
function rowsOf(page: string): string[][] {
  return text(`stories/${page}.mdx`)
    .split('\n')
    .filter((line) => /^\| (?!promise|fault|--)/.test(line))
    .map((line) => line.slice(2, -2).split(' | '))
}

describe.each(['promises', 'faults'])('%s.mdx', (page) => {
  const rows = rowsOf(page)

  it('has no gap in its tables, after which they are none', () => {
    expect(text(`stories/${page}.mdx`)).not.toMatch(/\|\n\n\|/)
  })

  it('names a test in each line', () => {
    expect(rows.length).toBeGreaterThan(30)
    for (const row of rows) {
      const [first, second, tests] = row
      expect(row, first).toHaveLength(3)
      expect(second).not.toBe('')
      expect(tests, first).toMatch(/^\w\S+ `/)
    }
  })

  it.each(rows.map(([first, , tests]) => [first, tests]))('names tests that are there: %s', (_, tests = '') => {
    let source = ''
    for (const [, file, title = ''] of tests.matchAll(/(?:([\w/-]+) )?`([^`]+)`/g)) {
      if (file !== undefined) source = sourceOf(file)
      const quoted = [`'${title}'`, `"${title}"`, `\`${title}\``]
      expect(
        quoted.some((literal) => source.includes(literal)),
        title,
      ).toBe(true)
    }
  })
})

it('gives no size in the README that was not measured', () => {
  const sizes = text('README.md').match(/[\d.]+ kB/g) ?? []
  expect(sizes.length).toBeGreaterThan(3)
  for (const size of sizes) expect(text('bench/SIZES.md')).toContain(`| ${size} |`)
})

it('tells of each part of the mock relay, and of no other', () => {
  const [table = ''] = text('stories/testing.mdx').split('\n\nIt takes')
  const names = [...table.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name),
  )
  expect(names.sort()).toEqual(Object.keys(createMockRelay()).sort())
})
