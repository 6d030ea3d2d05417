import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, within } from 'storybook/test'
import { KycUpload, type UploadFunction } from '../src/react/index.ts'
import { onScriptedRelay, type Script, USER } from './scripted-relay.tsx'

const STEPS = 20

/** Pretends to send a file, in `seconds`. */
const takes =
  (seconds: number): UploadFunction =>
  (file, { onProgress, signal }) =>
    new Promise((resolve, reject) => {
      let step = 0
      const timer = setInterval(
        () => {
          step++
          onProgress({ loaded: (file.size * step) / STEPS, total: file.size })
          if (step === STEPS) end(resolve)
        },
        (seconds * 1000) / STEPS,
      )
      const end = (settle: (value?: unknown) => void) => {
        clearInterval(timer)
        settle()
      }
      signal.addEventListener('abort', () => end(() => reject(signal.reason)))
    })

/** Lets a person choose a document, sends it to your server, and shows what became of it. */
const meta = {
  title: 'KycUpload',
  component: KycUpload,
  args: { externalUserId: USER, upload: takes(0.4) },
  decorators: [onScriptedRelay],
} satisfies Meta<typeof KycUpload>

export default meta
type Story = StoryObj<typeof meta>

const passport = new File([new Uint8Array(1_400_000)], 'passport.jpg', { type: 'image/jpeg' })
const back = new File([new Uint8Array(900_000)], 'back of the card.png', { type: 'image/png' })
const notes = new File(['x'], 'notes.txt', { type: 'text/plain' })
const field = (canvasElement: HTMLElement) => within(canvasElement).findByLabelText(/Choose/)
const press = async (canvasElement: HTMLElement, name: string | RegExp) =>
  userEvent.click(await within(canvasElement).findByRole('button', { name }))
const chooseFiles = async (canvasElement: HTMLElement, ...files: File[]) =>
  // Also what the field does not ask for: a drop would bring it too.
  userEvent.setup({ applyAccept: false }).upload(await field(canvasElement), files)

export const Choosing: Story = {
  play: async ({ canvasElement }) => {
    await expect(await field(canvasElement)).toHaveAccessibleDescription('JPEG, PNG, or PDF, smaller than 10 MB')
  },
}

/** Two files at most, and one of the three chosen is no picture. */
export const Chosen: Story = {
  args: { maxFiles: 2 },
  play: async ({ canvasElement }) => {
    await chooseFiles(canvasElement, passport, back, notes)
    const canvas = within(canvasElement)
    await expect(await canvas.findByText('notes.txt must be a JPEG, PNG, or PDF file.')).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Upload 2 files' })).toBeVisible()
  },
}

/** The bytes are on their way; it can be stopped. */
export const Sending: Story = {
  args: { maxFiles: 2, upload: takes(60) },
  play: async ({ canvasElement }) => {
    await chooseFiles(canvasElement, passport, back)
    await press(canvasElement, 'Upload 2 files')
    await expect(
      await within(canvasElement).findByRole('progressbar', { name: 'Uploading passport.jpg' }),
    ).toBeVisible()
    await expect(within(canvasElement).getByRole('button', { name: 'Cancel' })).toBeVisible()
  },
}

/** The server did not take the file: it alone is sent again. */
export const NotSent: Story = {
  args: { upload: () => Promise.reject(new Error('the network is gone')) },
  play: async ({ canvasElement }) => {
    await chooseFiles(canvasElement, passport)
    await press(canvasElement, 'Upload')
    await expect(await within(canvasElement).findByText(/passport.jpg could not be sent/)).toBeVisible()
    await expect(within(canvasElement).getByRole('button', { name: 'Try again: passport.jpg' })).toBeVisible()
  },
}

/** From the choice to the confirmation, over a refusal. */
export const RefusedThenAdded: Story = {
  parameters: {
    script: ({ client, relay, after }: Script) => {
      // The provider answers a second after the upload: first it refuses, then it accepts.
      const answers = ['ERROR', 'ADDED'] as const
      let given = 0
      let answeredId: string | null = null
      client.subscribe(USER, () => {
        const { attempt } = client.getState(USER)
        const answer = answers[given]
        if (!attempt || attempt.id === answeredId || !answer) return
        answeredId = attempt.id
        given++
        after(1400, () => relay.emit(USER, answer))
      })
    },
  },
  play: async ({ canvasElement }) => {
    const card = (name: string) => within(canvasElement).findByRole('group', { name }, { timeout: 5000 })
    for (const title of ['Error: We could not add your document', 'Document added']) {
      await chooseFiles(canvasElement, passport)
      await press(canvasElement, 'Upload')
      await card('Checking your document')
      await card(title)
      if (title.startsWith('Error')) await press(canvasElement, 'Try again')
    }
  },
}
