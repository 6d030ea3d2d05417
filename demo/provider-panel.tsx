import { type ReactNode, useEffect, useState } from 'react'
import { SCENARIOS, type Scenario } from './scenarios.ts'

/** What stands in for the provider: choose what it will say, and see when it is going to. */
export function ProviderPanel({
  scenario,
  onScenarioChange,
  answersAt,
}: {
  scenario: Scenario
  onScenarioChange: (scenario: Scenario) => void
  /** When it posts its webhook, in milliseconds since the epoch; `null` when nothing is on the way. */
  answersAt: number | null
}): ReactNode {
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
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void startOver()
        }}
      >
        <button type="submit" className="quiet">
          Start over
        </button>
      </form>
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

async function startOver(): Promise<void> {
  await fetch('/api/start-over', { method: 'POST' })
  sessionStorage.clear()
  window.location.reload()
}
