import { expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { Gallery, showGallery } from './gallery.tsx'
import { recipe } from './recipes.ts'
import { textBoxes } from './text-boxes.ts'

const partsOf = (...names: string[]) =>
  [...document.querySelectorAll<HTMLElement>(names.map((name) => `[data-part="${name}"]`).join())].map((element) => ({
    element,
    name: element.dataset.part,
  }))

it('can be read without a style sheet, and has nothing in its live regions at first', async () => {
  const { container } = await render(<Gallery />)
  for (const { element } of partsOf('announcer')) expect(element.textContent).toBe('')
  for (const { box, text } of textBoxes(container)) {
    expect(box.width, text).toBeGreaterThan(0)
    expect(box.height, text).toBeGreaterThan(0)
  }
  for (const { element, name } of partsOf('title', 'description', 'icon', 'progress', 'retry')) {
    expect(element.checkVisibility({ opacityProperty: true, visibilityProperty: true }), name).toBe(true)
  }
})

it('hides by the documented rule what is for screen readers alone, and not from them', async () => {
  const style = document.head.appendChild(document.createElement('style'))
  style.textContent = recipe('No stylesheet at all').join('\n')
  await showGallery()
  const hidden = partsOf('announcer', 'prefix')
  expect(new Set(hidden.map(({ name }) => name))).toEqual(new Set(['announcer', 'prefix']))
  for (const { element } of hidden) {
    const { display, visibility, clipPath } = getComputedStyle(element)
    expect([element.offsetWidth, element.offsetHeight, visibility, clipPath]).toEqual([1, 1, 'visible', 'inset(50%)'])
    expect(display).not.toBe('none')
  }
})
