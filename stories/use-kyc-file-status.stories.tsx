import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { useKycFileStatus } from '../src/react/index.ts'
import { onScriptedRelay, type Script, USER } from './scripted-relay.tsx'

const OUTCOMES = {
  none: 'No document yet.',
  waiting: 'Sent. Waiting for the answer.',
  added: 'Your passport is with us.',
  error: 'Your passport was refused.',
}

/** A user interface of one's own: what is known of the document and how the line is are two facts, shown apart. */
function CustomUi({ overdueAfter }: { overdueAfter: number }): ReactNode {
  const { data, error, connection, isOverdue, beginUpload, reconnect } = useKycFileStatus(USER, { overdueAfter })
  return (
    <section aria-labelledby="custom-title">
      <h2 id="custom-title">Passport</h2>
      <p role="status">{data ? OUTCOMES[data.outcome] : 'One moment…'}</p>
      {isOverdue && <p>This takes longer than usual.</p>}
      {error && <p>We cannot ask: {error.code}.</p>}
      <p>
        Line: {connection.status}{' '}
        <button type="button" onClick={reconnect}>
          Reconnect
        </button>
      </p>
      <button type="button" onClick={() => void beginUpload()}>
        Upload
      </button>
    </section>
  )
}

/** The hook in a user interface of your own. */
const meta = {
  title: 'useKycFileStatus',
  component: CustomUi,
  args: { overdueAfter: 60_000 },
  decorators: [onScriptedRelay],
} satisfies Meta<typeof CustomUi>

export default meta
type Story = StoryObj<typeof meta>

export const InACustomUi: Story = {
  parameters: { script: ({ relay, after }: Script) => after(2500, () => relay.emit(USER, 'ADDED')) },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await canvas.findByText('No document yet.')
    await userEvent.click(canvas.getByRole('button', { name: 'Upload' }))
    await canvas.findByText('Sent. Waiting for the answer.')
    await canvas.findByText('Your passport is with us.', {}, { timeout: 5000 })
    await expect(canvas.getByText(/Line: open/)).toBeVisible()
  },
}

/** An answer that is late is no failure. */
export const Overdue: Story = {
  args: { overdueAfter: 1000 },
  parameters: { script: ({ client }: Script) => void client.beginUpload(USER) },
  play: async ({ canvasElement }) => {
    await within(canvasElement).findByText('This takes longer than usual.', {}, { timeout: 3000 })
    await within(canvasElement).findByText('Sent. Waiting for the answer.')
  },
}

/** What will not heal is `error`. It is not about the document, and `reconnect` tries again. */
export const Refused: Story = {
  parameters: { script: ({ relay }: Script) => relay.respond(403) },
  play: async ({ canvasElement }) => {
    await within(canvasElement).findByText('We cannot ask: forbidden.')
    await waitFor(() => expect(within(canvasElement).getByText(/Line: failed/)).toBeVisible())
  },
}
