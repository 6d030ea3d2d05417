import { aFunction, expect, listOf, objectOf, type Rule, type Rules, wholeNumber } from '../check-options.ts'
import { InvalidOptionsError } from '../invalid-options.ts'
import type { StandardSchema } from '../standard-schema.ts'
import type { StepState } from '../step-state.ts'
import { SYNC_FRAME } from '../words.ts'

/** What a webhook says of a user. */
export interface DefinedEvent {
  /** Whose event it is: 1 to 256 characters, no control characters. */
  externalUserId: string
  /** The provider's word: 1 to 64 characters. */
  status: string
  /**
   * What it means; `unknown` for a word that nobody knows. The frame `kyc-file` is told without it: what `ADDED` and `ERROR` mean
   * is for attempts to say.
   */
  state: StepState
  /** Why, in the provider's word, where it says so: at most 256 characters. It goes to the page. */
  reason?: string | undefined
  /** When it happened at the provider: ISO 8601, with `Z` or an offset. */
  occurredAt?: string | undefined
}

/**
 * Says whether the sender is the provider, by the headers and by the body as it came. Only `true` lets in; where it throws, the
 * answer is 503, and the provider delivers again.
 */
export type Authenticate = (headers: Headers, rawBody: Uint8Array) => boolean | Promise<boolean>

/** One webhook of a provider, whichever. */
export interface WebhookDefinition<Body = unknown> {
  /** The name of its frame in the stream, of its step in a page, and of what is configured for it. */
  frame: string
  /** Where the provider posts it, below the base path: `/webhook/…`. Several may share one. */
  path: string
  /** What a body has to be; otherwise the answer is 422. */
  body: StandardSchema<Body>
  /** What it says, or `null` where that is of no interest: it is acknowledged, and nothing is kept. */
  toEvent(body: Body, headers: Headers): DefinedEvent | null
  /** Takes the place of the webhook tokens: `hmacSignature(…)`, for example. Default: the webhook tokens of the relay. */
  authenticate?: Authenticate
  /** What the sender calls this delivery, the same for each repeat, or `null`. Default: the header `webhook-id`. */
  deliveryId?(delivery: { headers: Headers; body: Body }): string | null
  /** The largest body in bytes. Where several share a path the largest one counts. Default 16,384. */
  maxBytes?: number
}

function isWebhookPath(path: unknown): boolean {
  if (typeof path !== 'string' || !/^\/webhook\/[^?#]/.test(path) || path === '/webhook/health') return false
  return new URL(`http://x${path}`).pathname === path
}

export const webhookPath = expect(
  isWebhookPath,
  'expected a path below /webhook/, as it stands in a URL; /webhook/health is taken',
)

const rules: Rules = {
  frame: expect(
    (frame) => typeof frame === 'string' && /^[\w.:-]{1,64}$/.test(frame) && frame !== SYNC_FRAME,
    `expected 1 to 64 of a-z, A-Z, 0-9, _ . : and -, and not ${SYNC_FRAME}, which ends a replay`,
  ),
  path: webhookPath,
  body: expect(
    (body) => typeof Object(Object(body)['~standard']).validate === 'function',
    'expected a Standard Schema',
  ),
  toEvent: aFunction,
  authenticate: aFunction,
  deliveryId: aFunction,
  maxBytes: wholeNumber,
}

const webhookDefinition: Rule = objectOf(rules, 'frame', 'path', 'body', 'toEvent')

export const webhookDefinitions: Rule = listOf(
  webhookDefinition,
  'expected a list of definitions, partnerApi() for example',
)

/**
 * Defines a webhook of any provider, to be passed to `createRelay({ webhooks: [...partnerApi(), mine] })`.
 *
 * @throws {InvalidOptionsError} if a part of it is missing, or can't work.
 */
export function defineWebhook<Body>(definition: WebhookDefinition<Body>): WebhookDefinition<Body> {
  const problem = webhookDefinition(definition)
  if (problem !== null) throw new InvalidOptionsError(`defineWebhook: ${problem}`)
  return definition
}

/** The definitions that this package makes itself. */
const builtIn = new WeakSet<WebhookDefinition>()

/** Notes that a definition is one of this package, and keeps it as it stands: one that is spread is another one. */
export function noteBuiltIn(definition: WebhookDefinition): WebhookDefinition {
  builtIn.add(definition)
  return Object.freeze(definition)
}

/** Whether its `toEvent` reads the body alone, and gives an event that needs no look at it. */
export function isBuiltIn(definition: WebhookDefinition): boolean {
  return builtIn.has(definition)
}
