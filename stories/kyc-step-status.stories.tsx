import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { KycStepStatus } from '../src/react/timeline/index.ts'
import { messagesOf } from './languages.ts'
import { onScriptedRelay, type Script, USER } from './scripted-relay.tsx'
import { findStep, heardOf, showsStep } from './steps.ts'

/** Shows a person where one step of their onboarding stands: one card for each state of each step. */
const meta = {
  title: 'KycStepStatus',
  component: KycStepStatus,
  args: { externalUserId: USER, step: 'poa' },
  decorators: [onScriptedRelay],
} satisfies Meta<typeof KycStepStatus>

export default meta
type Story = StoryObj<typeof meta>

const script = (run: (script: Script) => void) => ({ script: run })
const poa = (status: string, state?: 'action_needed', reason?: string) =>
  script(({ relay }) => relay.emit(USER, { frame: 'poa', status, ...(state && reason && { state, reason }) }))
const verification = (status: string, reason?: string) =>
  script(({ relay }) =>
    relay.emit(USER, { frame: 'kyc-verification', status, ...(reason && { state: 'declined' as const, reason }) }),
  )

/** The relay has not been heard yet. */
export const Loading: Story = {
  parameters: script(({ relay }) => relay.hang()),
  play: async ({ canvas, globals }) => {
    await canvas.findByRole('group', { name: messagesOf(globals).timeline.steps.poa?.name ?? '' })
  },
}

/** Nothing has come of it. The way to do it is yours. */
export const PoaTodo: Story = {
  args: { action: <a href="#upload">Upload proof of address</a> },
  play: async (context) => {
    await findStep(context, 'poa', 'todo')
    await expect(context.canvas.getByRole('link')).toBeVisible()
  },
}

/** `client.setSending` says that a file is on its way. */
export const PoaSending: Story = {
  parameters: script(({ client }) => client.setSending(USER, 'poa', true)),
  play: showsStep('poa', 'sending', ({ anyStep }) => anyStep.sending),
}

/** `WAITING`, or an upload that was begun in this tab. */
export const PoaInReview: Story = {
  parameters: poa('WAITING'),
  play: showsStep('poa', 'in_review', ({ steps }) => steps.poa?.in_review),
}

/** `QUESTIONED`: it cannot be read. */
export const PoaQuestioned: Story = {
  args: { action: <a href="#upload">Upload proof of address</a>, contact: <a href="#help">Contact us</a> },
  parameters: poa('QUESTIONED'),
  play: async (context) => {
    await showsStep('poa', 'action_needed', ({ reasons }) => reasons.unclear)(context)
    await expect(context.canvas.getAllByRole('link')).toHaveLength(2)
  },
}

/** `REJECTED`: this document will not do, another one may. */
export const PoaRejected: Story = {
  parameters: poa('REJECTED'),
  play: showsStep('poa', 'action_needed', ({ reasons }) => reasons.other_document),
}

/** A reason of a webhook of your own. */
export const PoaOwnReason: Story = {
  args: { reasons: { too_old: 'Your letter is older than three months. Upload a newer one.' } },
  parameters: poa('QUESTIONED', 'action_needed', 'too_old'),
  play: showsStep('poa', 'action_needed', () => 'older than three months'),
}

/** `APPROVED`. The step is complete; nobody is told that they are approved. */
export const PoaDone: Story = {
  parameters: poa('APPROVED'),
  play: showsStep('poa', 'done', ({ steps }) => steps.poa?.done),
}

/** A word that nobody knows: neither red nor green. */
export const PoaUnknown: Story = {
  parameters: poa('PONDERED'),
  play: showsStep('poa', 'unknown', ({ anyStep }) => anyStep.unknown),
}

export const VerificationTodo: Story = {
  args: { step: 'kyc-verification', action: <a href="#start">Start</a> },
  play: showsStep('kyc-verification', 'todo'),
}

export const VerificationInReview: Story = {
  args: { step: 'kyc-verification' },
  parameters: verification('PENDING'),
  play: showsStep('kyc-verification', 'in_review', ({ steps }) => steps['kyc-verification']?.in_review),
}

/** `SUSPECTED` reads as a review, and nothing else. */
export const VerificationSuspected: Story = {
  args: { step: 'kyc-verification' },
  parameters: verification('SUSPECTED'),
  play: async (context) => {
    const card = await findStep(context, 'kyc-verification', 'in_review')
    await expect(card.outerHTML).not.toMatch(/suspect/i)
  },
}

