import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, Suspense } from 'react'
import { expect, waitFor } from 'storybook/test'
import { useKycFileStatus, useSuspenseKycFileStatus } from '../src/react/index.ts'
import { onScriptedRelay, type Script, USER } from './scripted-relay.tsx'

const OUTCOMES = {
  none: 'No document yet.',
  waiting: 'Sent. Waiting for the answer.',
  added: 'Your passport is with us.',
  error: 'Your passport was refused.',
}

interface CustomUiProps {
  overdueAfter: number
  files: number
}

/** A user interface of one's own: what is known of the document and how the line is are two facts, shown apart. */
function CustomUi({ overdueAfter, files }: CustomUiProps): ReactNode {
  const { data, error, connection, isOverdue, beginUpload, clear, reconnect } = useKycFileStatus(USER, { overdueAfter })
  return (
    <section aria-labelledby="custom-title">
      <h2 id="custom-title">Passport</h2>
      <p role="status">{data ? OUTCOMES[data.outcome] : 'One moment…'}</p>
      {data && data.files.expected > 1 && (
        <p>
          {data.files.added} of {data.files.expected} pages added, {data.files.failed} refused
        </p>
      )}
      {isOverdue && <p>This takes longer than usual.</p>}
      {error && <p>We cannot ask: {error.code}.</p>}
      <p>
        Line: {connection.status}{' '}
        <button type="button" onClick={reconnect}>
          Reconnect
        </button>
      </p>
      <button type="button" onClick={() => void beginUpload({ files })}>
        Upload
      </button>{' '}
      <button type="button" onClick={clear}>
        It did not leave
      </button>
    </section>
  )
}

/** The hook in a user interface of your own. */
const meta = {
  title: 'useKycFileStatus',
  component: CustomUi,
  args: { overdueAfter: 60_000, files: 1 },
  decorators: [onScriptedRelay],
} satisfies Meta<typeof CustomUi>

export default meta
type Story = StoryObj<typeof meta>

/** The provider accepts a document, 1 s after its upload began. */
function acceptSoon({ relay, client, after }: Script): void {
  const stop = client.subscribe(USER, () => {
    if (client.getState(USER).attempt === null) return
    stop()
    after(1000, () => relay.emit(USER, 'ADDED'))
  })
}

export const InACustomUi: Story = {
  parameters: { script: acceptSoon },
  play: async ({ canvas, userEvent }) => {
    await canvas.findByText('No document yet.')
    await userEvent.click(canvas.getByRole('button', { name: 'Upload' }))
    await canvas.findByText('Sent. Waiting for the answer.')
    await canvas.findByText('Your passport is with us.')
    await expect(canvas.getByText(/Line: open/)).toBeVisible()
  },
}

/** A refused document is an outcome like any other, and no `error`. */
export const RefusedDocument: Story = {
  parameters: { script: ({ relay }: Script) => relay.emit(USER, 'ERROR') },
  play: async ({ canvas }) => {
    await canvas.findByText('Your passport was refused.')
    await expect(canvas.queryByText(/We cannot ask/)).toBeNull()
  },
}

/** `beginUpload({ files: 2 })`: each has an answer of its own, and `added` is when all are. */
export const SeveralFiles: Story = {
  args: { files: 2 },
  parameters: { script: acceptSoon },
  play: async ({ canvas, userEvent }) => {
    await canvas.findByText('No document yet.')
    await userEvent.click(canvas.getByRole('button', { name: 'Upload' }))
    await canvas.findByText('1 of 2 pages added, 0 refused')
    await canvas.findByText('Sent. Waiting for the answer.')
  },
}

/** An upload whose bytes did not leave is cleared, and what was known before is shown again. */
export const Cleared: Story = {
  parameters: { script: ({ relay }: Script) => relay.emit(USER, 'ERROR') },
  play: async ({ canvas, userEvent }) => {
    await canvas.findByText('Your passport was refused.')
    await userEvent.click(canvas.getByRole('button', { name: 'Upload' }))
    await canvas.findByText('Sent. Waiting for the answer.')
    await userEvent.click(canvas.getByRole('button', { name: 'It did not leave' }))
    await canvas.findByText('Your passport was refused.')
  },
}

/** An answer that is late is no failure. */
export const Overdue: Story = {
  args: { overdueAfter: 1000 },
  parameters: { script: ({ client }: Script) => void client.beginUpload(USER) },
  play: async ({ canvas }) => {
    await canvas.findByText('This takes longer than usual.')
    await canvas.findByText('Sent. Waiting for the answer.')
  },
}

/** What will not heal is `error`. It is not about the document, and `reconnect` tries again. */
export const Refused: Story = {
  parameters: { script: ({ relay }: Script) => relay.respond(403) },
  play: async ({ canvas }) => {
    await canvas.findByText('We cannot ask: forbidden.')
    await waitFor(() => expect(canvas.getByText(/Line: failed/)).toBeVisible())
  },
}

function Outcome(): ReactNode {
  return <p role="status">{OUTCOMES[useSuspenseKycFileStatus(USER).data.outcome]}</p>
}

/** `useSuspenseKycFileStatus` waits in a `<Suspense>` until the relay is heard, so its `data` is always there. */
export const InSuspense: Story = {
  parameters: { script: ({ relay }: Script) => relay.emit(USER, 'ADDED') },
  render: () => (
    <Suspense fallback={<p>One moment…</p>}>
      <Outcome />
    </Suspense>
  ),
  play: async ({ canvas }) => {
    await canvas.findByText('Your passport is with us.')
  },
}
