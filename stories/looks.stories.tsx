import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect, waitFor, within } from 'storybook/test'
import { KycUploadStatus } from '../src/react/index.ts'
import { findCard } from './card.ts'
import { type Script, ScriptedRelay, USER } from './scripted-relay.tsx'

const SCRIPTS: Record<string, (script: Script) => void> = {
  none: () => {},
  processing: ({ client }) => void client.beginUpload(USER),
  added: ({ relay }) => relay.emit(USER, 'ADDED'),
  error: ({ relay }) => relay.emit(USER, 'ERROR'),
  failed: ({ relay }) => relay.respond(403),
}

/** One beside the other: nothing yet, processing, added, refused, and a line that was given up. */
function Gallery(): ReactNode {
  return (
    <div style={{ display: 'grid', gap: '1rem', maxInlineSize: '32rem', fontFamily: 'system-ui' }}>
      {Object.entries(SCRIPTS).map(([name, script]) => (
        <ScriptedRelay key={name} script={script}>
          <KycUploadStatus externalUserId={USER} onRetry={() => {}} />
        </ScriptedRelay>
      ))}
    </div>
  )
}

/** The component as the toolbar would have it: the same, whatever is chosen there. */
const meta = {
  title: 'Looks',
  component: Gallery,
} satisfies Meta<typeof Gallery>

export default meta
type Story = StoryObj<typeof meta>

const iconOf = (card: HTMLElement) => card.querySelector('[data-part="icon"]') as Element

export const Light: Story = {
  globals: { theme: 'light' },
}

/** It follows the `color-scheme` of the page around it. */
export const Dark: Story = {
  tags: ['not-forced'],
  globals: { theme: 'dark' },
  play: async (context) => {
    const card = await findCard(context, 'added')
    await expect(card).not.toHaveStyle({ backgroundColor: 'rgb(255, 255, 255)' })
  },
}

/** What comes first stands on the right: the edge, the icon, the text. */
export const RightToLeft: Story = {
  globals: { direction: 'rtl' },
  play: async (context) => {
    const card = await findCard(context, 'added')
    const { borderRightWidth, borderLeftWidth } = getComputedStyle(card)
    await expect([borderRightWidth, borderLeftWidth]).toEqual(['4px', '1px'])
    const title = within(card).getByRole('heading')
    await expect(title.getBoundingClientRect().right).toBeLessThan(iconOf(card).getBoundingClientRect().left)
  },
}

/** A page of 1280 pixels at 400 %, with twice the size of text besides: lines break, and nothing is cut off. */
export const Zoomed: Story = {
  decorators: [
    (Story) => (
      <div style={{ inlineSize: '18rem', fontSize: '2rem' }}>
        <Story />
      </div>
    ),
  ],
  play: async (context) => {
    await findCard(context, 'error')
    for (const card of context.canvas.getAllByRole('group')) {
      await expect(card.scrollWidth).toBeLessThanOrEqual(card.clientWidth)
    }
  },
}

/** Where a device replaces all colours, the shape of the icon and the words still tell the states apart. */
export const ForcedColours: Story = {
  globals: { colours: 'forced' },
  play: async (context) => {
    const card = await findCard(context, 'error')
    await expect(getComputedStyle(iconOf(card)).color).toBe(getComputedStyle(card).color)
  },
}

/** Nothing turns. */
export const ReducedMotion: Story = {
  globals: { motion: 'reduced' },
  play: async (context) => {
    const card = await findCard(context, 'processing')
    await waitFor(() => expect(getComputedStyle(iconOf(card)).animationName).toBe('none'))
  },
}
