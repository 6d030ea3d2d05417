import { KycUploadStatus, useKycFileStatus } from 'kyc-upload-status'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { ProviderPanel } from './provider-panel.tsx'
import type { Scenario } from './scenarios.ts'

/** After how many milliseconds this page says that an answer takes longer than usual. */
const OVERDUE_AFTER = 8000

const TOO_LARGE = 'The file is larger than 10 MB. Choose a smaller one.'
const NOT_SENT = 'The file could not be sent. Check your connection, then upload it again.'

export function OnboardingPage({ externalUserId }: { externalUserId: string }): ReactNode {
  const { data, isOverdue, beginUpload, clear } = useKycFileStatus(externalUserId, { overdueAfter: OVERDUE_AFTER })
  const [scenario, setScenario] = useState<Scenario>('added')
  const [file, setFile] = useState<File | null>(null)
  const [isSending, setIsSending] = useState(false)
  const [sendError, setSendError] = useState<string | null>(null)
  const [answersAt, setAnswersAt] = useState<number | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const isWaiting = isSending || data?.outcome === 'waiting'

  async function upload(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!file || isWaiting) return
    setIsSending(true)
    setSendError(null)
    try {
      // From here on only what the provider says about this upload counts.
      await beginUpload()
      const response = await fetch(`/api/upload?scenario=${scenario}`, { method: 'POST', body: file })
      if (response.status === 413) throw new RangeError('too large')
      if (!response.ok) throw new Error(`the server answered ${response.status}`)
      const { answersAfter } = (await response.json()) as { answersAfter: number }
      setAnswersAt(Date.now() + answersAfter)
    } catch (error) {
      clear()
      setSendError(error instanceof RangeError ? TOO_LARGE : NOT_SENT)
    } finally {
      setIsSending(false)
    }
  }

  return (
    <div className="page">
      <header>
        <span className="brand">Northwind Bank</span>
        <span className="step">Step 2 of 3</span>
      </header>
      <main>
        <h1>Show us who you are</h1>
        <p className="lead">Upload a photo or a scan of your passport, identity card or driving licence.</p>

        <form onSubmit={(event) => void upload(event)}>
          <label htmlFor="document">Identity document</label>
          <input
            id="document"
            ref={picker}
            type="file"
            accept="image/jpeg,image/png,application/pdf"
            aria-describedby={sendError ? 'document-error' : 'document-hint'}
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
          <p id="document-hint" className="hint">
            JPG, PNG or PDF, at most 10 MB. This demo counts the bytes and throws them away.
          </p>
          {sendError && (
            <p id="document-error" className="field-error" role="alert">
              {sendError}
            </p>
          )}
          <button type="submit" aria-disabled={!file || isWaiting}>
            {isSending ? 'Uploading…' : 'Upload'}
          </button>
        </form>

        <KycUploadStatus externalUserId={externalUserId} onRetry={() => picker.current?.click()} />
        {isOverdue && <p className="overdue">This is taking longer than usual. You do not need to upload it again.</p>}
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
