import {
  aFunction,
  checkOptions,
  expect,
  listOf,
  type Rules,
  trueOrFalse,
  wholeNumber,
  withRequired,
} from '../protocol/check-options.ts'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import type { StepState } from '../protocol/step-state.ts'
import { type WebhookDefinition, webhookDefinitions } from '../protocol/webhooks/definition.ts'
import { partnerApi } from '../protocol/webhooks/partner-api.ts'
import { MAX_HEARTBEAT } from '../protocol/words.ts'
import type { SubscriptionTokens } from './access/subscription-tokens.ts'
import type { EventStore } from './stores/store.ts'
import { consoleLogger, type Logger } from './telemetry/log.ts'
import type { RelayMetrics } from './telemetry/metrics.ts'

/** A webhook as `onWebhook` gets it, also one whose status nobody knows yet. */
export interface WebhookEvent {
  /** The name of its frame in the stream: `kyc-file`, for example. */
  frame: string
  externalUserId: string
  /** The provider's word. */
  status: string
  /** What it means; `unknown` for a word that nobody knows. *KYC File Added* has none for `ADDED` and `ERROR`. */
  state?: StepState
  /** Why, where the webhook says so. */
  reason?: string
  /** When it happened at the provider, ISO 8601 in UTC, where the webhook says so. */
  occurredAt?: string
  /** When the relay received it, ISO 8601 in UTC. */
  receivedAt: string
  /** What the sender calls this delivery, the same for each repeat; `null` where it has no name. */
  deliveryId: string | null
}

/** Hears each webhook before it is stored. */
export type OnWebhook = (event: WebhookEvent, request: Request) => unknown

/** Where each authentic webhook is passed on to. */
export interface ForwardOptions {
  /**
   * What stands before `/webhook/…` at the back end: `https://app.internal`, for example. Each one goes to the same path and
   * query below it, byte for byte, with its headers.
   */
  url: string
  /**
   * Milliseconds that the back end has for its answer, and `onWebhook` for its own in the same time. Default 5,000: how long
   * the provider waits is unknown.
   */
  timeout?: number
  /** The largest body that is passed on of a webhook that the relay does not know, in bytes. Default 1 MiB. */
  maxBytes?: number
}

export interface RelayOptions {
  /** Where events are kept: `sqliteStore(file)`, or `memoryStore()`, which does not survive the process. Yours to close. */
  store: EventStore
  /**
   * The webhooks that are taken in: `[...partnerApi({ paths }), defineWebhook({ … })]`, for example. Default: `partnerApi()`,
   * the two of the Partner API whose paths are known.
   */
  webhooks?: readonly WebhookDefinition[]
  /**
   * The provider's webhook tokens: one, or several while one replaces another. Visible ASCII, without a comma. They may be left
   * out if each webhook has an `authenticate` of its own; a webhook at an unknown path is 401 then.
   */
  webhookTokens?: readonly string[]
  /**
   * What your back end and your operators show to log a user out, to erase one, or to see what is kept of one, below `/users/`:
   * one or several, of the same characters as webhook tokens, and none of those. Default: none, and nothing is there.
   */
  adminTokens?: readonly string[]
  /** Who may read a stream, by token: `subscriptionTokens(secret)`. Either this or `authorizeSubscriber`. */
  subscriptionTokens?: SubscriptionTokens
  /**
   * Who may read a stream, by a scheme of your own: returns the externalUserId of the user that the request's credential
   * belongs to, or `null`. Don't take it from the path. With cookies, see to it that they are `SameSite`; `allowedOrigins`
   * then lets pages of other origins read with them, so list none that you would not show the user's answers to.
   *
   * @param native - the request as your server has it: with `toNodeHandler` that of Node.js, with `req.user` and all that a
   *   middleware has added; with `toBunServe` Bun's server; else the second argument of `relay.fetch`.
   */
  // A method, so that `native` may be named by its own type.
  authorizeSubscriber?(request: Request, native: unknown): string | null | Promise<string | null>
  /**
   * Hears each webhook that says something of a user before it is stored and shown, also one whose status nobody knows yet.
   * Where it rejects, or takes longer than 5 s, the answer is 503 and nothing is shown: the provider delivers again, to both.
   * So it hears each webhook once at least, and the page once.
   */
  onWebhook?: OnWebhook
  /**
   * A back end to which each authentic webhook is passed on, byte for byte, before it is stored, and those that the relay does
   * not know as well. Default: none, and a webhook that the relay does not know is 404.
   */
  forward?: ForwardOptions
  /** Whether `/healthz` and `/readyz` are served. Default `true`. */
  health?: boolean
  /** What comes before every path, `'/kyc'` for example. Default: nothing. */
  basePath?: string
  /** Origins whose pages may read streams, each exactly as a browser sends it (`https://app.example`). Default: none. */
  allowedOrigins?: readonly string[]
  /** Milliseconds between two comments on a stream. Default 15,000, as the HTML standard suggests. */
  heartbeatInterval?: number
  /** Milliseconds after which a stream is ended, and its client comes back. The last 20 % are random. Default 1 h. */
  maxLifetime?: number
  /**
   * Streams that one user may have open. One more gets its replay and ends, so that it polls. Default 8: a browser opens
   * six at once over HTTP/1.1.
   */
  maxStreamsPerUser?: number
  /** Streams that may be open in all; above that, as above. Default 20,000. */
  maxStreams?: number
  /** Where the relay logs: a pino logger for example. Default: warnings and errors, to the console. */
  logger?: Logger
  /** Whether user ids are logged as they are, and not as `[redacted]`. Default `false`. */
  logUserIds?: boolean
  /** Counts for Prometheus, `prometheusMetrics()`, served at `/metrics`. Default: none, and nothing is there. */
  metrics?: RelayMetrics
}

