import type { Meta, StoryObj } from '@storybook/react-vite'
import { onlineManager } from '@tanstack/react-query'
import type { CSSProperties } from 'react'
import { expect, fn, waitFor } from 'storybook/test'
import { KycUploadStatus } from '../src/react/index.ts'
import { findCard, heard, shows } from './card.ts'
import { messagesOf } from './languages.ts'
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
const upload = script(({ client }) => void client.beginUpload(USER))
const accept = script(({ relay }) => relay.emit(USER, 'ADDED'))
const refuse = script(({ relay }) => relay.emit(USER, 'ERROR'))
const loseTheLine = script(({ relay, client, after }) => {
  void client.beginUpload(USER)
  after(200, () => {
    relay.respond('network')
    relay.drop()
  })
})

/** The relay has not been heard yet. */
export const Loading: Story = {
  parameters: script(({ relay }) => relay.hang()),
  play: shows('loading'),
}

/** The relay knows of no document, and no upload was begun in this tab. */
export const None: Story = {
  play: shows('none'),
}

/** `beginUpload` was called, and the provider has not answered. */
export const Processing: Story = {
  parameters: upload,
  play: shows('processing'),
}

/** No answer after `slowAfter` (10 s, here a half). That is no failure. */
export const Slow: Story = {
  args: { slowAfter: 500 },
  parameters: upload,
  play: async (context) => {
    await findCard(context, 'slow')
    await heard(context, messagesOf(context.globals).slow.description)
  },
}

/** No answer after `verySlowAfter` (60 s, here one): a person may leave, or have a look themselves. */
export const VerySlow: Story = {
  args: { slowAfter: 500, verySlowAfter: 1000 },
  parameters: upload,
  play: async (context) => {
    const { canvas, globals, userEvent } = context
    const { verySlow, checkAgain } = messagesOf(globals)
    await findCard(context, 'verySlow')
    await heard(context, verySlow.description)
    const button = canvas.getByRole('button', { name: checkAgain })
    await userEvent.click(button)
    await expect(button).toHaveFocus()
  },
}

export const Added: Story = {
  parameters: accept,
  play: shows('added'),
}

/** `ERROR` is an answer about the document. Without `onRetry` there is no button that could do nothing. */
export const ErrorOutcome: Story = {
  name: 'Error',
  parameters: refuse,
  play: async (context) => {
    await findCard(context, 'error')
    await expect(context.canvas.queryByRole('button')).toBeNull()
  },
}

