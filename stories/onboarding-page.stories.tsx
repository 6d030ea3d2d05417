import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useRef } from 'react'
import { userEvent, within } from 'storybook/test'
import { KycUploadStatus, useKycFileStatus } from '../src/react/index.ts'
import { ScriptedRelay, USER } from './scripted-relay.tsx'

/** An application's own uploader, with the component below it. */
function OnboardingPage({ sendFile }: { sendFile: () => void }): ReactNode {
  const { beginUpload } = useKycFileStatus(USER)
  const picker = useRef<HTMLInputElement>(null)
  return (
    <main style={{ maxWidth: '32rem', fontFamily: 'system-ui' }}>
      <h1>Show us who you are</h1>
      <form
        onSubmit={async (event) => {
          event.preventDefault()
          await beginUpload()
          sendFile()
        }}
      >
        <p>
          <label htmlFor="document">Identity document</label> <input id="document" type="file" ref={picker} />
        </p>
        <p>
          <button type="submit">Upload</button>
        </p>
      </form>
      <KycUploadStatus externalUserId={USER} onRetry={() => picker.current?.click()} />
    </main>
  )
}

/** The component in the page that is waiting. The provider answers 2 s after the upload: first it refuses, then it accepts. */
const meta = {
  title: 'In an onboarding page',
  component: OnboardingPage,
  args: { sendFile: () => {} },
  render: () => <Scripted />,
} satisfies Meta<typeof OnboardingPage>

export default meta

function Scripted(): ReactNode {
  const answer = useRef<() => void>(() => {})
  return (
    <ScriptedRelay
      script={({ relay, after }) => {
        let uploads = 0
        answer.current = () => {
          const status = uploads++ === 0 ? 'ERROR' : 'ADDED'
          after(2000, () => relay.emit(USER, status))
        }
      }}
    >
      <OnboardingPage sendFile={() => answer.current()} />
    </ScriptedRelay>
  )
}

export const RefusedThenAdded: StoryObj<typeof meta> = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    const card = (title: RegExp) => canvas.findByRole('group', { name: title }, { timeout: 5000 })
    await card(/Waiting for your document/)
    await userEvent.upload(canvas.getByLabelText('Identity document'), new File(['x'], 'passport.jpg'))
    for (const outcome of [/We could not add your document/, /Document added/]) {
      await userEvent.click(canvas.getByRole('button', { name: 'Upload' }))
      await card(/Checking your document/)
      await card(outcome)
    }
  },
}
