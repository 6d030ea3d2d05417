import { compile } from 'tailwindcss'
import tailwind from 'tailwindcss/index.css?raw'
import { expect, it, onTestFinished } from 'vitest'
import { commands } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import styles from '../../src/react/styles.css?inline'
import { Shown } from '../react/upload-status/shown.tsx'
import { STATES } from '../react/upload-status/states.ts'
import { recipe } from './recipes.ts'

/** Adds style sheets to the page, in this order, until the test is over. */
function useStyles(...sheets: string[]): void {
  for (const css of sheets) {
    const element = document.head.appendChild(document.createElement('style'))
    element.textContent = css
    onTestFinished(() => element.remove())
  }
}

/** Shows a state by its name; gives the computed styles of its parts. */
async function show(name: string, props: { className?: string } = {}) {
  const state = STATES.find((one) => one.name === name)
  if (!state) throw new Error(`expected a state, not ${name}`)
  const { container } = await render(<Shown state={state} {...props} />)
  return (part: string) => {
    const element = container.querySelector(`[data-part="${part}"]`)
    if (!element) throw new Error(`expected the part ${part}`)
    return getComputedStyle(element)
  }
}

it('takes custom properties that are set on the root', async () => {
  await commands.emulateMedia({})
  useStyles(styles, ...recipe('Colours, corners and distances of yours'))
  const processing = await show('processing')
  expect(processing('root').borderRadius).toBe('0px')
  expect(processing('icon').color).toBe('rgb(109, 40, 217)')
})

it('is not told of them by an element around it', async () => {
  useStyles(styles, ':root { --kyc-radius: 0; }')
  expect((await show('processing'))('root').borderRadius).toBe('12px')
})

it('is light or dark by the color-scheme where it stands', async () => {
  useStyles(styles, ...recipe('Light and dark'))
  onTestFinished(() => void document.documentElement.removeAttribute('data-theme'))
  const root = (await show('added'))('root')
  await commands.emulateMedia({ colorScheme: 'light' })
  expect(root.backgroundColor).toBe('rgb(255, 255, 255)')
  await commands.emulateMedia({ colorScheme: 'dark' })
  expect(root.backgroundColor).toBe('rgb(18, 18, 18)')
  await commands.emulateMedia({ colorScheme: 'light' })
  document.documentElement.setAttribute('data-theme', 'dark')
  expect(root.backgroundColor).toBe('rgb(18, 18, 18)')
})

it('keeps its look beside the reset of Tailwind 4, and gives way to its utilities', async () => {
  const [css = '', example = ''] = recipe('Tailwind 4')
  const className = /className="(.+?)"/.exec(example)?.[1] ?? ''
  const { build } = await compile(css, {
    loadStylesheet: async (path, base) => ({ path, base, content: path === 'tailwindcss' ? tailwind : styles }),
  })
  useStyles(build(className.split(' ')))
  const added = await show('added', { className })
  const refused = await show('error, with a way out', { className })
  expect([added('root').padding, added('title').fontWeight]).toEqual(['16px', '600'])
  expect(added('root').borderRadius).toBe('0px')
  expect(refused('root').borderTopColor).not.toBe(added('root').borderTopColor)
  expect(refused('root').borderTopColor).toMatch(/^oklch\(0.577 /)
})

it('keeps its look beside a reset in a layer before it', async () => {
  const [css = ''] = recipe('A reset, or layers of yours')
  useStyles(css, styles, '@layer app { [data-part="title"] { font-weight: 900; } }')
  const added = await show('added')
  expect([added('root').padding, added('root').borderInlineStartWidth]).toEqual(['16px', '4px'])
  expect(added('title').fontWeight).toBe('900')
})
