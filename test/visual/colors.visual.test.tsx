import axe from 'axe-core'
import { describe, expect, it } from 'vitest'
import { commands, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { KycStatusProvider, KycUpload } from '../../src/react/index.ts'
import '../../src/react/styles.css'
import { fixedClient } from '../react/upload-status/fixed-client.ts'
import { NONE } from '../react/upload-status/states.ts'
import { contrast } from './contrast.ts'
import './gallery.css'
import { showGallery } from './gallery.tsx'
import { showSteps } from './steps.tsx'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What WCAG asks for of shapes that tell something (1.4.11). */
const SHAPE_CONTRAST = 3

async function expectNothingFromAxe(): Promise<void> {
  const { violations, incomplete, passes } = await axe.run({ include: [['[data-part="root"]']] }, { runOnly: RULES })
  // It cannot say whether the × of a button is a word, which its name would have to repeat. It is none.
  const undecided = incomplete.filter(({ id }) => id !== 'label-content-name-mismatch')
  const found = [...violations, ...undecided].flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  expect(found).toEqual([])
  expect(passes.map(({ id }) => id)).toContain('color-contrast')
}

/** The computed styles of all elements of a part. */
function stylesOf(part: string): CSSStyleDeclaration[] {
  const elements = [...document.querySelectorAll(`[data-part="${part}"]`)]
  expect(elements, part).not.toEqual([])
  return elements.map((element) => getComputedStyle(element))
}

describe.each([
  { colorScheme: 'light', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'light', forcedColors: 'active' },
  { colorScheme: 'dark', forcedColors: 'active' },
] as const)('in $colorScheme, with forced-colors: $forcedColors', (media) => {
  it('has nothing that axe objects to, or cannot decide', async () => {
    await commands.emulateMedia(media)
    await showGallery()
    await expectNothingFromAxe()
  })

  it('has nothing of that in any state of a step, and tells its shapes from what is behind them', async () => {
    await commands.emulateMedia(media)
    await showSteps()
    await expectNothingFromAxe()
    const [{ backgroundColor: surface } = { backgroundColor: '' }] = stylesOf('root')
    for (const { stroke } of stylesOf('icon')) {
      expect(contrast(stroke, surface), stroke).toBeGreaterThanOrEqual(SHAPE_CONTRAST)
    }
  })

  it('has nothing of that where a document is chosen', async () => {
    await commands.emulateMedia(media)
    await render(
      <KycStatusProvider client={fixedClient(NONE.channel)}>
        <KycUpload externalUserId="a-user" upload={async () => {}} maxFiles={2} />
      </KycStatusProvider>,
    )
    const files = [new File(['x'], 'front.png', { type: 'image/png' }), new File(['x'], 'notes.txt')]
    await userEvent.upload(document.querySelector('input') ?? document.body, files)
    await expect.poll(() => document.querySelector('[data-problem="wrong_type"]')).not.toBeNull()
    await expectNothingFromAxe()
  })

  it('tells its shapes from what is behind them', async () => {
    await commands.emulateMedia(media)
    await showGallery()
    const [{ backgroundColor: surface } = { backgroundColor: '' }] = stylesOf('root')
    const shapes = [
      ...stylesOf('icon').map(({ stroke }) => stroke),
      ...stylesOf('root').map(({ borderInlineStartColor }) => borderInlineStartColor),
      ...stylesOf('check-again').map(({ borderTopColor }) => borderTopColor),
    ]
    for (const shape of shapes) expect(contrast(shape, surface), shape).toBeGreaterThanOrEqual(SHAPE_CONTRAST)
  })

  it('shows where the focus is', async () => {
    await commands.emulateMedia(media)
    await showGallery()
    const [{ backgroundColor: surface } = { backgroundColor: '' }] = stylesOf('root')
    for (const button of document.querySelectorAll('button')) {
      button.focus({ focusVisible: true })
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(button)
      expect({ outlineStyle, outlineWidth }).toEqual({ outlineStyle: 'solid', outlineWidth: '3px' })
      expect(contrast(outlineColor, surface)).toBeGreaterThanOrEqual(SHAPE_CONTRAST)
    }
  })
})

it('takes the colours of the system where colours are forced', async () => {
  await commands.emulateMedia({ forcedColors: 'active' })
  await showGallery()
  const sample = document.body.appendChild(document.createElement('p'))
  sample.style.color = 'CanvasText'
  const { color: ink } = getComputedStyle(sample)
  for (const { stroke } of stylesOf('icon')) expect(stroke).toBe(ink)
  for (const { borderTopColor, borderTopStyle } of [...stylesOf('root'), ...stylesOf('retry')]) {
    expect([borderTopColor, borderTopStyle]).toEqual([ink, 'solid'])
  }
})
