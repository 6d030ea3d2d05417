import type { webhooks } from '../../protocol/webhooks.ts'
import { type Answer, answer } from '../http/answer.ts'
import { MAX_BODY_BYTES, parseJson, readBody, refuseOtherTypes, toText } from '../http/body.ts'
import type { Incoming } from '../http/incoming.ts'
import { type FieldError, methodNotAllowed, Problem, RETRY_AFTER, SenderGone } from '../http/problem.ts'
import type { VerifySignature } from '../relay-options.ts'
import { type EventStore, type NewEvent, StoreUnavailableError } from '../stores/store.ts'
import type { Report } from '../telemetry/facts.ts'
import { pathBelowWebhooks } from '../telemetry/refused.ts'
import type { BackEnd } from './back-end.ts'
import type { WebhookTokens } from './webhook-tokens.ts'

type Webhook = (typeof webhooks)[number]

export interface IngestSettings {
  store: EventStore
  webhookTokens: WebhookTokens
  verifySignature: VerifySignature | undefined
  /** Default: the header `webhook-id`. */
  deliveryId: ((request: Request) => string | null) | undefined
  /** `null` where nobody but the page hears of webhooks. */
  backEnd: BackEnd | null
  report: Report
}

/** What Standard Webhooks call the header with the name of a delivery. */
const DELIVERY_ID = 'webhook-id'

/** The longest name of a delivery, in characters; Standard Webhooks' own have about 30. */
const MAX_DELIVERY_ID_LENGTH = 256

/**
 * Takes a webhook in: it is acknowledged once the back end has taken it and it is stored for good, and refused with the reason
 * before that. Whoever calls it tells of refusals.
 */
export async function ingest(incoming: Incoming, webhook: Webhook, settings: IngestSettings): Promise<Answer> {
  const { backEnd, report } = settings
  const began = performance.now()
  if (incoming.method !== 'POST') throw methodNotAllowed('POST')
  refuseOtherTokens(incoming, settings.webhookTokens)
  const deliveryId = readDeliveryId(incoming, settings)
  refuseOtherTypes(incoming)
  const body = await readBody(incoming, MAX_BODY_BYTES)
  const text = toText(body)
  await refuseOtherSenders(incoming, text, settings)
  const { frame, path } = webhook
  const { isKnown, data } = parse(webhook, text)
  const event = { ...data, receivedAt: isoNow() }
  await backEnd?.tell({ frame, ...event, deliveryId }, { incoming, path, body })
  if (!isKnown) {
    report({ type: 'webhook', result: 'unknown_status', seconds: secondsSince(began), frame, ...data })
    return acknowledgement()
  }
  // It delivers again what nobody answered, and a repeat without a name would count twice.
  if (incoming.isGone) throw new SenderGone('The sender had hung up before it was stored.')
  const { externalUserId } = data
  const stored = await append({ externalUserId, frame, data: JSON.stringify(event) }, deliveryId, settings)
  const seconds = secondsSince(began)
  if (stored) report({ type: 'webhook', result: 'accepted', seconds, externalUserId, event: stored, deliveryId })
  else report({ type: 'webhook', result: 'duplicate', seconds, externalUserId, deliveryId })
  return acknowledgement()
}

/** A webhook at a path that nobody knows: with the right token it is for the back end, or for another server than this one. */
export async function ingestUnknown(incoming: Incoming, path: string, settings: IngestSettings): Promise<Answer> {
  const { backEnd, report } = settings
  const began = performance.now()
  refuseOtherTokens(incoming, settings.webhookTokens)
  if (!backEnd || backEnd.maxBytes === null) throw new Problem(404, 'There is no webhook at this path.')
  const body = await readBody(incoming, backEnd.maxBytes)
  await refuseOtherSenders(incoming, lossyUtf8.decode(body), settings)
  const said = await backEnd.pass({ incoming, path, body })
  const told = pathBelowWebhooks(incoming.path) ?? ''
  report({ type: 'webhook', result: 'forwarded', seconds: secondsSince(began), path: told, status: said.status })
  return said
}

/** For signatures alone: of bytes that are no text none is right. */
const lossyUtf8 = new TextDecoder()

function acknowledgement(): Answer {
  return answer(200, { 'content-length': '0' })
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

/** @throws {Problem} if it has the wrong shape. A status that nobody knows yet is none. */
function parse(webhook: Webhook, text: string) {
  const parsed = webhook.body.safeParse(parseJson(text))
  if (!parsed.success) throw wrongShape(parsed.error.issues)
  const { state, ...data } = webhook.toEvent(parsed.data)
  return { isKnown: state !== 'unknown', data }
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

async function refuseOtherSenders(
  incoming: Incoming,
  text: string,
  { verifySignature }: IngestSettings,
): Promise<void> {
  if (!verifySignature || (await verifySignature(incoming.toRequest().headers, text)) === true) return
  throw unauthorized('Expected a body signed by the sender.')
}

/** An empty name is none: a header that a proxy has blanked would make every webhook a repeat of the first. */
function readDeliveryId(incoming: Incoming, { deliveryId }: IngestSettings): string | null {
  const name: unknown = deliveryId ? deliveryId(incoming.toRequest()) : incoming.header(DELIVERY_ID)
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
