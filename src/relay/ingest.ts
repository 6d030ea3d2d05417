import type { webhooks } from '../protocol/webhooks.ts'
import { readJson } from './body.ts'
import { type FieldError, methodNotAllowed, Problem } from './problem.ts'
import { type EventStore, StoreUnavailableError } from './store.ts'
import type { WebhookTokens } from './webhook-tokens.ts'

type Webhook = (typeof webhooks)[number]

export interface IngestSettings {
  store: EventStore
  webhookTokens: WebhookTokens
  deliveryId(request: Request): string | null
  onError(error: unknown): void
}

/** The longest name of a delivery, in characters; Standard Webhooks' own have about 30. */
const MAX_DELIVERY_ID_LENGTH = 256

/** What the provider is asked to wait before it delivers again, in seconds: its own first retry comes after about 8. */
const RETRY_AFTER = '8'

/** Takes a webhook in: it is acknowledged once it is stored for good, and refused with the reason before that. */
export async function ingest(
  request: Request,
  webhook: Webhook,
  { store, webhookTokens, deliveryId, onError }: IngestSettings,
): Promise<Response> {
  if (request.method !== 'POST') throw methodNotAllowed('POST')
  if (!(await webhookTokens.accept(request.headers.get('authorization') ?? ''))) {
    throw new Problem(401, 'Expected the webhook token, as is, in one Authorization header.', {
      headers: { 'www-authenticate': 'WebhookToken realm="kyc-webhook"' },
    })
  }
  const delivery = deliveryId(request)
  if (delivery !== null && delivery.length > MAX_DELIVERY_ID_LENGTH) {
    throw new Problem(400, `Expected a delivery id of at most ${MAX_DELIVERY_ID_LENGTH} characters.`)
  }
  const body = webhook.body.safeParse(await readJson(request))
  if (!body.success) throw wrongShape(body.error.issues)

  const { externalUserId, ...fields } = body.data
  const receivedAt = new Date().toISOString()
  try {
    const data = JSON.stringify({ externalUserId, ...fields, receivedAt })
    await store.append({ externalUserId, frame: webhook.frame, data }, delivery)
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error
    onError(error)
    throw new Problem(503, 'The webhook could not be stored. Deliver it again.', {
      headers: { 'retry-after': RETRY_AFTER },
    })
  }
  return new Response(null, { headers: { 'content-length': '0' } })
}

function wrongShape(issues: readonly { path: readonly PropertyKey[]; message: string }[]): Problem {
  const errors: FieldError[] = issues.map(({ path, message }) => ({
    pointer: path.map((key) => `/${String(key)}`).join(''),
    detail: message,
  }))
  const detail = errors.map((error) => [error.pointer.slice(1) || 'body', error.detail].join(': ')).join('; ')
  return new Problem(422, detail, { errors })
}
