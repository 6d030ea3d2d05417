import * as z from 'zod/mini'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import { functionSchema, parseOptions } from '../protocol/options.ts'
import { MAX_HEARTBEAT } from '../protocol/words.ts'
import { type Authorize, authorizeByCallback, authorizeByToken } from './access/authorize.ts'
import type { SubscriptionTokens } from './access/subscription-tokens.ts'
import type { EventStore } from './stores/store.ts'
import { consoleLogger, type Logger } from './telemetry/log.ts'
import type { RelayMetrics } from './telemetry/metrics.ts'

/** Says whether the sender signed this body; the headers hold the signature. */
export type VerifySignature = (headers: Headers, body: string) => boolean | Promise<boolean>

export interface RelayOptions {
  /** Where events are kept: `sqliteStore(file)`, or `memoryStore()`, which does not survive the process. Yours to close. */
  store: EventStore
  /** The provider's webhook tokens: one, or several while one replaces another. Visible ASCII, without a comma. */
  webhookTokens: readonly string[]
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
   */
  authorizeSubscriber?: (request: Request) => string | null | Promise<string | null>
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

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return names.every((name) => typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'function')
}

const countSchema = z.int('expected a whole number').check(z.minimum(1, 'expected 1 or more'))

const tokensSchema = z
  .array(
    z
      .string('expected text')
      .check(z.regex(/^[\x21-\x2b\x2d-\x7e]+$/, 'expected visible ASCII without a comma or space')),
    'expected a list of tokens',
  )
  .check(z.minLength(1, 'expected at least one token'))

const optionsSchema = z.strictObject({
  store: z.custom<EventStore>(
    (value) => hasMethods(value, ['append', 'since', 'listen', 'forget', 'close']),
    'expected a store, sqliteStore(file) for example',
  ),
  webhookTokens: tokensSchema,
  adminTokens: z.optional(tokensSchema),
  subscriptionTokens: z.optional(
    z.custom<SubscriptionTokens>((value) => hasMethods(value, ['verify']), 'expected subscriptionTokens(secret)'),
  ),
  authorizeSubscriber: z.optional(functionSchema<NonNullable<RelayOptions['authorizeSubscriber']>>()),
  deliveryId: z.optional(functionSchema<NonNullable<RelayOptions['deliveryId']>>()),
  verifySignature: z.optional(functionSchema<VerifySignature>()),
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
  const parsed = parseOptions('createRelay', optionsSchema, options)
  if (parsed.adminTokens?.some((token) => parsed.webhookTokens.includes(token))) {
    throw new InvalidOptionsError('createRelay: adminTokens: expected none of webhookTokens, which the provider has')
  }
  return parsed
}

/** One way to tell who may read a stream, not none and not two. */
export function chooseAuthorization({ subscriptionTokens, authorizeSubscriber }: RelayOptions): Authorize {
  if (subscriptionTokens && !authorizeSubscriber) return authorizeByToken(subscriptionTokens)
  if (authorizeSubscriber && !subscriptionTokens) return authorizeByCallback(authorizeSubscriber)
  throw new InvalidOptionsError('createRelay: expected either subscriptionTokens or authorizeSubscriber')
}
