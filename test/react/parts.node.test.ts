import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { KycUploadStatus } from '../../src/react/index.ts'
import * as parts from '../../src/react/parts.ts'
import { KycStepStatus, KycTimeline } from '../../src/react/timeline/index.ts'

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** The entry points that a page loads. */
const ENTRIES = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === 'string' && /^\.\/dist\/(react|client|protocol|testing)\//.test(target)
    ? [name.replace('.', 'kyc-upload-status')]
    : [],
)

/** What each entry point exports to a React server component: a reference to client code, or a value of the server's. */
let onServer: Record<string, Record<string, 'reference' | 'value'>>
beforeAll(() => {
  const output = execFileSync(
    process.execPath,
    ['--conditions=react-server', '--no-warnings', path('test/react/react-server.ts'), ...ENTRIES],
    { cwd: path('.'), encoding: 'utf8' },
  )
  onServer = JSON.parse(output)
})

it('has each part of a component as an export of its own, named after both', () => {
  const named = Object.entries({ KycUploadStatus, KycTimeline, KycStepStatus }).flatMap(([component, itsParts]) =>
    Object.entries(itsParts)
      .filter(([name]) => /^[A-Z]/.test(name))
      .map(([name, part]) => [`${component}${name}`, part]),
  )
  expect(named.length).toBeGreaterThan(30)
  expect({ ...parts }).toEqual(Object.fromEntries(named))
})

it('keeps the directive "use client" in what is built', () => {
  expect(readFileSync(path('dist/react/parts.js'), 'utf8')).toMatch(/^'use client'/)
})

it('gives a server component a reference to each part', () => {
  expect(onServer['kyc-upload-status/parts']).toEqual(
    Object.fromEntries(Object.keys(parts).map((name) => [name, 'reference'])),
  )
})

it.each(ENTRIES)('%s can be imported by a server component', (entry) => {
  expect(Object.keys(onServer[entry] ?? {})).not.toEqual([])
})

it('gives a server component what it may call, and a reference to what belongs to the page', () => {
  const { 'kyc-upload-status': root = {}, 'kyc-upload-status/timeline': timeline = {} } = onServer
  const isForThePage = (name: string) =>
    /^use[A-Z]/.test(name) || /^Kyc(StatusProvider|Upload|UploadStatus|Timeline|StepStatus)$/.test(name)
  for (const [name, kind] of Object.entries({ ...root, ...timeline })) {
    expect(kind, name).toBe(isForThePage(name) ? 'reference' : 'value')
  }
  expect(timeline).toMatchObject({ kycStepOptions: 'value', kycTimelineKeys: 'value', KycTimeline: 'reference' })
  expect(root).toMatchObject({ kycFileStatusOptions: 'value', kycKeys: 'value', createKycStatusClient: 'value' })
})
