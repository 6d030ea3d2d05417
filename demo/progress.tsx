import { type KycStepAction, KycTimeline, type KycTimelineMessages, useKycTimeline } from 'kyc-upload-status/timeline'
import { type ReactNode, useRef } from 'react'
import { useProofOfAddress } from './use-proof-of-address.ts'

const STEPS = ['kyc-file', 'kyc-verification', 'poa', 'user-balance']

/** Where the person stands with all of their onboarding, and where a proof of address is sent. */
export function Progress({
  externalUserId,
  messages,
}: {
  externalUserId: string
  messages: KycTimelineMessages
}): ReactNode {
  const { data } = useKycTimeline(externalUserId, { steps: STEPS })
  const proof = useProofOfAddress(externalUserId)
  const timeline = useRef<HTMLDivElement>(null)
  const isDocumentDone = data?.steps.some(({ step, state }) => step === 'kyc-file' && state === 'done')

  /** The bank asks for a proof of address once it has the document, and whenever the provider wants another one. */
  const askForProof: KycStepAction = ({ state }) => {
    const isAsked = state === 'action_needed' || state === 'expired' || (state === 'todo' && isDocumentDone)
    if (!isAsked) return null
    return (
      <ProofButton
        problem={proof.problem}
        onChoose={(file) => {
          // The button goes, and would take the focus with it.
          timeline.current?.focus()
          void proof.send(file)
        }}
      />
    )
  }

  return (
    <KycTimeline
      ref={timeline}
      tabIndex={-1}
      externalUserId={externalUserId}
      steps={STEPS}
      messages={messages}
      actions={{ poa: askForProof }}
    />
  )
}

function ProofButton({ problem, onChoose }: { problem: string | null; onChoose: (file: File) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      {problem && <p role="alert">{problem}</p>}
      <button type="button" className="primary" onClick={() => input.current?.click()}>
        Send proof of address
      </button>
      <input
        ref={input}
        type="file"
        name="proof"
        accept="image/jpeg,image/png,application/pdf"
        hidden
        onChange={({ target }) => {
          const file = target.files?.[0]
          if (file) onChoose(file)
          // The same file can be chosen again.
          target.value = ''
        }}
      />
    </>
  )
}
