import { type ReactNode, useState } from 'react'

/** One of the provider's webhooks, and its words. */
export interface Webhook {
  frame: string
  name: string
  statuses: readonly string[]
}

/** Sends any webhook of the provider by hand. */
export function WebhookForm({ webhooks }: { webhooks: readonly Webhook[] }): ReactNode {
  const [problem, setProblem] = useState<string | null>(null)

  async function send(form: FormData): Promise<void> {
    const [frame = '', status = ''] = String(form.get('webhook')).split(' ')
    const response = await fetch(`/api/webhook?${new URLSearchParams({ frame, status })}`, { method: 'POST' })
    setProblem(response.ok ? null : `The relay has not taken in ${frame} ${status}.`)
  }

  return (
    <form
      className="webhook"
      onSubmit={(event) => {
        event.preventDefault()
        void send(new FormData(event.currentTarget))
      }}
    >
      <label htmlFor="webhook" className="label">
        One webhook by hand
      </label>
      <select id="webhook" name="webhook">
        {webhooks.map(({ frame, name, statuses }) => (
          <optgroup key={frame} label={name}>
            {statuses.map((status) => (
              <option key={status} value={`${frame} ${status}`}>
                {frame} {status}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <button type="submit">Send</button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  )
}