/** The longest that a back end may take, in milliseconds. No provider waits for as long. */
const MAX_BACK_END_TIMEOUT = 60_000

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return names.every((name) => typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'function')
}

const between = (least: number, most: number) => (value: unknown) => {
  if (typeof value !== 'number') return 'expected milliseconds'
  if (!(value >= least)) return `expected ${least} ms or more`
  return value <= most ? null : `expected at most ${most} ms`
}

function isBasePath(path: unknown): boolean {
  if (typeof path !== 'string') return false
  return (
    path === '' ||
    (/[^/]$/.test(path) && URL.canParse(`http://x${path}`) && new URL(`http://x${path}`).pathname === path)
  )
}

function isOrigin(origin: unknown): boolean {
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).origin === origin
}

/** Whether what is forwarded can go to this URL and a path. */
function isBaseUrl(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, username, password, href } = new URL(text)
  return /^https?:$/.test(protocol) && username + password === '' && !/[?#]/.test(href)
}

const tokenList = listOf(
  expect(
    (token) => typeof token === 'string' && /^[\x21-\x2b\x2d-\x7e]+$/.test(token),
    'expected visible ASCII without a comma or space',
  ),
  'expected a list of tokens',
)

const tokens = (value: unknown) =>
  tokenList(value) ?? (Array.isArray(value) && value.length > 0 ? null : 'expected at least one token')

const rules: Rules = {
  store: expect(
    (value) => hasMethods(value, ['append', 'since', 'listen', 'forget', 'close']),
    'expected a store, sqliteStore(file) for example',
  ),
  webhooks: webhookDefinitions,
  webhookTokens: tokens,
  adminTokens: tokens,
  subscriptionTokens: expect((value) => hasMethods(value, ['verify']), 'expected subscriptionTokens(secret)'),
  authorizeSubscriber: aFunction,
  onWebhook: aFunction,
  forward: {
    url: expect(isBaseUrl, 'expected http:// or https:// and a host, without a password, a query or a fragment'),
    timeout: between(1, MAX_BACK_END_TIMEOUT),
    maxBytes: wholeNumber,
  },
  health: trueOrFalse,
  basePath: expect(
    isBasePath,
    'expected nothing, or a path like /kyc, as it stands in a URL, without a slash at its end',
  ),
  allowedOrigins: listOf(
    expect(isOrigin, 'expected an origin like https://app.example, without a path; "*" is not one'),
    'expected a list of origins',
  ),
  heartbeatInterval: between(10, MAX_HEARTBEAT * 1000),
  maxLifetime: between(1000, Number.MAX_SAFE_INTEGER),
  maxStreamsPerUser: wholeNumber,
  maxStreams: wholeNumber,
  logger: expect((value) => hasMethods(value, LEVELS), `expected a logger with the methods ${LEVELS.join(', ')}`),
  logUserIds: trueOrFalse,
  metrics: expect((value) => hasMethods(value, ['report', 'expose']), 'expected prometheusMetrics()'),
}

/**
 * The options with their defaults.
 *
 * @throws {InvalidOptionsError} if one of them can't work; the message names each.
 */
export function parseRelayOptions(options: RelayOptions) {
  const asked = withRequired(options, 'store')
  checkOptions('createRelay', rules, asked && { ...asked, forward: withRequired(options.forward, 'url') })
  const { webhooks = partnerApi(), webhookTokens = [] } = options
  refuseRepeatedFrames(webhooks)
  if (!options.webhookTokens) refuseWithoutSender(webhooks)
  if (options.adminTokens?.some((token) => webhookTokens.includes(token))) {
    throw new InvalidOptionsError('createRelay: adminTokens: expected none of webhookTokens, which the provider has')
  }
  const { basePath = '', allowedOrigins = [], heartbeatInterval = 15_000, maxLifetime = 3_600_000 } = options
  const {
    maxStreamsPerUser = 8,
    maxStreams = 20_000,
    logger = consoleLogger,
    logUserIds = false,
    health = true,
  } = options
  const limits = { heartbeatInterval, maxLifetime, maxStreamsPerUser, maxStreams }
  const shared = { webhooks, webhookTokens, basePath, allowedOrigins, logger, logUserIds, health }
  return { ...options, ...limits, ...shared, forward: forwardOf(options) }
}

function refuseRepeatedFrames(webhooks: readonly WebhookDefinition[]): void {
  const frames = webhooks.map(({ frame }) => frame)
  const repeated = frames.find((frame, i) => frames.indexOf(frame) < i)
  if (repeated === undefined) return
  throw new InvalidOptionsError(`createRelay: webhooks: expected each frame once, and ${repeated} is there twice`)
}

/** Without tokens each webhook has to know its sender by itself. */
function refuseWithoutSender(webhooks: readonly WebhookDefinition[]): void {
  const open = webhooks.find(({ authenticate }) => !authenticate)
  if (!open) return
  throw new InvalidOptionsError(
    `createRelay: webhookTokens: expected at least one token, since ${open.frame} has no authenticate of its own`,
  )
}

function forwardOf({ forward }: RelayOptions): Required<ForwardOptions> | null {
  if (!forward) return null
  const { url, timeout = 5000, maxBytes = 1_048_576 } = forward
  // As a URL has it: a space that followed it would otherwise stand before the path.
  return { url: new URL(url).href.replace(/\/+$/, ''), timeout, maxBytes }
}