/** With `onRetry` there is a way out, for the keyboard too. */
export const ErrorWithRetry: Story = {
  args: { onRetry: fn() },
  parameters: refuse,
  play: async (context) => {
    const { args, canvas, globals, userEvent } = context
    await findCard(context, 'error')
    await userEvent.tab()
    await expect(canvas.getByRole('button', { name: messagesOf(globals).retry })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect(args.onRetry).toHaveBeenCalledOnce()
  },
}

const reasons = {
  blurred: {
    title: 'We could not read your document',
    description: 'The photo is blurred. Take it again in good light, and hold still.',
  },
  expired: {
    title: 'Your document has expired',
    description: 'It ended before today. Use another one, or talk to us.',
    isFinal: true,
  },
}

/** Why, where your own back end knows: a code, and what is said for each. A code that is not listed is said as any error. */
export const ErrorWithReason: Story = {
  args: { onRetry: fn(), reason: 'blurred', reasons },
  parameters: refuse,
  play: async ({ canvas, globals }) => {
    const card = await canvas.findByRole('group', { name: /We could not read your document$/ })
    await expect(card).toHaveTextContent('Take it again in good light')
    await expect(canvas.getByRole('button', { name: messagesOf(globals).retry })).toBeVisible()
  },
}

/** To try again would not help, so that is not offered. What may help is a child of the component, here a link. */
export const ErrorFinal: Story = {
  args: { ...ErrorWithReason.args, reason: 'expired', children: <a href="#support">Contact support</a> },
  parameters: refuse,
  play: async ({ canvas }) => {
    await canvas.findByRole('group', { name: /Your document has expired$/ })
    await expect(canvas.queryByRole('button')).toBeNull()
    await expect(canvas.getByRole('link', { name: 'Contact support' })).toBeVisible()
  },
}

/** The line has been down for longer than 5 s. That says nothing about the document. */
export const ConnectionLost: Story = {
  tags: ['slow'],
  parameters: loseTheLine,
  play: async (context) => {
    const { connectionLost } = messagesOf(context.globals)
    const card = await findCard(context, 'processing')
    await waitFor(() => expect(card).toHaveAttribute('data-connection', 'lost'))
    await expect(card).toHaveTextContent(connectionLost)
    await expect(card).toHaveAttribute('data-status', 'processing')
  },
}

/** The same where the page knows that the document has left (`isSent`). */
export const ConnectionLostSent: Story = {
  tags: ['slow'],
  args: { isSent: true },
  parameters: loseTheLine,
  play: async (context) => {
    const { connectionLostSent } = messagesOf(context.globals)
    const card = await findCard(context, 'processing')
    await waitFor(() => expect(card).toHaveTextContent(connectionLostSent))
  },
}

/** The relay refuses this user: no news will come, and the page says so. That says nothing about the document either. */
export const ConnectionFailed: Story = {
  parameters: script(({ relay }) => relay.respond(403)),
  play: async (context) => {
    const { connectionFailed, checkAgain } = messagesOf(context.globals)
    const card = await findCard(context, 'loading')
    await waitFor(() => expect(card).toHaveTextContent(connectionFailed))
    await heard(context, connectionFailed)
    await expect(context.canvas.getByRole('button', { name: checkAgain })).toBeVisible()
  },
}

/** The same, until somebody checks again: the relay refuses once. */
export const ConnectionFailedOnce: Story = {
  parameters: script(({ relay }) =>
    relay.respond(() => {
      relay.respond(null)
      return new Response(null, { status: 403 })
    }),
  ),
  play: async (context) => {
    const { canvas, globals, userEvent } = context
    await userEvent.click(await canvas.findByRole('button', { name: messagesOf(globals).checkAgain }))
    const card = await findCard(context, 'none')
    await expect(card).toHaveAttribute('data-connection', 'live')
    // The button had the focus, and is gone.
    await expect(card).toHaveFocus()
  },
}

/** The device has no network, so nothing is asked for: when was the page last up to date? After 5 s that is a lost line. */
export const Paused: Story = {
  // Whoever is beside it would be offline too.
  tags: ['!autodocs'],
  parameters: script(({ client, after }) => {
    void client.beginUpload(USER)
    after(200, () => onlineManager.setOnline(false))
  }),
  beforeEach: () => () => onlineManager.setOnline(true),
  play: async (context) => {
    const card = await findCard(context, 'processing')
    await waitFor(() => expect(card).toHaveAttribute('data-connection', 'paused'))
    const [lastChecked = ''] = messagesOf(context.globals).lastChecked.split('{time}')
    await expect(card).toHaveTextContent(lastChecked.trim())
  },
}

/** An upload of several files is added when all are; one that is refused decides it when all have been looked at. */
export const SeveralFiles: Story = {
  args: { onRetry: fn() },
  parameters: script(({ relay, client }) => {
    void client.beginUpload(USER, { files: 3 }).then(() => {
      for (const status of ['ADDED', 'ADDED', 'ERROR'] as const) relay.emit(USER, status)
    })
  }),
  play: async (context) => {
    const { canvas, globals } = context
    await findCard(context, 'error')
    const { filesProgress } = messagesOf(globals)
    await waitFor(() => expect(canvas.getByRole('progressbar', { name: filesProgress })).toHaveAttribute('value', '3'))
    await expect(canvas.getAllByRole('listitem')).toHaveLength(2)
  },
}

/** More answers than the relay keeps came while the line was down, so it can't tell what became of this upload alone. */
export const MaybeMissed: Story = {
  parameters: script(({ relay, client, after }) => {
    void client.beginUpload(USER).then(() => {
      relay.respond('network')
      relay.drop()
      for (let answers = 0; answers < 40; answers++) relay.emit(USER, 'ADDED')
      after(200, () => relay.respond(null))
    })
  }),
  play: async (context) => {
    const { added, doubt } = messagesOf(context.globals)
    const card = await findCard(context, 'added')
    await expect(card).toHaveAttribute('data-doubt', 'missed')
    await expect(card).toHaveTextContent(doubt.missed)
    await heard(context, `${added.description} ${doubt.missed}`)
  },
}

/** The upload before it had not been answered when this one began. */
export const MaybeOfTheOneBefore: Story = {
  parameters: script(({ relay, client, after }) => {
    const begin = () => client.beginUpload(USER)
    void begin()
      .then(begin)
      // Later, so that React shows the wait first.
      .then(() => after(200, () => relay.emit(USER, 'ADDED')))
  }),
  play: async (context) => {
    const { added, doubt } = messagesOf(context.globals)
    const card = await findCard(context, 'added')
    await expect(card).toHaveAttribute('data-doubt', 'owed')
    await expect(card).toHaveTextContent(doubt.owed)
    await heard(context, `${added.description} ${doubt.owed}`)
  },
}

/** A refusal was delivered twice without a delivery id. For an added document nothing would be said. */
export const TooManyAnswers: Story = {
  args: { onRetry: fn() },
  parameters: script(({ relay, client }) => {
    void client.beginUpload(USER).then(() => {
      for (const status of ['ERROR', 'ERROR'] as const) relay.emit(USER, status)
    })
  }),
  play: async (context) => {
    const { doubt } = messagesOf(context.globals)
    const card = await findCard(context, 'error')
    await waitFor(() => expect(card).toHaveTextContent(doubt.extra))
    await expect(card).toHaveAttribute('data-doubt', 'extra')
  },
}

/** Each text can be replaced on its own. */
export const OwnTexts: Story = {
  args: { messages: { added: { title: 'Passport received', description: 'We will now check it, and write to you.' } } },
  parameters: accept,
  play: async ({ canvas }) => {
    await canvas.findByRole('group', { name: 'Passport received' })
  },
}

/** Colours, shapes and sizes are custom properties, here in a `style`; in an application they stand in its style sheet. */
export const OwnLook: Story = {
  args: {
    onRetry: fn(),
    style: {
      '--kyc-color-surface': '#12263f',
      '--kyc-color-text': '#ffffff',
      '--kyc-color-text-muted': '#c9d6e8',
      '--kyc-color-border': '#3d5a80',
      '--kyc-color-danger': '#ffb4a9',
      '--kyc-font-family': 'Georgia, serif',
      '--kyc-radius': '0',
      '--kyc-space': '1.5rem',
      '--kyc-upload-status-border-width': '8px',
      '--kyc-upload-status-icon-size': '2.5rem',
      '--kyc-upload-status-title-size': '1.25em',
    } as CSSProperties,
  },
  parameters: refuse,
  play: async (context) => {
    const card = await findCard(context, 'error')
    await expect(getComputedStyle(card).borderInlineStartWidth).toBe('8px')
  },
}
