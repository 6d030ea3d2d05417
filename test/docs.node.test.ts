import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createMockRelay } from '../src/testing/index.ts'

const text = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const PROJECTS = ['node', 'load']

/** The source of the tests that the documentation calls `relay/webhook`, for example. */
function sourceOf(name: string): string {
  const found = PROJECTS.flatMap((project) => {
    try {
      return [text(`test/${name}.${project}.test.ts`)]
    } catch {
      return []
    }
  })
  expect(found, name).toHaveLength(1)
  return found[0] ?? ''
}

const rows = text('stories/promises.mdx')
  .split('\n')
  .filter((line) => /^\| (?!promise|--)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '))

it('names a test for each promise of the relay', () => {
  expect(rows.length).toBeGreaterThan(30)
  for (const row of rows) {
    const [promise, how, tests] = row
    expect(row, promise).toHaveLength(3)
    expect(how).not.toBe('')
    expect(tests, promise).toMatch(/^\w\S+ `/)
  }
})

it.each(rows.map(([promise, , tests]) => [promise, tests]))('names tests that are there: %s', (_, tests = '') => {
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

it('tells of each part of the mock relay, and of no other', () => {
  const [table = ''] = text('stories/testing.mdx').split('\n\nIt takes')
  const names = [...table.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name),
  )
  expect(names.sort()).toEqual(Object.keys(createMockRelay()).sort())
})
