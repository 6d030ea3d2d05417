import type { webhooks } from '../protocol/webhooks.ts'
import { readJson } from './body.ts'
import { type FieldError, methodNotAllowed, Problem } from './problem.ts'
import { type EventStore, StoreUnavailableError } from './store.ts'
import type { WebhookTokens } from './webhook-tokens.ts'

type Webhook = (typeof webhooks)[number]

/** What the provider is asked to wait before it delivers again, in seconds: its own first retry comes after about 8. */
const RETRY_AFTER = '8'

/** Takes a webhook in: it is acknowledged once it is stored for good, and refused with the reason before that. */
export async function ingest(
  request: Request,
  webhook: Webhook,
  { store, webhookTokens }: { store: EventStore; webhookTokens: WebhookTokens },
): Promise<Response> {
  if (request.method !== 'POST') throw methodNotAllowed('POST')
  if (!(await webhookTokens.accept(request.headers.get('authorization') ?? ''))) {
    throw new Problem(401, 'Expected the webhook token, as is, in one Authorization header.', {
      headers: { 'www-authenticate': 'WebhookToken realm="kyc-webhook"' },
    })
  }
  const body = webhook.body.safeParse(await readJson(request))
  if (!body.success) throw wrongShape(body.error.issues)

  const { externalUserId, ...fields } = body.data
  const receivedAt = new Date().toISOString()
  try {
    await store.append({
      externalUserId,
      frame: webhook.frame,
      data: JSON.stringify({ externalUserId, ...fields, receivedAt }),
    })
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error
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
