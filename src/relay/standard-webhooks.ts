import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { InvalidOptionsError } from '../protocol/options.ts'
import type { VerifySignature } from './ingest.ts'

/**
 * Verifies signatures by [Standard Webhooks](https://www.standardwebhooks.com), with its own library: a body that is not
 * signed with one of the secrets, or was signed more than 5 minutes ago, is refused with 401. Pass it to `createRelay` as
 * `verifySignature`. The webhook token is asked for too.
 *
 * @param secrets - one or several (`whsec_…`), while one replaces another.
 * @throws {InvalidOptionsError} if there is none, or one is not Base64.
 */
export function standardWebhooks(secrets: string | readonly string[]): VerifySignature {
  const list = typeof secrets === 'string' ? [secrets] : secrets
  const webhooks = list.map((secret, i) => {
    try {
      return new Webhook(secret)
    } catch {
      throw new InvalidOptionsError(`standardWebhooks: secret ${i}: expected whsec_ and Base64`)
    }
  })
  if (webhooks.length === 0) throw new InvalidOptionsError('standardWebhooks: expected at least one secret')
  return (headers, body) => webhooks.some((webhook) => isSigned(webhook, headers, body))
}

function isSigned(webhook: Webhook, headers: Headers, body: string): boolean {
  try {
    webhook.verify(body, Object.fromEntries(headers), { jsonParse: false })
    return true
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false
    throw error
  }
}