export const VerificationActionNeeded: Story = {
  args: { step: 'kyc-verification', action: <a href="#start">Start again</a> },
  parameters: verification('QUESTIONED'),
  play: showsStep('kyc-verification', 'action_needed', ({ steps }) => steps['kyc-verification']?.action_needed),
}

export const VerificationDone: Story = {
  args: { step: 'kyc-verification' },
  parameters: verification('APPROVED'),
  play: showsStep('kyc-verification', 'done', ({ steps }) => steps['kyc-verification']?.done),
}

/** A refusal comes without its reason. */
export const VerificationDeclined: Story = {
  args: { step: 'kyc-verification', contact: <a href="#help">Contact us</a> },
  parameters: verification('REJECTED', 'underage'),
  play: showsStep('kyc-verification', 'declined', ({ steps }) => steps['kyc-verification']?.declined),
}

/** Unless the application allows that one to be told. */
export const VerificationDeclinedWithReason: Story = {
  args: { step: 'kyc-verification', reasons: { underage: 'You can open an account once you are 18.' } },
  parameters: verification('REJECTED', 'underage'),
  play: showsStep('kyc-verification', 'declined', () => 'once you are 18'),
}

export const VerificationExpired: Story = {
  args: { step: 'kyc-verification', action: <a href="#start">Start again</a> },
  parameters: verification('EXPIRED'),
  play: showsStep('kyc-verification', 'expired', ({ steps }) => steps['kyc-verification']?.expired),
}

export const VerificationUnknown: Story = {
  args: { step: 'kyc-verification' },
  parameters: verification('PONDERED'),
  play: showsStep('kyc-verification', 'unknown'),
}

export const FileTodo: Story = {
  args: { step: 'kyc-file' },
  play: showsStep('kyc-file', 'todo'),
}

export const FileSending: Story = {
  args: { step: 'kyc-file' },
  parameters: script(({ client }) => client.setSending(USER, 'kyc-file', true)),
  play: showsStep('kyc-file', 'sending'),
}

export const FileInReview: Story = {
  args: { step: 'kyc-file' },
  parameters: script(({ client }) => void client.beginUpload(USER)),
  play: showsStep('kyc-file', 'in_review', ({ steps }) => steps['kyc-file']?.in_review),
}

export const FileRefused: Story = {
  args: { step: 'kyc-file' },
  parameters: script(({ relay }) => relay.emit(USER, 'ERROR')),
  play: showsStep('kyc-file', 'action_needed', ({ steps }) => steps['kyc-file']?.action_needed),
}

export const FileAdded: Story = {
  args: { step: 'kyc-file' },
  parameters: script(({ relay }) => relay.emit(USER, 'ADDED')),
  play: showsStep('kyc-file', 'done', ({ steps }) => steps['kyc-file']?.done),
}

export const BalanceTodo: Story = {
  args: { step: 'user-balance' },
  play: showsStep('user-balance', 'todo'),
}

/** `ACTIVE`: balances exist. */
export const BalanceActive: Story = {
  args: { step: 'user-balance' },
  parameters: script(({ relay }) => relay.emit(USER, { frame: 'user-balance', status: 'ACTIVE' })),
  play: showsStep('user-balance', 'done', ({ steps }) => steps['user-balance']?.done),
}

export const BalanceUnknown: Story = {
  args: { step: 'user-balance' },
  parameters: script(({ relay }) => relay.emit(USER, { frame: 'user-balance', status: 'PARKED' })),
  play: showsStep('user-balance', 'unknown'),
}

/** A change is said to screen readers, and the focus stays where it is. */
export const Changing: Story = {
  args: { action: <a href="#upload">Upload proof of address</a> },
  parameters: script(({ relay, after }) => {
    relay.emit(USER, { frame: 'poa', status: 'QUESTIONED' })
    after(1000, () => relay.emit(USER, { frame: 'poa', status: 'REJECTED' }))
  }),
  play: async (context) => {
    const { canvas, globals } = context
    await showsStep('poa', 'action_needed', ({ reasons }) => reasons.unclear)(context)
    canvas.getByRole('link').focus()
    const { reasons } = messagesOf(globals).timeline
    await heardOf(context, reasons.other_document ?? '')
    await expect(canvas.getByRole('link')).toHaveFocus()
  },
}
