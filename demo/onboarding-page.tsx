import {
  type KycMessageOverrides,
  KycUpload,
  type UploadFunction,
  useKycFileStatus,
  xhrUpload,
} from 'kyc-upload-status'
import { useUserBalanceStatus } from 'kyc-upload-status/timeline'
import { type ReactNode, useState } from 'react'
import { ENGLISH, type Language, LanguageSwitch } from './language-switch.tsx'
import { Progress } from './progress.tsx'
import { ProviderPanel } from './provider-panel.tsx'
import type { Scenario } from './scenarios.ts'
import type { Webhook } from './webhook-form.tsx'

/** The demo's provider answers after 3 s or 15 s; the defaults of 10 s and 60 s suit a real one. */
const PATIENCE = { slowAfter: 6000, verySlowAfter: 12_000 }
const ENGLISH_LABEL: KycMessageOverrides = { upload: { label: { other: 'Identity document' } } }

export function OnboardingPage({
  externalUserId,
  webhooks,
}: {
  externalUserId: string
  webhooks: readonly Webhook[]
}): ReactNode {
  const { data } = useKycFileStatus(externalUserId)
  const { data: isReady = false } = useUserBalanceStatus(externalUserId, {
    select: ({ state }) => state === 'approved',
  })
  const [scenario, setScenario] = useState<Scenario>('added')
  const [answersAt, setAnswersAt] = useState<number | null>(null)
  const [{ messages, timeline }, setLanguage] = useState<Language>(ENGLISH)

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
        <LanguageSwitch onChange={setLanguage} />
      </header>
      <main>
        {isReady ? (
          <>
            <h1>Your account is ready</h1>
            <p className="lead">Thank you. That was all, and here the bank itself would go on.</p>
          </>
        ) : (
          <>
            <h1>Show us who you are</h1>
            <p className="lead">
              Upload a photo or a scan of your passport, or of both sides of your identity card. This demo counts the
              bytes and throws them away.
            </p>
            <KycUpload
              externalUserId={externalUserId}
              upload={upload}
              maxFiles={2}
              messages={messages.locale === 'en' ? ENGLISH_LABEL : messages}
              slowAfter={PATIENCE.slowAfter}
              verySlowAfter={PATIENCE.verySlowAfter}
            />
            {data?.outcome === 'added' && <p className="next">Your progress shows what comes next.</p>}
          </>
        )}
      </main>
      <section className="progress" aria-label="Your onboarding">
        <Progress externalUserId={externalUserId} messages={timeline} />
      </section>
      <ProviderPanel
        scenario={scenario}
        onScenarioChange={setScenario}
        answersAt={data?.outcome === 'waiting' ? answersAt : null}
        webhooks={webhooks}
      />
    </div>
  )
}
