import { build, type Plugin, type Rolldown } from 'vite'

/** What the page has already, whoever the contestant is. */
export const EXTERNAL = ['react', 'react-dom', 'react/jsx-runtime', '@tanstack/react-query']

const ENTRY = `${import.meta.dirname}/entry.js`

const entry = (code: string): Plugin => ({
  name: 'entry',
  resolveId: (id) => (id === ENTRY ? id : null),
  load: (id) => (id === ENTRY ? code : null),
})

/** The JavaScript that a page loads at once for some imports, as `vite build` makes it for production. */
export async function bundle(code: string): Promise<string> {
  const { output } = (await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'silent',
    plugins: [entry(code)],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: ENTRY, external: EXTERNAL, preserveEntrySignatures: 'strict' },
    },
  })) as Rolldown.RolldownOutput
  return output.flatMap((file) => (file.type === 'chunk' && !file.isDynamicEntry ? [file.code] : [])).join('\n')
}
