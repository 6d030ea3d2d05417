import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useCallback, useState } from 'react'
import { expect, waitFor, within } from 'storybook/test'
import { KycTimeline, useKycTimeline } from '../src/react/timeline/index.ts'
import type { MockRelay } from '../src/testing/index.ts'
import { messagesOf } from './languages.ts'
import { onScriptedRelay, type Script, ScriptedRelay, USER } from './scripted-relay.tsx'
import { findStep, heardOf, showsStep } from './steps.ts'

const STEPS = ['kyc-file', 'poa', 'kyc-verification', 'user-balance']

/** Shows a person where they stand on the way to an account, and says each change to screen readers, without a reload. */
const meta = {
  title: 'KycTimeline',
  component: KycTimeline,
  args: { externalUserId: USER, steps: STEPS },
  decorators: [onScriptedRelay],
} satisfies Meta<typeof KycTimeline>

export default meta
type Story = StoryObj<typeof meta>

const script = (run: (script: Script) => void) => ({ script: run })
const emits = (...events: [frame: string, status: string][]) =>
  script(({ relay }) => {
    for (const [frame, status] of events) relay.emit(USER, { frame, status })
  })
const actions = {
  'kyc-file': <a href="#upload">Upload your document</a>,
  poa: <a href="#proof">Upload proof of address</a>,
  'kyc-verification': <a href="#start">Start</a>,
}
const contact = <a href="#help">Contact us</a>

/** The relay has not been heard yet: for 300 ms not even that is said. */
export const Loading: Story = {
  parameters: script(({ relay }) => relay.hang()),
  play: async ({ canvas, globals }) => {
    await expect(canvas.getAllByRole('listitem')).toHaveLength(4)
    await waitFor(() => expect(canvas.getByText(messagesOf(globals).timeline.loading)).toBeVisible())
  },
}

/** Nothing has come of any step. */
export const Todo: Story = {
  args: { actions, contact },
  play: async (context) => {
    await findStep(context, 'kyc-file', 'todo')
    await expect(context.canvas.getAllByRole('link')).toHaveLength(4)
  },
}

/** A: your page collects files, and your server passes them on. */
export const ByFiles: Story = {
  args: { steps: ['kyc-file', 'user-balance'] },
  parameters: script(({ relay }) => relay.emit(USER, 'ADDED')),
  play: showsStep('kyc-file', 'done', ({ steps }) => steps['kyc-file']?.done),
}

/** B: a verification in which the vendor's own pages collect what is needed. */
export const ByVerification: Story = {
  args: { steps: ['kyc-verification', 'user-balance'] },
  parameters: emits(['kyc-verification', 'PENDING']),
  play: showsStep('kyc-verification', 'in_review', ({ steps }) => steps['kyc-verification']?.in_review),
}

/** A file is on its way. */
export const Sending: Story = {
  args: { actions },
  parameters: script(({ client }) => client.setSending(USER, 'kyc-file', true)),
  play: showsStep('kyc-file', 'sending', ({ anyStep }) => anyStep.sending),
}

export const InReview: Story = {
  parameters: emits(['poa', 'WAITING'], ['kyc-verification', 'SUSPECTED']),
  play: async (context) => {
    const step = await findStep(context, 'poa', 'in_review')
    await expect(step).toHaveAttribute('aria-current', 'step')
    await findStep(context, 'kyc-verification', 'in_review')
  },
}

/** The step that needs something is the current one. */
export const ActionNeeded: Story = {
  args: { actions, contact },
  parameters: emits(['poa', 'QUESTIONED'], ['kyc-verification', 'APPROVED']),
  play: async (context) => {
    const step = await findStep(context, 'poa', 'action_needed')
    await expect(step).toHaveAttribute('aria-current', 'step')
    await expect(within(step).getByRole('link')).toBeVisible()
    await expect(context.canvasElement.querySelectorAll('[aria-current]')).toHaveLength(1)
  },
}

export const Declined: Story = {
  args: { contact },
  parameters: emits(['poa', 'APPROVED'], ['kyc-verification', 'REJECTED']),
  play: showsStep('kyc-verification', 'declined', ({ steps }) => steps['kyc-verification']?.declined),
}

