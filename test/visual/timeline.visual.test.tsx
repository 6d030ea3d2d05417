import { describe, expect, it, onTestFinished } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import '../../src/react/styles.css'
import { catalogues } from '../react/timeline/catalogues.ts'
import { Shown } from '../react/timeline/shown.tsx'
import { channelOf } from '../react/timeline/states.ts'
import './gallery.css'
import { expectAllInSight } from './in-sight.ts'
import { showSteps } from './steps.tsx'

describe.each(['ltr', 'rtl'] as const)('%s', (direction) => {
  it.each([320, 375])('is as wide as a phone of %i px', async (width) => {
    await page.viewport(width, 640)
    await showSteps(direction)
    expectAllInSight()
  })

  it('cuts nothing off where letters are twice as large', async () => {
    await page.viewport(320, 640)
    onTestFinished(() => void document.documentElement.style.removeProperty('font-size'))
    document.documentElement.style.fontSize = '200%'
    await showSteps(direction)
    expectAllInSight()
  })
})

it.each(catalogues.filter(({ file }) => !/ar|ja|zh/.test(file)))(
  'has room for the words of $file',
  async ({ messages }) => {
    await page.viewport(320, 640)
    await render(
      <Shown
        channel={channelOf({ poa: 'action_needed', 'kyc-verification': 'declined' }, { line: 'failed' })}
        messages={messages}
        contact={<a href="#help">Contact us</a>}
      />,
    )
    expectAllInSight()
  },
)

it('has a line from icon to icon, beside the words and below them', async () => {
  await page.viewport(375, 640)
  const { container } = await render(<Shown channel={channelOf({ poa: 'done' })} />)
  const steps = [...container.querySelectorAll('[data-part="step"]')]
  const lines = steps.map((step) => getComputedStyle(step, '::before').borderInlineStartWidth)
  expect(lines).toEqual(['1px', '1px', '1px', '0px'])
})

it('is never green or red for what is unknown', async () => {
  const { container } = await render(<Shown channel={channelOf({ poa: 'unknown' })} />)
  const colorOf = (selector: string) => getComputedStyle(container.querySelector(selector) as Element).color
  expect(colorOf('[data-step="poa"][data-part="state"]')).toBe(colorOf('[data-part="overall"]'))
  expect(colorOf('[data-step="poa"][data-part="icon"]')).toBe(colorOf('[data-step="kyc-file"][data-part="icon"]'))
})
