import type { SchemaResult } from '../../protocol/standard-schema.ts'
import { type Authenticate, isBuiltIn, type WebhookDefinition } from '../../protocol/webhooks/definition.ts'
import { KYC_FILE_FRAME } from '../../protocol/words.ts'
import { type Answer, answer } from '../http/answer.ts'
import { parseJson, readBody, refuseOtherTypes, toText } from '../http/body.ts'
import type { Incoming } from '../http/incoming.ts'
import { methodNotAllowed, NotAuthenticated, Problem, RETRY_AFTER, SenderGone, toProblem } from '../http/problem.ts'
import { type EventStore, type NewEvent, StoreUnavailableError } from '../stores/store.ts'
import type { Bytes } from '../streams/wire.ts'
import type { Report } from '../telemetry/facts.ts'
import { pathBelowWebhooks } from '../telemetry/refused.ts'
import type { BackEnd } from './back-end.ts'
import { type EventData, eventData } from './event-data.ts'
import type { Route } from './routes.ts'
import type { WebhookTokens } from './webhook-tokens.ts'
import { wrongShape } from './wrong-shape.ts'

export interface IngestSettings {
  store: EventStore
  webhookTokens: WebhookTokens
  /** `null` where nobody but the page hears of webhooks. */
  backEnd: BackEnd | null
  report: Report
}

/** An authentic webhook on its way. */
interface Taken {
  incoming: Incoming
  path: string
  /** Those whose sender it is, in the order in which they are asked. */
  definitions: readonly WebhookDefinition[]
  body: Bytes | Promise<Bytes>
  /** When it began, as `performance.now()` says it. */
  began: number
}

/** What Standard Webhooks call the header with the name of a delivery. */
const DELIVERY_ID = 'webhook-id'

/** The longest name of a delivery, in characters; Standard Webhooks' own have about 30. */
const MAX_DELIVERY_ID_LENGTH = 256

/**
 * Takes a webhook in: it is acknowledged once the back end has taken it and it is stored for good, and refused with the reason
 * before that. Whoever calls it tells of refusals.
 */
export function ingest(incoming: Incoming, route: Route, settings: IngestSettings): Promise<Answer> {
  const began = performance.now()
  if (incoming.method !== 'POST') throw methodNotAllowed('POST')
  if (!route.isByToken) return ingestSigned(incoming, route, began, settings)
  refuseOtherTokens(incoming, settings.webhookTokens)
  refuseOtherTypes(incoming)
  const { path, definitions, maxBytes } = route
  return take({ incoming, path, definitions, body: readBody(incoming, maxBytes), began }, settings)
}

/** A signature is that of a body, so the body is read before its sender is known. */
async function ingestSigned(
  incoming: Incoming,
  route: Route,
  began: number,
  settings: IngestSettings,
): Promise<Answer> {
  const body = await readBody(incoming, route.maxBytes)
  const authentic = await authenticOf(route, incoming, body, settings.webhookTokens)
  if (authentic.length === 0) throw unauthorized('Expected a body signed by the sender.')
  try {
    refuseOtherTypes(incoming)
    return await take({ incoming, path: route.path, definitions: authentic, body, began }, settings)
  } catch (error) {
    const problem = toProblem(error)
    problem.isSigned = true
    throw problem
  }
}

/** A webhook at a path that nobody knows: with the right token it is for the back end, or for another server than this one. */
export async function ingestUnknown(incoming: Incoming, path: string, settings: IngestSettings): Promise<Answer> {
  const { backEnd, report } = settings
  const began = performance.now()
  refuseOtherTokens(incoming, settings.webhookTokens)
  if (!backEnd || backEnd.maxBytes === null) throw new Problem(404, 'There is no webhook at this path.')
  const body = await readBody(incoming, backEnd.maxBytes)
  const said = await backEnd.pass({ incoming, path, body })
  const told = pathBelowWebhooks(incoming.path) ?? ''
  report({ type: 'webhook', result: 'forwarded', seconds: secondsSince(began), path: told, status: said.status })
  return said
}

/** The definitions of a path whose sender it is. */
async function authenticOf(
  { definitions }: Route,
  incoming: Incoming,
  body: Bytes,
  webhookTokens: WebhookTokens,
): Promise<WebhookDefinition[]> {
  const { headers } = incoming.toRequest()
  // Several webhooks of one provider have one signature.
  const known = new Map<Authenticate, boolean>()
  const authentic: WebhookDefinition[] = []
  for (const definition of definitions) {
    const { authenticate } = definition
    const isAuthentic = authenticate
      ? (known.get(authenticate) ?? (await isSigned(authenticate, headers, body)))
      : hasToken(incoming, webhookTokens)
    if (authenticate) known.set(authenticate, isAuthentic)
    if (isAuthentic) authentic.push(definition)
  }
  return authentic
}

