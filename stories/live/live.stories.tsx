import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useCallback, useRef, useState } from 'react'
import { expect, waitFor, within } from 'storybook/test'
import { KycUploadStatus, useKycFileStatus } from '../../src/react/index.ts'
import type { MockRelay } from '../../src/testing/index.ts'
import { findCard } from '../card.ts'
import { messagesOf } from '../languages.ts'
import { type Script, ScriptedRelay, USER } from '../scripted-relay.tsx'
import { Log, useLog } from './log.tsx'
import { tapped } from './tapped.ts'
import { useSpoken } from './use-spoken.ts'
import './live.css'

/** After how many milliseconds an answer is slow, and very slow. */
const PATIENCE = { slowAfter: 10_000, verySlowAfter: 60_000 }
const LITTLE_PATIENCE = { slowAfter: 1000, verySlowAfter: 4000 }

/** Everything that can happen is at hand; beside it the component, what it says to screen readers, and what goes over the line. */
function Live(): ReactNode {
  const [relay, setRelay] = useState<MockRelay | null>(null)
  const [frames, tellFrame] = useLog()
  const tap = useCallback((fetch: typeof globalThis.fetch) => tapped(fetch, tellFrame), [tellFrame])
  const script = useCallback((started: Script) => setRelay(started.relay), [])
  return (
    <div className="live">
      <ScriptedRelay script={script} tap={tap}>
        {relay && <Panel relay={relay} />}
      </ScriptedRelay>
      <Log title="On the line" lines={frames} />
    </div>
  )
}

function Panel({ relay }: { relay: MockRelay }): ReactNode {
  const { beginUpload } = useKycFileStatus(USER)
  const [files, setFiles] = useState(1)
  const [isSlow, setIsSlow] = useState(false)
  const [spoken, tellSpoken] = useLog()
  const shown = useRef<HTMLDivElement>(null)
  useSpoken(shown, tellSpoken)

  const begin = () => void beginUpload({ files })
  const cut = () => {
    relay.respond('network')
    relay.drop()
  }
  return (
    <div>
      <fieldset className="live-panel">
        <legend>What happens</legend>
        <button type="button" onClick={begin}>
          Begin an upload
        </button>
        <label>
          of{' '}
          <input
            type="number"
            min={1}
            max={9}
            value={files}
            onChange={({ target }) => setFiles(Math.max(1, target.valueAsNumber || 1))}
          />{' '}
          files
        </label>
        <button type="button" onClick={() => relay.emit(USER, 'ADDED')}>
          Send ADDED
        </button>
        <button type="button" onClick={() => relay.emit(USER, 'ERROR')}>
          Send ERROR
        </button>
        <button type="button" aria-pressed={isSlow} onClick={() => setIsSlow(!isSlow)}>
          Go slow
        </button>
        <button type="button" onClick={cut}>
          Cut the line
        </button>
        <button type="button" onClick={() => relay.respond(null)}>
          Mend the line
        </button>
      </fieldset>
      <div ref={shown}>
        <KycUploadStatus externalUserId={USER} onRetry={begin} {...(isSlow ? LITTLE_PATIENCE : PATIENCE)} />
      </div>
      <Log title="Said to screen readers" lines={spoken} />
    </div>
  )
}

/**
 * Begin an upload, answer as the provider would, cut the line, and see what happens. "Go slow" makes an answer slow after 1 s and
 * very slow after 4 s, instead of 10 s and 60 s. A line that is cut is called lost after 5 s. After you mend it, it opens again
 * within some seconds, or at once with "Check again".
 */
const meta = {
  title: 'Live',
  component: Live,
} satisfies Meta<typeof Live>

export default meta
type Story = StoryObj<typeof meta>

/** By your own hand. */
export const ByHand: Story = {}

/** The same, driven once. */
export const Driven: Story = {
  tags: ['slow'],
  play: async (context) => {
    const { canvas, globals, userEvent } = context
    const messages = messagesOf(globals)
    const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }))
    const log = (name: string) => within(canvas.getByRole('region', { name }))

    const card = await findCard(context, 'none')
    await userEvent.tripleClick(canvas.getByRole('spinbutton'))
    await userEvent.keyboard('2')
    await press('Begin an upload')
    await findCard(context, 'processing')
    await press('Go slow')
    await findCard(context, 'slow')

    await press('Cut the line')
    await waitFor(() => expect(card).toHaveAttribute('data-connection', 'reconnecting'))
    await press('Send ADDED')
    await press('Mend the line')
    await waitFor(() => expect(card).toHaveAttribute('data-connection', 'live'))
    await expect(canvas.getByRole('progressbar')).toHaveAttribute('value', '1')
    await press('Send ERROR')
    await findCard(context, 'error')

    await press(messages.retry)
    await findCard(context, 'processing')
    await press('Send ADDED')
    await press('Send ADDED')
    await findCard(context, 'added')

    const { error, added, retryAvailable } = messages
    const spoken = log('Said to screen readers')
    await expect(spoken.getByText(/^alert:/)).toHaveTextContent(error.description)
    await expect(spoken.getByText(/^alert:/)).toHaveTextContent(retryAvailable)
    await waitFor(() => expect(spoken.getAllByText(/^status:/)[0]).toHaveTextContent(added.description))
    await expect(log('On the line').getAllByText(/event: kyc-file/)).toHaveLength(4)
  },
}
