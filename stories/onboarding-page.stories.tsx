import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useRef } from 'react'
import { KycUploadStatus, useKycFileStatus } from '../src/react/index.ts'
import { findCard } from './card.ts'
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

/** The component in the page that is waiting. The provider answers 1 s after the upload: first it refuses, then it accepts. */
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
          after(1000, () => relay.emit(USER, status))
        }
      }}
    >
      <OnboardingPage sendFile={() => answer.current()} />
    </ScriptedRelay>
  )
}

export const RefusedThenAdded: StoryObj<typeof meta> = {
  tags: ['slow'],
  play: async (context) => {
    const { canvas, userEvent } = context
    await findCard(context, 'none')
    await userEvent.upload(canvas.getByLabelText('Identity document'), new File(['x'], 'passport.jpg'))
    for (const outcome of ['error', 'added'] as const) {
      await userEvent.click(canvas.getByRole('button', { name: 'Upload' }))
      await findCard(context, 'processing')
      await findCard(context, outcome)
    }
  },
}
