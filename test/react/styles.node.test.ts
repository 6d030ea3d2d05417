import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expect, it } from 'vitest'

const stylesheet = fileURLToPath(new URL('../../src/react/styles.css', import.meta.url))

it('keeps its colours through the minifier of an application that says nothing of color-scheme', async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, rolldownOptions: { input: stylesheet } },
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

it('knows no left and no right, which are not where they are in Arabic', () => {
  expect(readFileSync(stylesheet, 'utf8')).not.toMatch(/\b(left|right)\b/)
})

it('styles nothing in browsers without color-mix(), where half of it would hide the text of buttons', () => {
  const css = readFileSync(stylesheet, 'utf8').replace(/\/\*.*?\*\//gs, '')
  const outermost = [...css.matchAll(/^[^\s}].*$/gm)].map(([line]) => line)
  expect(outermost).toEqual([
    '@layer kyc-upload-status.tokens, kyc-upload-status.base;',
    '@supports (color: color-mix(in srgb, Canvas, CanvasText)) {',
  ])
})
