import type { webhooks } from '../../protocol/webhooks.ts'
import { type Answer, answer } from '../http/answer.ts'
import { parseJson, readText } from '../http/body.ts'
import type { Incoming } from '../http/incoming.ts'
import { type FieldError, methodNotAllowed, Problem, SenderGone } from '../http/problem.ts'
import type { VerifySignature } from '../relay-options.ts'
import { type EventStore, type NewEvent, StoreUnavailableError } from '../stores/store.ts'
import type { Report } from '../telemetry/facts.ts'
import type { WebhookTokens } from './webhook-tokens.ts'

type Webhook = (typeof webhooks)[number]

export interface IngestSettings {
  store: EventStore
  webhookTokens: WebhookTokens
  verifySignature: VerifySignature | undefined
  /** Default: the header `webhook-id`. */
  deliveryId: ((request: Request) => string | null) | undefined
  report: Report
}

/** What Standard Webhooks call the header with the name of a delivery. */
const DELIVERY_ID = 'webhook-id'

/** The longest name of a delivery, in characters; Standard Webhooks' own have about 30. */
const MAX_DELIVERY_ID_LENGTH = 256

/** What the provider is asked to wait before it delivers again, in seconds: its own first retry comes after about 8. */
const RETRY_AFTER = '8'

/**
 * Takes a webhook in: it is acknowledged once it is stored for good, and refused with the reason before that. Whoever calls it
 * tells of refusals.
 */
export async function ingest(incoming: Incoming, webhook: Webhook, settings: IngestSettings): Promise<Answer> {
  const { verifySignature, report } = settings
  const began = performance.now()
  const deliveryId = admit(incoming, settings)
  const text = await readText(incoming)
  if (verifySignature && (await verifySignature(incoming.toRequest().headers, text)) !== true) {
    throw unauthorized('Expected a body signed by the sender.')
  }
  const { frame } = webhook
  const body = parseJson(text)
  const parsed = webhook.body.safeParse(body)
  if (!parsed.success) {
    const unknown = webhook.unknown.safeParse(body)
    if (!unknown.success) throw wrongShape(parsed.error.issues)
    report({ type: 'webhook', result: 'unknown_status', seconds: secondsSince(began), frame, ...unknown.data })
    return acknowledgement()
  }
  // It delivers again what nobody answered, and a repeat without a name would count twice.
  if (incoming.isGone) throw new SenderGone('The sender had hung up before it was stored.')
  const { externalUserId } = parsed.data
  const event = { externalUserId, frame, data: JSON.stringify({ ...parsed.data, receivedAt: isoNow() }) }
  const stored = await append(event, deliveryId, settings)
  const seconds = secondsSince(began)
  if (stored) report({ type: 'webhook', result: 'accepted', seconds, externalUserId, event: stored, deliveryId })
  else report({ type: 'webhook', result: 'duplicate', seconds, externalUserId, deliveryId })
  return acknowledgement()
}

function acknowledgement(): Answer {
  return answer(200, { 'content-length': '0' })
}

/** Refuses a webhook at a path that nobody knows; with the right token it is one that this relay is not for. */
export function refuseUnknownPath(incoming: Incoming, { webhookTokens }: IngestSettings): never {
  refuseOtherTokens(incoming, webhookTokens)
  throw new Problem(404, 'There is no webhook at this path.')
}

export function secondsSince(time: number): number {
  return (performance.now() - time) / 1000
}

async function append(event: NewEvent, deliveryId: string | null, { store, report }: IngestSettings) {
  const sent = performance.now()
  try {
    const stored = await store.append(event, deliveryId)
    report({ type: 'committed', seconds: secondsSince(sent) })
    return stored
  } catch (error) {
    throw error instanceof StoreUnavailableError ? notStored(error) : error
  }
}

/** Whether the sender may send it. Returns what it calls the delivery. */
function admit(incoming: Incoming, { webhookTokens, deliveryId }: IngestSettings): string | null {
  if (incoming.method !== 'POST') throw methodNotAllowed('POST')
  refuseOtherTokens(incoming, webhookTokens)
  return readDeliveryId(deliveryId ? deliveryId(incoming.toRequest()) : incoming.header(DELIVERY_ID))
}

function refuseOtherTokens(incoming: Incoming, webhookTokens: WebhookTokens): void {
  if (webhookTokens.accept(incoming.header('authorization') ?? '')) return
  throw unauthorized('Expected the webhook token, as is, in one Authorization header.')
}

let lastTime = 0
let lastIso = ''

/** Webhooks of one millisecond share its text: it takes as long to make as to check the body of one. */
function isoNow(): string {
  const now = Date.now()
  if (now !== lastTime) {
    lastTime = now
    lastIso = new Date(now).toISOString()
  }
  return lastIso
}

/** An empty name is none: a header that a proxy has blanked would make every webhook a repeat of the first. */
function readDeliveryId(name: unknown): string | null {
  if (name === null || name === undefined || name === '') return null
  if (typeof name !== 'string') throw new TypeError('deliveryId: expected it to return text or null')
  if (name.length <= MAX_DELIVERY_ID_LENGTH) return name
  throw new Problem(400, `Expected a delivery id of at most ${MAX_DELIVERY_ID_LENGTH} characters.`)
}

function notStored(cause: StoreUnavailableError): Problem {
  return new Problem(503, 'The webhook could not be stored. Deliver it again.', {
    headers: { 'retry-after': RETRY_AFTER },
    cause,
  })
}

function unauthorized(detail: string): Problem {
  return new Problem(401, detail, { headers: { 'www-authenticate': 'WebhookToken realm="kyc-webhook"' } })
}

function wrongShape(issues: readonly { path: readonly PropertyKey[]; message: string }[]): Problem {
  const errors: FieldError[] = issues.map(({ path, message }) => ({
    pointer: path.map((key) => `/${String(key)}`).join(''),
    detail: message,
  }))
  const detail = errors.map((error) => [error.pointer.slice(1) || 'body', error.detail].join(': ')).join('; ')
  return new Problem(422, detail, { errors })
}
