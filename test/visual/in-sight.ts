import { expect } from 'vitest'
import { textBoxes } from './text-boxes.ts'

/** How much of a pixel the browser may be off. */
const ROUNDING = 0.5

const roots = () => [...document.querySelectorAll('[data-part="root"]')]

/** Each line of text lies inside of its card, and each card on the page, which has nothing to scroll for at its side. */
export function expectAllInSight(): void {
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(document.documentElement.clientWidth)
  for (const root of roots()) {
    const card = root.getBoundingClientRect()
    expect(card.left).toBeGreaterThanOrEqual(0)
    expect(card.right).toBeLessThanOrEqual(window.innerWidth)
    const boxes = textBoxes(root)
    expect(boxes.length).toBeGreaterThan(1)
    for (const { text, box } of boxes) {
      expect(box.left, text).toBeGreaterThanOrEqual(card.left - ROUNDING)
      expect(box.right, text).toBeLessThanOrEqual(card.right + ROUNDING)
      expect(box.top, text).toBeGreaterThanOrEqual(card.top - ROUNDING)
      expect(box.bottom, text).toBeLessThanOrEqual(card.bottom + ROUNDING)
    }
  }
}