export const Expired: Story = {
  args: { actions },
  parameters: emits(['kyc-verification', 'ABANDONED']),
  play: showsStep('kyc-verification', 'expired', ({ steps }) => steps['kyc-verification']?.expired),
}

/** A word that nobody knows. */
export const Unknown: Story = {
  parameters: emits(['poa', 'PONDERED']),
  play: showsStep('poa', 'unknown', ({ anyStep }) => anyStep.unknown),
}

export const Complete: Story = {
  parameters: script(({ relay }) => {
    relay.emit(USER, 'ADDED')
    for (const [frame, status] of [
      ['poa', 'APPROVED'],
      ['kyc-verification', 'APPROVED'],
      ['user-balance', 'ACTIVE'],
    ] as const)
      relay.emit(USER, { frame, status })
  }),
  play: async (context) => {
    await findStep(context, 'user-balance', 'done')
    await expect(context.canvas.getByText(messagesOf(context.globals).timeline.overall.done)).toBeVisible()
    await expect(context.canvasElement.querySelector('[aria-current]')).toBeNull()
  },
}

/** The account is ready, so steps of which nothing was heard are not needed. That does not make them done. */
export const NotNeeded: Story = {
  args: { actions },
  parameters: emits(['kyc-verification', 'APPROVED'], ['user-balance', 'ACTIVE']),
  play: async (context) => {
    await findStep(context, 'poa', 'not_needed')
    await expect(context.canvas.queryByRole('link')).toBeNull()
  },
}

/** The relay refuses this user: no news will come, and the page says so. */
export const ConnectionFailed: Story = {
  parameters: script(({ relay }) => relay.respond(403)),
  play: async (context) => {
    const { connectionFailed, checkAgain } = messagesOf(context.globals).timeline
    await context.canvas.findByText(connectionFailed)
    await heardOf(context, connectionFailed)
    await expect(context.canvas.getByRole('button', { name: checkAgain })).toBeVisible()
  },
}

/** The line has been down for longer than 5 s. What is known stays. */
export const ConnectionLost: Story = {
  tags: ['slow'],
  parameters: script(({ relay, after }) => {
    relay.emit(USER, { frame: 'poa', status: 'WAITING' })
    after(200, () => {
      relay.respond('network')
      relay.drop()
    })
  }),
  play: async (context) => {
    await context.canvas.findByText(messagesOf(context.globals).timeline.connectionLost)
    await findStep(context, 'poa', 'in_review')
  },
}

/** A page of 375 pixels with twice the size of text: lines break, and nothing is cut off. */
export const Narrow: Story = {
  args: { actions, contact },
  parameters: emits(['poa', 'QUESTIONED'], ['kyc-verification', 'REJECTED']),
  decorators: [
    (Story) => (
      <div style={{ inlineSize: '20rem', fontSize: '2rem' }}>
        <Story />
      </div>
    ),
  ],
  play: async (context) => {
    const step = await findStep(context, 'poa', 'action_needed')
    const root = context.canvas.getByRole('group')
    await expect(root.scrollWidth).toBeLessThanOrEqual(root.clientWidth)
    await expect(step.scrollWidth).toBeLessThanOrEqual(step.clientWidth)
  },
}

/** A step of a webhook of your own needs its definition in the relay, and its texts here. */
export const OwnStep: Story = {
  args: {
    steps: ['kyc-verification', 'credit'],
    messages: { steps: { credit: { name: 'Credit check', in_review: 'We are asking the bureau.' } } },
  },
  parameters: script(({ relay }) => relay.emit(USER, { frame: 'credit', status: 'OPEN', state: 'in_review' })),
  play: showsStep('credit', 'in_review', () => 'We are asking the bureau.'),
}

