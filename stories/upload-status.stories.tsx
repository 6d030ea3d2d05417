import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { KycUploadStatus } from '../src/react/index.ts'
import { onScriptedRelay, type Script, USER } from './scripted-relay.tsx'

/** Shows a person what became of the document they uploaded, and says it to screen readers, without a reload. */
const meta = {
  title: 'KycUploadStatus',
  component: KycUploadStatus,
  args: { externalUserId: USER },
  decorators: [onScriptedRelay],
} satisfies Meta<typeof KycUploadStatus>

export default meta
type Story = StoryObj<typeof meta>

const script = (run: (script: Script) => void) => ({ script: run })
const card = (canvasElement: HTMLElement, title: string) =>
  within(canvasElement).findByRole('group', { name: new RegExp(title) }, { timeout: 8000 })

/** The relay has not been heard yet. */
export const Loading: Story = {
  parameters: script(({ relay }) => relay.hang()),
  play: async ({ canvasElement }) => {
    await card(canvasElement, 'Looking for news of your document')
  },
}

/** The relay knows of no document, and no upload was begun in this tab. */
export const None: Story = {
  play: async ({ canvasElement }) => {
    await card(canvasElement, 'Waiting for your document')
  },
}

/** `beginUpload` was called, and the provider has not answered. */
export const Processing: Story = {
  parameters: script(({ client }) => void client.beginUpload(USER)),
  play: async ({ canvasElement }) => {
    await card(canvasElement, 'Checking your document')
  },
}

export const Added: Story = {
  parameters: script(({ relay }) => relay.emit(USER, 'ADDED')),
  play: async ({ canvasElement }) => {
    await card(canvasElement, 'Document added')
  },
}

/** `ERROR` is an answer about the document. */
export const ErrorOutcome: Story = {
  name: 'Error',
  parameters: script(({ relay }) => relay.emit(USER, 'ERROR')),
  play: async ({ canvasElement }) => {
    await card(canvasElement, 'We could not add your document')
    await expect(within(canvasElement).queryByRole('button')).toBeNull()
  },
}

/** With `onRetry` there is a way out. */
export const ErrorWithRetry: Story = {
  args: { onRetry: fn() },
  parameters: script(({ relay }) => relay.emit(USER, 'ERROR')),
  play: async ({ canvasElement, args }) => {
    await card(canvasElement, 'We could not add your document')
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Try again' }))
    await expect(args.onRetry).toHaveBeenCalledOnce()
  },
}

/** The line has been down for longer than 5 s. That says nothing about the document. */
export const ConnectionLost: Story = {
  parameters: script(({ relay, client, after }) => {
    void client.beginUpload(USER)
    after(500, () => {
      relay.respond('network')
      relay.drop()
    })
  }),
  play: async ({ canvasElement }) => {
    const root = await card(canvasElement, 'Checking your document')
    await waitFor(() => expect(root).toHaveAttribute('data-connection', 'lost'), { timeout: 8000 })
    await expect(root).toHaveTextContent('Connection lost.')
    await expect(root).toHaveAttribute('data-status', 'processing')
  },
}

/** The relay refuses this user: no news will come, and the page says so. That says nothing about the document either. */
export const ConnectionFailed: Story = {
  parameters: script(({ relay }) => relay.respond(403)),
  play: async ({ canvasElement }) => {
    const root = await card(canvasElement, 'Looking for news of your document')
    await waitFor(() => expect(root).toHaveTextContent('Reload this page to try again.'))
  },
}

/** The whole way: nothing, processing, refused, tried again, added. */
export const Timeline: Story = {
  args: { onRetry: fn() },
  parameters: script(({ relay, client, after }) => {
    after(500, () => void client.beginUpload(USER))
    after(2500, () => relay.emit(USER, 'ERROR'))
    after(4500, () => void client.beginUpload(USER))
    after(6500, () => relay.emit(USER, 'ADDED'))
  }),
  play: async ({ canvasElement }) => {
    const titles = [
      'Checking your document',
      'We could not add your document',
      'Checking your document',
      'Document added',
    ]
    for (const title of titles) await card(canvasElement, title)
    await waitFor(() => expect(within(canvasElement).getByRole('status')).toHaveTextContent(/^Document added/))
  },
}

/** Each text can be replaced on its own. */
export const OwnTexts: Story = {
  args: { messages: { added: { title: 'Passport received', description: 'We will now check it, and write to you.' } } },
  parameters: script(({ relay }) => relay.emit(USER, 'ADDED')),
  play: async ({ canvasElement }) => {
    await card(canvasElement, 'Passport received')
  },
}
