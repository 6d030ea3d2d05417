import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { catalogues } from './catalogues.ts'

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
  catalogues.filter(({ messages }) => code.includes(messages.added.description)).map(({ file }) => file)

it('brings English along with the component, and no other language', async () => {
  expect(languagesIn(await bundle(`export { KycUploadStatus } from '${kit}'`))).toEqual(['en'])
})

it('brings a language along with its catalogue', async () => {
  const catalogue = fileURLToPath(new URL('../../src/react/messages/de.ts', import.meta.url))
  expect(languagesIn(await bundle(`export { de } from '${catalogue}'`))).toEqual(['de'])
})
