import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expect, it } from 'vitest'

it('keeps its colours through the minifier of an application that says nothing of color-scheme', async () => {
  const input = fileURLToPath(new URL('../../src/react/styles.css', import.meta.url))
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, rolldownOptions: { input } },
  })
  const { output } = Array.isArray(result)
    ? (result[0] ?? { output: [] })
    : 'output' in result
      ? result
      : { output: [] }
  const css = output.map((file) => (file.type === 'asset' ? String(file.source) : '')).join('')
  expect(css).toMatch(/--kyc-color-surface:canvas/i)
  expect(css).toContain('color-mix(')
  // What the minifier makes of light-dark() needs a color-scheme beside it.
  expect(css).not.toContain('--lightningcss')
})