/** The parts, put together otherwise: a row of marks. */
function Marks(): ReactNode {
  return (
    <KycTimeline.Root externalUserId={USER} steps={STEPS}>
      <KycTimeline.Title render={<strong />} />
      <KycTimeline.Steps>
        {STEPS.map((step) => (
          <KycTimeline.Step key={step} step={step}>
            <KycTimeline.Icon width={20} />
            <KycTimeline.Name />
            <KycTimeline.State />
          </KycTimeline.Step>
        ))}
      </KycTimeline.Steps>
      <KycTimeline.Announcer />
    </KycTimeline.Root>
  )
}

export const Parts: Story = {
  render: () => <Marks />,
  parameters: emits(['poa', 'WAITING']),
  play: async (context) => {
    const step = await findStep(context, 'poa', 'in_review')
    await expect(step.querySelector('time')).toBeNull()
  },
}

/** The hook in an interface of your own. */
function Sentence(): ReactNode {
  const { data, status } = useKycTimeline(USER, { steps: STEPS })
  const open = data?.steps.filter(({ state }) => state !== 'done' && state !== 'not_needed') ?? []
  return <p>{data ? `${data.overall}: ${open.map(({ step }) => step).join(', ')}` : status}</p>
}

export const InACustomUi: Story = {
  render: () => <Sentence />,
  parameters: emits(['poa', 'QUESTIONED']),
  play: async ({ canvas }) => {
    await canvas.findByText('action_needed: kyc-file, poa, kyc-verification, user-balance')
  },
}

const SAYS: readonly [frame: string, status: string][] = [
  ['poa', 'WAITING'],
  ['poa', 'QUESTIONED'],
  ['poa', 'REJECTED'],
  ['poa', 'APPROVED'],
  ['kyc-verification', 'PENDING'],
  ['kyc-verification', 'SUSPECTED'],
  ['kyc-verification', 'REJECTED'],
  ['kyc-verification', 'APPROVED'],
  ['user-balance', 'ACTIVE'],
]

/** You are the provider: each button is a webhook. */
function Live(): ReactNode {
  const [relay, setRelay] = useState<MockRelay | null>(null)
  const start = useCallback((started: Script) => setRelay(started.relay), [])
  return (
    <ScriptedRelay script={start}>
      {relay && <Panel relay={relay} />}
      <KycTimeline externalUserId={USER} steps={STEPS} actions={actions} contact={contact} />
    </ScriptedRelay>
  )
}

function Panel({ relay }: { relay: MockRelay }): ReactNode {
  const { beginUpload } = useKycTimeline(USER, { steps: STEPS })
  return (
    <fieldset style={{ display: 'flex', flexWrap: 'wrap', gap: '0.5rem', marginBlockEnd: '1rem' }}>
      <legend>What happens</legend>
      <button type="button" onClick={() => void beginUpload({ step: 'kyc-file' })}>
        Begin an upload
      </button>
      {(['ADDED', 'ERROR'] as const).map((status) => (
        <button key={status} type="button" onClick={() => relay.emit(USER, status)}>
          kyc-file {status}
        </button>
      ))}
      <button type="button" onClick={() => void beginUpload({ step: 'poa' })}>
        Begin an upload of proof of address
      </button>
      {SAYS.map(([frame, status]) => (
        <button key={`${frame} ${status}`} type="button" onClick={() => relay.emit(USER, { frame, status })}>
          {frame} {status}
        </button>
      ))}
    </fieldset>
  )
}

/** By your own hand. */
export const LiveByHand: Story = {
  decorators: [],
  render: () => <Live />,
  play: async (context) => {
    const { canvas, userEvent } = context
    const press = async (name: string) => userEvent.click(await canvas.findByRole('button', { name }))
    await press('kyc-file ADDED')
    await findStep(context, 'kyc-file', 'done')
    await press('poa QUESTIONED')
    await findStep(context, 'poa', 'action_needed')
    await press('Begin an upload of proof of address')
    await findStep(context, 'poa', 'in_review')
    await press('poa APPROVED')
    await findStep(context, 'poa', 'done')
    await press('user-balance ACTIVE')
    await findStep(context, 'kyc-verification', 'not_needed')
    await expect(canvas.getByText(messagesOf(context.globals).timeline.overall.done)).toBeVisible()
  },
}
