import {
  type KycMessageOverrides,
  KycUpload,
  type UploadFunction,
  useKycFileStatus,
  xhrUpload,
} from 'kyc-upload-status'
import { type ReactNode, useState } from 'react'
import { LanguageSwitch } from './language-switch.tsx'
import { ProviderPanel } from './provider-panel.tsx'
import type { Scenario } from './scenarios.ts'

/** The demo's provider answers after 3 s or 15 s; the defaults of 10 s and 60 s suit a real one. */
const PATIENCE = { slowAfter: 6000, verySlowAfter: 12_000 }
const ENGLISH: KycMessageOverrides = { upload: { label: { other: 'Identity document' } } }

export function OnboardingPage({ externalUserId }: { externalUserId: string }): ReactNode {
  const { data } = useKycFileStatus(externalUserId)
  const [scenario, setScenario] = useState<Scenario>('added')
  const [answersAt, setAnswersAt] = useState<number | null>(null)
  const [messages, setMessages] = useState(ENGLISH)

  const upload: UploadFunction = async (file, context) => {
    const send = xhrUpload(`/api/upload?scenario=${scenario}`, { fieldName: null })
    const { answersAfter } = JSON.parse(await send(file, context)) as { answersAfter: number }
    setAnswersAt(Date.now() + answersAfter)
  }

  return (
    <div className="page">
      <header>
        <span className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" /> Northwind Bank
        </span>
        <ol className="steps" aria-label="Open your account">
          <li>About you</li>
          <li aria-current="step">Your document</li>
          <li>Your card</li>
        </ol>
        <LanguageSwitch onChange={(chosen) => setMessages(chosen.locale === 'en' ? ENGLISH : chosen)} />
      </header>
      <main>
        <h1>Show us who you are</h1>
        <p className="lead">
          Upload a photo or a scan of your passport, or of both sides of your identity card. This demo counts the bytes
          and throws them away.
        </p>
        <KycUpload
          externalUserId={externalUserId}
          upload={upload}
          maxFiles={2}
          messages={messages}
          slowAfter={PATIENCE.slowAfter}
          verySlowAfter={PATIENCE.verySlowAfter}
        />
        {data?.outcome === 'added' && (
          <p className="next">That is all for this step. Here a real onboarding would go on.</p>
        )}
      </main>
      <ProviderPanel
        scenario={scenario}
        onScenarioChange={setScenario}
        answersAt={data?.outcome === 'waiting' ? answersAt : null}
      />
    </div>
  )
}
