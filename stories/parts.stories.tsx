import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ComponentPropsWithRef, ReactNode } from 'react'
import { expect, fn } from 'storybook/test'
import { KycUploadStatus } from '../src/react/index.ts'
import { findCard } from './card.ts'
import { messagesOf } from './languages.ts'
import { onScriptedRelay, type Script, USER } from './scripted-relay.tsx'
import './parts.css'

interface BannerProps {
  onRetry: () => void
}

/** The button of a design system. */
function PillButton({ className = '', ...props }: ComponentPropsWithRef<'button'>): ReactNode {
  return <button {...props} className={`pill ${className}`} />
}

/**
 * The component put together otherwise: a banner of one line, with no more than it needs. A part has a class for each
 * status, another element than its own, or a component of yours in its place.
 */
function Banner({ onRetry }: BannerProps): ReactNode {
  return (
    <KycUploadStatus.Root
      externalUserId={USER}
      onRetry={onRetry}
      className={({ status }) => (status === 'error' ? 'banner banner-refused' : 'banner')}
    >
      <KycUploadStatus.Icon width={20} />
      <KycUploadStatus.Title render={<strong />} />
      <KycUploadStatus.Retry render={<PillButton />} />
      <KycUploadStatus.Announcer />
    </KycUploadStatus.Root>
  )
}

const meta = {
  title: 'Parts',
  component: Banner,
  args: { onRetry: fn() },
  decorators: [onScriptedRelay],
} satisfies Meta<typeof Banner>

export default meta
type Story = StoryObj<typeof meta>

export const Processing: Story = {
  parameters: { script: ({ client }: Script) => void client.beginUpload(USER) },
  play: async (context) => {
    const card = await findCard(context, 'processing')
    await expect(card).toHaveClass('banner', { exact: true })
    await expect(context.canvas.queryByRole('heading')).toBeNull()
  },
}

export const Refused: Story = {
  parameters: { script: ({ relay }: Script) => relay.emit(USER, 'ERROR') },
  play: async (context) => {
    const { args, canvas, globals, userEvent } = context
    await expect(await findCard(context, 'error')).toHaveClass('banner banner-refused')
    const button = canvas.getByRole('button', { name: messagesOf(globals).retry })
    await expect(button).toHaveClass('pill')
    await userEvent.click(button)
    await expect(args.onRetry).toHaveBeenCalledOnce()
  },
}
