import { describe, expect, it, onTestFinished } from 'vitest'
import { commands, page } from 'vitest/browser'
import '../../src/react/styles.css'
import './gallery.css'
import { showGallery } from './gallery.tsx'
import { expectAllInSight } from './in-sight.ts'

describe.each(['ltr', 'rtl'] as const)('%s', (direction) => {
  it('is as wide as a phone of 320 px', async () => {
    await page.viewport(320, 640)
    await showGallery({ direction })
    expectAllInSight()
  })

  it('cuts nothing off where letters are twice as large', async () => {
    await page.viewport(320, 640)
    onTestFinished(() => void document.documentElement.style.removeProperty('font-size'))
    document.documentElement.style.fontSize = '200%'
    await showGallery({ direction })
    expectAllInSight()
  })
})

it('breaks a word that is wider than the card', async () => {
  await page.viewport(320, 640)
  await showGallery({ messages: { added: { title: 'Reisepass'.repeat(20), description: 'x'.repeat(200) } } })
  expectAllInSight()
})

it('has buttons that a finger finds', async () => {
  await page.viewport(320, 640)
  await showGallery()
  const buttons = [...document.querySelectorAll('button')]
  expect(buttons.length).toBeGreaterThan(3)
  for (const button of buttons) {
    const { width, height } = button.getBoundingClientRect()
    // WCAG 2.5.8 asks for 24 px.
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(24)
  }
})

it('turns its icon, but for those who want less motion', async () => {
  const turning = () =>
    document.getAnimations().map(({ effect }) => {
      const { target } = effect as KeyframeEffect
      return `${target?.getAttribute('data-part')} ${target?.getAttribute('data-status')}`
    })
  await commands.emulateMedia({ reducedMotion: 'no-preference' })
  await showGallery()
  expect(new Set(turning())).toEqual(new Set(['icon loading', 'icon processing', 'icon slow']))
  await commands.emulateMedia({ reducedMotion: 'reduce' })
  await expect.poll(turning).toEqual([])
})
