import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { THEME_VARIABLES, TIMELINE_VARIABLES, UPLOAD_STATUS_VARIABLES } from '../../src/react/css-variables.ts'

const styles = readFileSync(new URL('../../src/react/styles.css', import.meta.url), 'utf8').replace(/\/\*.*?\*\//gs, '')
const declared = [...styles.matchAll(/(--[\w-]+)\s*:\s*([^;{}]*);/g)].map(([, name = '', value = '']) => ({
  name,
  value,
}))
const used = [...styles.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name = '']) => name)
const documented = Object.keys({ ...THEME_VARIABLES, ...UPLOAD_STATUS_VARIABLES, ...TIMELINE_VARIABLES }).sort()

it('declares the custom properties that are documented, and no others', () => {
  expect([...new Set(declared.map(({ name }) => name))].sort()).toEqual(documented)
})

it('gives each a value, and uses each', () => {
  for (const { name, value } of declared) expect(value.trim(), name).not.toBe('')
  expect([...new Set(used)].sort()).toEqual(documented)
})

it('keeps to two tiers by their names', () => {
  for (const name of Object.keys(THEME_VARIABLES)) expect(name).toMatch(/^--kyc-(color|font|radius|space)\b/)
  for (const name of Object.keys(UPLOAD_STATUS_VARIABLES)) expect(name).toMatch(/^--kyc-upload-status-/)
  for (const name of Object.keys(TIMELINE_VARIABLES)) expect(name).toMatch(/^--kyc-timeline-/)
})
