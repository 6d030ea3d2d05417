import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { KycUpload, type UploadFunction } from '../src/react/index.ts'
import { KycStepStatus } from '../src/react/timeline/index.ts'
import { findCard } from './card.ts'
import { messagesOf } from './languages.ts'
import { onScriptedRelay, type Script, USER } from './scripted-relay.tsx'
import { findStep } from './steps.ts'

const STEPS = 20

/** Pretends to send a file, in `seconds`. */
const takes =
  (seconds: number): UploadFunction =>
  (_, { files, onProgress, signal }) =>
    new Promise((resolve, reject) => {
      const total = files.reduce((sum, { size }) => sum + size, 0)
      let step = 0
      const timer = setInterval(
        () => {
          step++
          onProgress({ loaded: (total * step) / STEPS, total })
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

/** Waits for a part of the form, whatever the language. */
const findPart = (canvasElement: HTMLElement, part: string) =>
  waitFor(() => {
    const found = canvasElement.querySelector<HTMLElement>(`[data-scope="kyc-upload"][data-part="${part}"]`)
    if (!found) throw new Error(`there is no ${part} yet`)
    return found
  })
const press = async (canvasElement: HTMLElement, part: string) => userEvent.click(await findPart(canvasElement, part))
const chooseFiles = async (canvasElement: HTMLElement, ...files: File[]) =>
  // Also what the field does not ask for: a drop would bring it too.
  userEvent.setup({ applyAccept: false }).upload(await findPart(canvasElement, 'input'), files)

export const Choosing: Story = {
  play: async ({ canvasElement }) => {
    const { textContent } = await findPart(canvasElement, 'hint')
    await expect(textContent).toMatch(/JPEG.+PNG.+PDF/)
    await expect(await findPart(canvasElement, 'input')).toHaveAccessibleDescription(textContent ?? '')
  },
}

/** Two files at most, and one of the three chosen is no picture. */
export const Chosen: Story = {
  args: { maxFiles: 2 },
  play: async ({ canvas, canvasElement }) => {
    await chooseFiles(canvasElement, passport, back, notes)
    await expect(await findPart(canvasElement, 'problem')).toHaveTextContent('notes.txt')
    for (const { name } of [passport, back]) await expect(canvas.getByText(name)).toBeVisible()
    await expect(await findPart(canvasElement, 'submit')).toBeVisible()
  },
}

/** The bytes are on their way; it can be stopped. */
export const Sending: Story = {
  args: { maxFiles: 2, upload: takes(60) },
  play: async ({ canvas, canvasElement }) => {
    await chooseFiles(canvasElement, passport, back)
    await press(canvasElement, 'submit')
    await expect(await canvas.findByRole('progressbar', { name: /passport\.jpg/ })).toBeVisible()
    await expect(await findPart(canvasElement, 'cancel')).toBeVisible()
  },
}

/** The server did not take the file: it alone is sent again. */
export const NotSent: Story = {
  args: { upload: () => Promise.reject(new Error('the network is gone')) },
  play: async ({ canvasElement }) => {
    await chooseFiles(canvasElement, passport)
    await press(canvasElement, 'submit')
    await expect(await findPart(canvasElement, 'problem')).toHaveTextContent('passport.jpg')
    await expect(await findPart(canvasElement, 'retry')).toHaveAccessibleName(/passport\.jpg/)
  },
}

/** From the choice to the confirmation, over a refusal. */
export const RefusedThenAdded: Story = {
  tags: ['slow'],
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
  play: async (context) => {
    const { canvas, canvasElement, globals } = context
    for (const outcome of ['error', 'added'] as const) {
      await chooseFiles(canvasElement, passport)
      await press(canvasElement, 'submit')
      await findCard(context, 'processing')
      await findCard(context, outcome)
      if (outcome === 'error') await userEvent.click(canvas.getByRole('button', { name: messagesOf(globals).retry }))
    }
  },
}

const bill = new File([new Uint8Array(800_000)], 'bill, page 1.jpg', { type: 'image/jpeg' })
const bill2 = new File([new Uint8Array(700_000)], 'bill, page 2.jpg', { type: 'image/jpeg' })
const letter = new File([new Uint8Array(300_000)], 'letter.pdf', { type: 'application/pdf' })

/** Proof of address, beside the card of its step. */
const withStatus: Story['render'] = (args) => (
  <>
    <KycStepStatus externalUserId={USER} step="poa" />
    <br />
    <KycUpload {...args} />
  </>
)

/** Three files of 5 MB at most. */
export const ProofOfAddress: Story = {
  args: { step: 'poa' },
  play: async ({ canvas, canvasElement }) => {
    await chooseFiles(canvasElement, bill, bill2, letter, passport)
    await expect(await findPart(canvasElement, 'problem')).toHaveAttribute('data-problem', 'too_many')
    for (const { name } of [bill, bill2, letter]) await expect(canvas.getByText(name)).toBeVisible()
    await expect(await findPart(canvasElement, 'hint')).toHaveTextContent('5')
  },
}

/** All files are in one request, so all bars say how far that is. */
export const ProofOfAddressSending: Story = {
  args: { step: 'poa', upload: takes(60) },
  render: withStatus,
  play: async (context) => {
    const { canvas, canvasElement } = context
    await chooseFiles(canvasElement, bill, bill2)
    await press(canvasElement, 'submit')
    await findStep(context, 'poa', 'sending')
    await expect(await canvas.findAllByRole('progressbar')).toHaveLength(2)
  },
}

/** None of them arrived, so all of them are sent again. */
export const ProofOfAddressNotSent: Story = {
  args: { step: 'poa', upload: () => Promise.reject(new Error('the network is gone')) },
  render: withStatus,
  play: async (context) => {
    const { canvas, canvasElement, globals } = context
    await chooseFiles(canvasElement, bill, bill2)
    await press(canvasElement, 'submit')
    await expect(await canvas.findByRole('button', { name: messagesOf(globals).retry })).toBeVisible()
    await findStep(context, 'poa', 'todo')
  },
}

/** The bytes have left. */
export const ProofOfAddressInReview: Story = {
  args: { step: 'poa' },
  render: withStatus,
  play: async (context) => {
    const { canvasElement, globals } = context
    await chooseFiles(canvasElement, bill, bill2, letter)
    await press(canvasElement, 'submit')
    await findStep(context, 'poa', 'in_review')
    const review = await findPart(canvasElement, 'review')
    await waitFor(() => expect(review).toHaveTextContent(messagesOf(globals).upload.review))
    await expect(within(canvasElement).queryByRole('progressbar')).toBeNull()
  },
}
