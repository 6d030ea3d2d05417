import { readdirSync, readFileSync } from 'node:fs'
import { storyNameFromExport, toId } from 'storybook/internal/csf'
import { describe, expect, it } from 'vitest'
import { en } from '../src/react/messages/en.ts'
import { announce } from '../src/react/upload-status/announcer/announcement.ts'
import { CONNECTIONS, STATUSES } from '../src/react/upload-status/data-attributes.ts'
import type { KycUploadStatusView } from '../src/react/upload-status/view.ts'
import { createMockRelay } from '../src/testing/index.ts'

const text = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const KINDS = ['node.test.ts', 'load.test.ts', 'dom.test.tsx', 'visual.test.tsx']

/** The source of the tests that the documentation calls `relay/webhook`, for example, or of the projects that run them. */
function sourceOf(name: string): string {
  if (/^projects?$/.test(name)) return text('vitest.config.ts')
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

const storyFiles = readdirSync(new URL('../stories', import.meta.url), { recursive: true, encoding: 'utf8' })
const pages = storyFiles.filter((file) => file.endsWith('.mdx'))

/** The addresses in Storybook of what a file has to show. */
function addressesIn(file: string): string[] {
  const source = text(`stories/${file}`)
  const title = /(?:\btitle: '|<Meta title=")(.+?)['"]/.exec(source)?.[1] ?? ''
  const stories = [...source.matchAll(/^export const (\w+): Story/gm)].map(([, name = '']) => storyNameFromExport(name))
  return [`/docs/${toId(title, 'docs')}`, ...stories.map((name) => `/story/${toId(title, name)}`)]
}
const addresses = storyFiles.filter((file) => /\.(mdx|stories\.tsx)$/.test(file)).flatMap(addressesIn)

/** The rows of a page's tables, without their headings. */
function rowsOf(page: string): string[][] {
  const lines = text(`stories/${page}.mdx`).split('\n')
  const isRule = (line = '') => /^\|[-|]+\|$/.test(line)
  return lines
    .filter((line, index) => line.startsWith('| ') && !isRule(lines[index + 1]))
    .map((line) => line.slice(2, -2).split(' | '))
}

it.each(pages)('leads from %s to stories and pages that are there', (page) => {
  for (const [, address] of text(`stories/${page}`).matchAll(/\?path=([\w/-]+)/g)) expect(addresses).toContain(address)
})

/** Pages that prove what they say, and in which column of their tables they do. */
const PROVEN = { promises: 2, faults: 2, relay: 2, accessibility: -1, comparison: 1 }

describe.each(Object.entries(PROVEN))('%s.mdx', (page, column) => {
  const rows = rowsOf(page).map((row): [string, string] => [row[0] ?? '', row.at(column) ?? ''])

  it('has no gap in its tables, after which they are none', () => {
    expect(text(`stories/${page}.mdx`)).not.toMatch(/\|\n\n\|/)
  })

  it('names a test or a story in each line, or says that there is none', () => {
    expect(rows.length).toBeGreaterThan(10)
    for (const [first, proof] of rows) expect(proof, first).toMatch(/[\w/]+ `|\?path=|^✘|^not run$/)
  })

  it.each(rows)('names tests that are there: %s', (_, proof) => {
    let source = ''
    for (const [, file, title = ''] of proof.matchAll(/(?:([\w/-]+) )?`([^`]+)`/g)) {
      if (file !== undefined) source = sourceOf(file)
      const quoted = [`'${title}'`, `"${title}"`, `\`${title}\``]
      expect(
        quoted.some((literal) => source.includes(literal)),
        title,
      ).toBe(true)
    }
  })
})

describe('the table of what is said', () => {
  const rows = rowsOf('accessibility').filter((row) => row.length === 5)
  const namesIn = (cell = '') => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name)
  const told = (view: Partial<KycUploadStatusView>) =>
    ({
      view: {
        status: 'none',
        connection: 'live',
        files: { expected: 1, added: 0, failed: 0 },
        doubt: null,
        decidedAt: null,
        ...view,
      },
      messages: en,
      reason: null,
      isSent: false,
      isOpen: true,
      onRetry: undefined,
    }) as const

  it('has each status of the document and of the line once', () => {
    const names = rows.flatMap(([becomes]) => namesIn(becomes))
    expect(names.sort()).toEqual([...Object.keys(STATUSES), ...Object.keys(CONNECTIONS)].sort())
  })

  it.each(rows)('is right of what becomes %s: %s', (becomes, region, _, after) => {
    for (const name of namesIn(becomes)) {
      const waiting = told({ status: 'processing' })
      const said =
        name in STATUSES
          ? announce(
              name === 'processing' ? told({}) : waiting,
              told({ status: name as KycUploadStatusView['status'] }),
              null,
            )
          : announce(
              waiting,
              told({ status: 'processing', connection: name as KycUploadStatusView['connection'] }),
              null,
            )
      expect(said?.role ?? 'nothing', name).toBe(region)
      expect(said ? (said.after === 0 ? 'at once' : `${said.after / 1000} s`) : '–', name).toBe(after)
    }
  })
})

it.each(['README.md', ...pages.map((page) => `stories/${page}`)])(
  'starts no relay by a bare npx in %s, which keeps signals to itself',
  (page) => {
    for (const [line] of text(page).matchAll(/npx kyc-upload-status relay.*/g)) expect(line).toMatch(/relay`? --dev/)
  },
)

it('gives no size that was not measured', () => {
  const ours = rowsOf('comparison').map(([, cell = '']) => cell)
  const sizes = [text('README.md'), ...ours].flatMap((said) => said.match(/[\d.]+ kB/g) ?? [])
  expect(sizes.length).toBeGreaterThan(4)
  for (const size of sizes) expect(text('bench/SIZES.md')).toContain(`| ${size} |`)
})

it('tells of each part of the mock relay, and of no other', () => {
  const [table = ''] = text('stories/testing.mdx').split('\n\nIt takes')
  const names = [...table.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name),
  )
  expect(names.sort()).toEqual(Object.keys(createMockRelay()).sort())
})

/** A median of RESULTS.md, as it stands there. */
function measured(server: string, figure: string): string {
  const table = text('bench/RESULTS.md').split('## Side by side')[1] ?? ''
  const [head, ...rows] = table
    .split('\n')
    .flatMap((line) => (line.startsWith('| ') || line.startsWith('|  |') ? [line] : []))
  const columns = (head ?? '').split('|').map((cell) => cell.trim())
  const row = rows.find((line) => line.replaceAll('*', '').startsWith(`| ${server} |`)) ?? ''
  return row.split('|')[columns.findIndex((name) => name.startsWith(figure))]?.trim() ?? ''
}

it('goes up to a million from figures that were measured', () => {
  const largest =
    text('bench/SCALE.md')
      .trim()
      .split('\n')
      .at(-1)
      ?.split('|')
      .map((cell) => cell.trim()) ?? []
  const [, steps, stream = '', , , opened, openedInRedis, heartbeat, webhook, webhookInRedis] = largest
  expect(steps).toBe('4 × 16,000')
  const page = text('stories/scale.mdx')
  expect(page).toContain(`| ${stream} KiB | SCALE, 4 × 16,000 |`)
  expect(page).toContain(`| ${measured('kyc-upload-status, memory on Bun', 'memory/stream')} KiB | RESULTS |`)
  for (const micros of [opened, openedInRedis, heartbeat, webhook, webhookInRedis]) {
    expect(page).toContain(`${Math.round(Number(micros))} µs`)
  }
})

it('quotes ratios that were measured', () => {
  const median = (server: string, figure: string) => Number(measured(server, figure).replaceAll(',', ''))
  const ours = 'kyc-upload-status, memory'
  const ratios = [
    ...['memory/stream', 'CPU/webhook', 'delivered'].flatMap((figure) =>
      ['better-sse', 'Hono'].map((other) => [ours, other, figure] as const),
    ),
    ...['memory/stream', 'CPU/webhook'].map((figure) => [ours, 'bare `node:http`', figure] as const),
    ...['memory/stream', 'delivered'].map((figure) => [`${ours} on Bun`, 'nginx with nchan', figure] as const),
  ].map(([own, other, figure]) => (median(own, figure) / median(other, figure)).toFixed(2))
  const quoted = [...text('README.md').matchAll(/(\d\.\d\d) ×/g)].map(([, ratio]) => ratio)
  expect(quoted).toEqual(ratios)
})
