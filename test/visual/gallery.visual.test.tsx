import { expect, inject, it } from 'vitest'
import { commands, page } from 'vitest/browser'
import '../../src/react/styles.css'
import { STATES } from '../react/upload-status/states.ts'
import './gallery.css'
import { showGallery } from './gallery.tsx'

/** Those in which each part and each colour is to be seen once. */
const ENOUGH = STATES.filter(({ name }) =>
  ['added, maybe of the one before', 'lost', 'several files', 'several files, one refused'].includes(name),
)

it.skipIf(!inject('isChromiumLocked')).each([
  ['light', 3, STATES, 'ltr', { colorScheme: 'light' }],
  ['dark', 3, STATES, 'ltr', { colorScheme: 'dark' }],
  ['light-rtl', 2, ENOUGH, 'rtl', { colorScheme: 'light' }],
  ['dark-rtl', 2, ENOUGH, 'rtl', { colorScheme: 'dark' }],
  ['light-forced-colors', 2, ENOUGH, 'ltr', { colorScheme: 'light', forcedColors: 'active' }],
  ['dark-forced-colors', 2, ENOUGH, 'ltr', { colorScheme: 'dark', forcedColors: 'active' }],
] as const)('looks as it did: %s', async (name, columns, states, direction, media) => {
  await commands.emulateMedia(media)
  const width = columns * 344 + 16
  await page.viewport(width, 600)
  await showGallery({ states, direction })
  const gallery = page.getByRole('main')
  await page.viewport(width, Math.ceil(gallery.element().getBoundingClientRect().height))
  await expect(gallery).toMatchScreenshot(name)
})
