import { KycUploadStatus, useKycFileStatus } from '../../src/react/index.ts'
import {
  KycStepStatus,
  KycTimeline,
  type KycTimelineMessageOverrides,
  useKycStep,
} from '../../src/react/timeline/index.ts'

export interface StepsPageProps {
  user: string
  steps: string[]
  messages?: KycTimelineMessageOverrides | undefined
  /** Hears each render of a hook, with what the hook says in it. */
  onRender?: (hook: string, said: string) => void
}

/** Everything that shows steps: a hook for each, a card for each, the timeline, and the answer of the file. */
export function StepsPage({ user, steps, messages, onRender = () => {} }: StepsPageProps) {
  return (
    <main>
      <FileHook user={user} onRender={onRender} />
      <KycUploadStatus externalUserId={user} />
      {steps.map((step) => (
        <div key={step}>
          <StepHook user={user} step={step} onRender={onRender} />
          <KycStepStatus externalUserId={user} step={step} messages={messages} />
        </div>
      ))}
      <KycTimeline externalUserId={user} steps={steps} messages={messages} />
    </main>
  )
}

type HookProps = Required<Pick<StepsPageProps, 'user' | 'onRender'>>

function FileHook({ user, onRender }: HookProps) {
  const { data, status } = useKycFileStatus(user)
  onRender('useKycFileStatus', data?.outcome ?? status)
  return null
}

function StepHook({ user, step, onRender }: HookProps & { step: string }) {
  const { data, status } = useKycStep(user, step)
  onRender(step, data?.state ?? status)
  return null
}
