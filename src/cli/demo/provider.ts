import { kycFileWebhook } from '../../protocol/webhooks/kyc-file.ts'

/** What the person who tries the demo can choose. */
export const SCENARIOS = {
  added: { status: 'ADDED', answersAfter: 3000, outage: 0 },
  error: { status: 'ERROR', answersAfter: 3000, outage: 0 },
  slow: { status: 'ADDED', answersAfter: 15_000, outage: 0 },
  /** The page's line breaks, the provider answers meanwhile, and the line comes back after that. */
  lost: { status: 'ADDED', answersAfter: 4000, outage: 8000 },
} as const

export type Scenario = keyof typeof SCENARIOS

/** Stands for the provider: some time after an upload it posts the webhook, over HTTP, as the real one does. */
export async function deliverLater(
  scenario: Scenario,
  { url, token, externalUserId, signal }: { url: string; token: string; externalUserId: string; signal: AbortSignal },
): Promise<void> {
  const { status, answersAfter } = SCENARIOS[scenario]
  await new Promise((resolve) => setTimeout(resolve, answersAfter))
  if (signal.aborted) return
  await fetch(`${url}${kycFileWebhook.path}`, {
    method: 'POST',
    headers: { authorization: token, 'content-type': 'application/json' },
    body: JSON.stringify({ externalUserId, status }),
  })
}
