import * as z from 'zod/mini'
import { functionSchema, parseOptions } from '../protocol/options.ts'
import { MAX_HEARTBEAT } from '../protocol/words.ts'
import type { SubscriptionTokens } from './access/subscription-tokens.ts'
import { isBadPort } from './ingest/bad-port.ts'
import type { EventStore } from './stores/store.ts'
import { consoleLogger, type Logger } from './telemetry/log.ts'
import type { RelayMetrics } from './telemetry/metrics.ts'

/** Says whether the sender signed this body; the headers hold the signature. */
export type VerifySignature = (headers: Headers, body: string) => boolean | Promise<boolean>

/** A webhook as `onWebhook` gets it, also one whose status nobody knows yet. */
export interface WebhookEvent {
  /** The name of its frame in the stream: `kyc-file`. */
  frame: string
  externalUserId: string
  /** The provider's word. */
  status: string
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
  /** The provider's webhook tokens: one, or several while one replaces another. Visible ASCII, without a comma. */
  webhookTokens: readonly string[]
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
   * What the sender calls the delivery of a webhook, or `null`. A repeat is acknowledged and not stored twice. Default: the
   * header `webhook-id` of Standard Webhooks, where there is one.
   */
  deliveryId?: (request: Request) => string | null
  /**
   * Says whether the sender signed a body, `standardWebhooks(secret)` for example; otherwise the answer is 401. It is asked
   * after the webhook token. Default: no signature is expected.
   */
  verifySignature?: VerifySignature
  /**
   * Hears each webhook that the relay knows before it is stored and shown, also one whose status nobody knows yet. Where it
   * rejects, or takes longer than 5 s, the answer is 503 and nothing is shown: the provider delivers again, to both. So it
   * hears each webhook once at least, and the page once.
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
const MAX_TIMEOUT = 60_000

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return names.every((name) => typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'function')
}

const countSchema = z.int('expected a whole number').check(z.minimum(1, 'expected 1 or more'))

/** What is forwarded goes to a URL that is this one and a path. */
function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, href } = new URL(text)
  return /^https?:$/.test(protocol) && username + password === '' && !/[?#]/.test(href)
}

const forwardSchema = z.strictObject(
  {
    url: z.pipe(
      z.string('expected text').check(
        z.refine(isBaseUrl, 'expected http:// or https:// and a host, without a password, a query or a fragment'),
        z.refine((url) => !isBadPort(url), 'expected another port: fetch does not connect to this one'),
      ),
      // As a URL has it: a space that followed it would otherwise stand before the path.
      z.transform((url: string) => new URL(url).href.replace(/\/+$/, '')),
    ),
    timeout: z._default(
      z
        .number('expected milliseconds')
        .check(z.minimum(1, 'expected 1 ms or more'), z.maximum(MAX_TIMEOUT, `expected at most ${MAX_TIMEOUT} ms`)),
      5000,
    ),
    maxBytes: z._default(countSchema, 1_048_576),
  },
  'expected { url }',
)

const optionsSchema = z.strictObject({
  store: z.custom<EventStore>(
    (value) => hasMethods(value, ['append', 'since', 'listen', 'forget', 'close']),
    'expected a store, sqliteStore(file) for example',
  ),
  webhookTokens: z
    .array(
      z
        .string('expected text')
        .check(z.regex(/^[\x21-\x2b\x2d-\x7e]+$/, 'expected visible ASCII without a comma or space')),
      'expected a list of tokens',
    )
    .check(z.minLength(1, 'expected at least one token')),
  subscriptionTokens: z.optional(
    z.custom<SubscriptionTokens>((value) => hasMethods(value, ['verify']), 'expected subscriptionTokens(secret)'),
  ),
  authorizeSubscriber: z.optional(functionSchema<NonNullable<RelayOptions['authorizeSubscriber']>>()),
  deliveryId: z.optional(functionSchema<NonNullable<RelayOptions['deliveryId']>>()),
  verifySignature: z.optional(functionSchema<VerifySignature>()),
  onWebhook: z.optional(functionSchema<OnWebhook>()),
  forward: z.optional(forwardSchema),
  health: z._default(z.boolean('expected true or false'), true),
  basePath: z._default(
    z
      .string('expected text')
      .check(
        z.refine(
          (path) =>
            path === '' ||
            (/[^/]$/.test(path) && URL.canParse(`http://x${path}`) && new URL(`http://x${path}`).pathname === path),
          'expected nothing, or a path like /kyc, as it stands in a URL, without a slash at its end',
        ),
      ),
    '',
  ),
  allowedOrigins: z._default(
    z.array(
      z
        .string('expected text')
        .check(
          z.refine(
            (origin) => URL.canParse(origin) && new URL(origin).origin === origin,
            'expected an origin like https://app.example, without a path; "*" is not one',
          ),
        ),
    ),
    [],
  ),
  heartbeatInterval: z._default(
    z
      .number('expected milliseconds')
      .check(
        z.minimum(10, 'expected 10 ms or more'),
        z.maximum(MAX_HEARTBEAT * 1000, `expected at most ${MAX_HEARTBEAT * 1000} ms`),
      ),
    15_000,
  ),
  maxLifetime: z._default(
    z.number('expected milliseconds').check(z.minimum(1000, 'expected 1,000 ms or more')),
    60 * 60 * 1000,
  ),
  maxStreamsPerUser: z._default(countSchema, 8),
  maxStreams: z._default(countSchema, 20_000),
  logger: z._default(
    z.custom<Logger>((value) => hasMethods(value, LEVELS), `expected a logger with the methods ${LEVELS.join(', ')}`),
    () => consoleLogger,
  ),
  logUserIds: z._default(z.boolean('expected true or false'), false),
  metrics: z.optional(
    z.custom<RelayMetrics>((value) => hasMethods(value, ['report', 'expose']), 'expected prometheusMetrics()'),
  ),
})

/** Checks the options, and fills in the defaults. */
export function parseRelayOptions(options: RelayOptions) {
  return parseOptions('createRelay', optionsSchema, options)
}
