import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { THEME_VARIABLES, TIMELINE_VARIABLES, UPLOAD_STATUS_VARIABLES } from '../../src/react/css-variables.ts'
import { TIMELINE_ATTRIBUTES, TIMELINE_PARTS, TIMELINE_STATES } from '../../src/react/timeline/data-attributes.ts'
import { PHASES, UPLOAD_PARTS } from '../../src/react/upload/data-attributes.ts'
import {
  CONNECTIONS,
  DATA_ATTRIBUTES,
  DOUBTS,
  PARTS,
  PLAIN_PARTS,
  STATUSES,
} from '../../src/react/upload-status/data-attributes.ts'

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const theming = text('stories/theming.mdx')
const looks = text('stories/looks.mdx')
const styles = text('src/react/styles.css')

/** The rows of all tables of a page whose first column has this heading, each a list of cells. */
function rowsOf(page: string, heading: string): string[][] {
  const tables = [...page.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) => table.trim().split('\n'))
  return tables
    .filter(([first]) => first?.startsWith(`| ${heading} |`))
    .flatMap(([, , ...rows]) => rows.map((row) => row.slice(2, -2).split(' | ')))
}

/** What a page says of each name in the first column. */
function described(page: string, heading: string): Record<string, string> {
  return Object.fromEntries(rowsOf(page, heading).map(([name = '', is = '']) => [name.replaceAll('`', ''), is]))
}

it('tells of each part, attribute and value what the code says of it', () => {
  expect(described(theming, '`data-part`')).toEqual(PARTS)
  expect(described(theming, 'attribute')).toEqual(DATA_ATTRIBUTES)
  expect(described(looks, '`data-status`')).toEqual(STATUSES)
  expect(described(looks, '`data-connection`')).toEqual(CONNECTIONS)
  expect(described(looks, '`data-doubt`')).toEqual(DOUBTS)
})

it('tells of each part of KycUpload, and of each phase', () => {
  expect(described(theming, 'part of it')).toEqual(UPLOAD_PARTS)
  expect(described(theming, '`data-phase`')).toEqual(PHASES)
  const code = readdirSync(new URL('../../src/react/upload/', import.meta.url))
    .filter((name) => name.endsWith('.tsx'))
    .map((name) => text(`src/react/upload/${name}`))
    .join('')
  const rendered = [...code.matchAll(/\bpart(?:\('|=")([\w-]+)/g)].map(([, name]) => name)
  expect([...new Set(rendered)].sort()).toEqual(Object.keys(UPLOAD_PARTS).sort())
})

it('tells of each part of the timeline, and of each of its attributes and states', () => {
  const page = text('stories/timeline.mdx')
  expect(described(page, 'part of them')).toEqual(TIMELINE_PARTS)
  expect(described(page, 'their attribute')).toEqual(TIMELINE_ATTRIBUTES)
  expect(described(page, '`data-state`')).toEqual(TIMELINE_STATES)
})

it('names the parts that have no status and connection of their own', () => {
  const [, names = ''] = /^Every element has the first two\. (.+) stand inside/m.exec(theming) ?? []
  expect(names.match(/[\w-]+(?=`)/g)).toEqual([...PLAIN_PARTS])
})

it('tells of each custom property what the code says of it, and its value in the stylesheet', () => {
  expect(described(theming, 'property')).toEqual({
    ...THEME_VARIABLES,
    ...UPLOAD_STATUS_VARIABLES,
    ...TIMELINE_VARIABLES,
  })
  for (const [name = '', , value = ''] of rowsOf(theming, 'property')) {
    const [, declared] = new RegExp(`${name.replaceAll('`', '')}: (.+);`).exec(styles) ?? []
    expect(value, name).toBe(`\`${declared}\``)
  }
})
