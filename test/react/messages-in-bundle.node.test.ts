import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { catalogues } from './catalogues.ts'
import { catalogues as timelineCatalogues } from './timeline/catalogues.ts'

const ENTRY = 'virtual:page'
const kit = fileURLToPath(new URL('../../src/react/index.ts', import.meta.url))

/** What a bundler makes of a page, without React and TanStack Query. */
async function bundle(code: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? code : null),
      },
    ],
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: ENTRY, preserveEntrySignatures: 'strict', external: [/^react/, /^@tanstack\//] },
    },
  })
  const { output } = Array.isArray(result)
    ? (result[0] ?? { output: [] })
    : 'output' in result
      ? result
      : { output: [] }
  return output.map((file) => (file.type === 'chunk' ? file.code : '')).join('')
}

const languagesIn = (code: string) =>
  catalogues.filter(({ messages }) => code.includes(messages.slow.description)).map(({ file }) => file)

const timelineLanguagesIn = (code: string) =>
  timelineCatalogues.filter(({ messages }) => code.includes(messages.overall.declined)).map(({ file }) => file)
const timeline = fileURLToPath(new URL('../../src/react/timeline/index.ts', import.meta.url))

it('brings English along with the timeline, no other language, and no text of another component', async () => {
  const code = await bundle(`export { KycTimeline } from '${timeline}'`)
  expect(timelineLanguagesIn(code)).toEqual(['en'])
  expect(languagesIn(code)).toEqual([])
})

it('brings nothing of the timeline along with the other components, or with its hooks', async () => {
  expect(timelineLanguagesIn(await bundle(`export { KycUpload, KycUploadStatus } from '${kit}'`))).toEqual([])
  expect(timelineLanguagesIn(await bundle(`export { useKycStep, useKycTimeline } from '${timeline}'`))).toEqual([])
})

it('brings English along with the component, and no other language', async () => {
  expect(languagesIn(await bundle(`export { KycUploadStatus } from '${kit}'`))).toEqual(['en'])
})

it('brings a language along with its catalogue', async () => {
  const catalogue = fileURLToPath(new URL('../../src/react/messages/de.ts', import.meta.url))
  expect(languagesIn(await bundle(`export { de } from '${catalogue}'`))).toEqual(['de'])
})