async function isSigned(authenticate: Authenticate, headers: Headers, body: Bytes): Promise<boolean> {
  try {
    return (await authenticate(headers, body)) === true
  } catch (error) {
    throw new NotAuthenticated(error)
  }
}

async function take(taken: Taken, settings: IngestSettings): Promise<Answer> {
  const { incoming, path, began } = taken
  const { backEnd, report } = settings
  const body = await taken.body
  const json = parseJson(toText(body))
  const checks = checkBody(taken.definitions, json)
  const { definition, value, data } = firstEvent(taken, 'then' in checks ? await checks : checks, json)
  const { frame } = definition
  if (!data) {
    await backEnd?.tell(null, { incoming, path, body })
    report({ type: 'webhook', result: 'ignored', seconds: secondsSince(began), frame })
    return acknowledgement()
  }
  const deliveryId = readDeliveryId(incoming, definition, value)
  const event = { ...data, receivedAt: isoNow() }
  await backEnd?.tell({ frame, ...event, deliveryId }, { incoming, path, body })
  const { externalUserId, status, state } = data
  const unknown = { type: 'webhook', result: 'unknown_status', externalUserId, frame, status } as const
  // The page could not say what it means.
  if (state === 'unknown' && frame === KYC_FILE_FRAME) {
    report({ ...unknown, seconds: secondsSince(began), event: null, deliveryId })
    return acknowledgement()
  }
  // It delivers again what nobody answered, and a repeat without a name would count twice.
  if (incoming.isGone) throw new SenderGone('The sender had hung up before it was stored.')
  const stored = await append({ externalUserId, frame, data: JSON.stringify(event) }, deliveryId, settings)
  const seconds = secondsSince(began)
  if (!stored) report({ type: 'webhook', result: 'duplicate', seconds, externalUserId, deliveryId })
  else if (state === 'unknown') report({ ...unknown, seconds, event: stored, deliveryId })
  else report({ type: 'webhook', result: 'accepted', seconds, externalUserId, event: stored, deliveryId })
  return acknowledgement()
}

/** What a body has turned out to be. */
interface Found {
  definition: WebhookDefinition
  /** As its schema has left it. */
  value: unknown
  /** `null` where it is of no interest. */
  data: EventData | null
}

/**
 * What each definition's schema says of a body. One that is asynchronous is waited for, and no other: a turn of the loop takes
 * longer than to check a body.
 */
function checkBody(definitions: readonly WebhookDefinition[], json: unknown): Checked[] | Promise<Checked[]> {
  const checks = definitions.map((definition) => definition.body['~standard'].validate(json))
  return checks.every(isSettled) ? checks : Promise.all(checks)
}

type Checked = SchemaResult<unknown>

function isSettled(check: Checked | Promise<Checked>): check is Checked {
  return !('then' in check)
}

/**
 * The first event that one of the definitions makes of a body, or the first definition that it fits.
 *
 * @throws {Problem} if it fits none; the first one says why.
 */
function firstEvent({ incoming, definitions }: Taken, checks: readonly Checked[], json: unknown): Found {
  let fitting: Found | null = null
  for (const [i, definition] of definitions.entries()) {
    const check = checks[i]
    if (!check || check.issues) continue
    const { value } = check
    const data = isBuiltIn(definition)
      ? (definition.toEvent(value, NO_HEADERS) as EventData)
      : eventData(definition.frame, definition.toEvent(value, incoming.toRequest().headers))
    if (data) return { definition, value, data }
    fitting ??= { definition, value, data: null }
  }
  if (fitting) return fitting
  throw wrongShape(checks[0]?.issues ?? [], json)
}

/** For those who do not read them: to make them takes longer than all the rest. */
const NO_HEADERS = new Headers()

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

function hasToken(incoming: Incoming, webhookTokens: WebhookTokens): boolean {
  return webhookTokens.accept(incoming.header('authorization') ?? '')
}

function refuseOtherTokens(incoming: Incoming, webhookTokens: WebhookTokens): void {
  if (hasToken(incoming, webhookTokens)) return
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
function readDeliveryId(incoming: Incoming, definition: WebhookDefinition, body: unknown): string | null {
  const name: unknown = definition.deliveryId
    ? definition.deliveryId({ headers: incoming.toRequest().headers, body })
    : incoming.header(DELIVERY_ID)
  if (name === null || name === undefined || name === '') return null
  if (typeof name !== 'string') throw new TypeError(`deliveryId of ${definition.frame}: expected text or null`)
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
