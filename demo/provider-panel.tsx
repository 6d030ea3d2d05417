import { type ReactNode, useEffect, useState } from 'react'
import { Heard } from './heard.tsx'
import { SCENARIOS, type Scenario } from './scenarios.ts'
import { type Backstage, useBackstage } from './use-backstage.ts'
import { type Webhook, WebhookForm } from './webhook-form.tsx'

const PLAYING: Record<Backstage['playing'], string> = {
  nothing: 'A collects files on this page, B on the pages of a vendor.',
  sends: 'Sends one webhook after another.',
  waits: 'Waits for a proof of address from you.',
}

/** Stands in for the provider: choose what it says and when, and see what the bank's own back end hears of it. */
export function ProviderPanel({
  scenario,
  onScenarioChange,
  answersAt,
  webhooks,
}: {
  scenario: Scenario
  onScenarioChange: (scenario: Scenario) => void
  /** When it posts its webhook, in milliseconds since the epoch; `null` when nothing is on the way. */
  answersAt: number | null
  webhooks: readonly Webhook[]
}): ReactNode {
  const { playing, heard } = useBackstage()
  const secondsLeft = useSecondsLeft(answersAt)
  return (
    <aside aria-labelledby="provider-title">
      <h2 id="provider-title">Simulated provider</h2>
      <fieldset>
        <legend>Answer to the next upload</legend>
        {Object.entries(SCENARIOS).map(([value, { label, hint }]) => (
          <label key={value}>
            <input
              type="radio"
              name="scenario"
              value={value}
              checked={scenario === value}
              onChange={() => onScenarioChange(value as Scenario)}
            />
            <span>
              {label} <span className="hint">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p className="countdown">{countdown(secondsLeft)}</p>
      <section aria-labelledby="play-title">
        <h3 id="play-title">A whole onboarding</h3>
        <div className="row">
          <button type="button" onClick={() => void post('/api/play?way=a')}>
            Play way A
          </button>
          <button type="button" onClick={() => void post('/api/play?way=b')}>
            Play way B
          </button>
        </div>
        <p className="hint">{PLAYING[playing]}</p>
      </section>
      <WebhookForm webhooks={webhooks} />
      <Heard heard={heard} />
      <button type="button" className="start-over" onClick={() => void startOver()}>
        Start over
      </button>
    </aside>
  )
}

function countdown(secondsLeft: number | null): string {
  if (secondsLeft === null) return 'No upload on the way.'
  return secondsLeft > 0 ? `Posts its webhook in ${secondsLeft} s.` : 'Has posted its webhook.'
}

function useSecondsLeft(at: number | null): number | null {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [at])
  return at === null ? null : Math.max(0, Math.ceil((at - now) / 1000))
}

async function post(path: string): Promise<void> {
  await fetch(path, { method: 'POST' })
}

async function startOver(): Promise<void> {
  await post('/api/start-over')
  sessionStorage.clear()
  window.location.reload()
}
