import type { ReactNode } from 'react'
import type { Backstage } from './use-backstage.ts'

const TIME = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hour12: false })

/** What the bank's own back end has heard of the same webhooks. */
export function Heard({ heard }: { heard: Backstage['heard'] }): ReactNode {
  return (
    <section aria-labelledby="heard-title">
      <h3 id="heard-title">Heard by the back end</h3>
      {heard.length === 0 ? (
        <p className="hint">Nothing yet.</p>
      ) : (
        // A list that scrolls can be reached without a mouse.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
        <ol className="heard" reversed tabIndex={0} aria-labelledby="heard-title">
          {heard.map(({ number, frame, status, receivedAt }) => (
            <li key={number}>
              <span>
                {frame} <b>{status}</b>
              </span>
              <time dateTime={receivedAt}>{TIME.format(new Date(receivedAt))}</time>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
