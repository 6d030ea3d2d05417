import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { InvalidOptionsError } from '../../protocol/invalid-options.ts'
import type { Authenticate } from '../../protocol/webhooks/definition.ts'

export type { Authenticate }

/**
 * Verifies signatures by [Standard Webhooks](https://www.standardwebhooks.com), with its own library: a body that is not
 * signed with one of the secrets, or was signed more than 5 minutes ago, is refused with 401. Pass it to `defineWebhook` or
 * `partnerApi` as `authenticate`; it takes the place of the webhook tokens there.
 *
 * @param secrets - one or several (`whsec_…`), while one replaces another.
 * @throws {InvalidOptionsError} if there is none, one is not Base64, or it has less than 24 bytes.
 */
export function standardWebhooks(secrets: string | readonly string[]): Authenticate {
  const webhooks = (Array.isArray(secrets) ? secrets : [secrets]).map(toWebhook)
  if (webhooks.length === 0) throw new InvalidOptionsError('standardWebhooks: expected at least one secret')
  return (headers, rawBody) => {
    const body = utf8.decode(rawBody)
    return webhooks.some((webhook) => isSigned(webhook, headers, body))
  }
}

/** Bytes that are no text become other ones here, for which no signature is right. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The specification: a secret is "between 24 bytes (192 bits) and 64 bytes (512 bits)". */
const MIN_SECRET_BYTES = 24

function toWebhook(secret: unknown): Webhook {
  try {
    if (typeof secret === 'string' && atob(secret.replace(/^whsec_/, '')).length >= MIN_SECRET_BYTES)
      return new Webhook(secret)
  } catch {
    // not Base64
  }
  throw new InvalidOptionsError(
    `standardWebhooks: expected secrets of ${MIN_SECRET_BYTES} bytes or more, as whsec_ and Base64`,
  )
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
