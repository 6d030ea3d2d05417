import * as z from 'zod/mini'
import { MAX_HEARTBEAT } from '../protocol/frames.ts'
import { InvalidOptionsError, parseOptions } from '../protocol/options.ts'
import { webhooks } from '../protocol/webhooks.ts'
import { preferredForm } from './accept.ts'
import { type Authorize, authorizeByCallback, authorizeByToken } from './authorize.ts'
import { preflight, withCors } from './cors.ts'
import { Hub } from './hub.ts'
import { ingest } from './ingest.ts'
import { methodNotAllowed, Problem } from './problem.ts'
import type { EventStore } from './store.ts'
import { emptyStream, goodbye, openStream, type StreamSettings, snapshot } from './subscribe.ts'
import type { SubscriptionTokens } from './subscription-tokens.ts'
import { WebhookTokens } from './webhook-tokens.ts'

export interface RelayOptions {
  /** Where events are kept: `sqliteStore(file)`, or `memoryStore()`, which does not survive the process. Yours to close. */
  store: EventStore
  /** The provider's webhook tokens: one, or several while one replaces another. Visible ASCII, without a comma. */
  webhookTokens: readonly string[]
  /** Who may read a stream, by token: `subscriptionTokens(secret)`. Either this or `authorizeSubscriber`. */
  subscriptionTokens?: SubscriptionTokens
  /**
   * Who may read a stream, by a scheme of your own: returns the externalUserId of the user that the request's credential
   * belongs to, or `null`. Don't take it from the path. With cookies, see to it that they are `SameSite`.
   */
  authorizeSubscriber?: (request: Request) => string | null | Promise<string | null>
  /** What comes before every path, `'/kyc'` for example. Default: nothing. */
  basePath?: string
  /** Origins whose pages may read streams, each exactly as a browser sends it (`https://app.example`). Default: none. */
  allowedOrigins?: readonly string[]
  /** Milliseconds between two comments on a stream. Default 15,000, as the HTML standard suggests. */
  heartbeatInterval?: number
  /** Milliseconds after which a stream is ended, and its client comes back. The last 20 % are random. Default 1 h. */
  maxLifetime?: number
  /** Told of what should not happen, an `authorizeSubscriber` that throws among it. Default: `console.error`. */
  onError?: (error: unknown) => void
}

export interface Relay {
  /** Answers a request. It belongs to the relay whatever its path: mount it below `basePath`. */
  fetch(request: Request): Promise<Response>
  /** Ends the streams of a user, at log-out for example. A client whose credential still holds comes back. */
  disconnect(externalUserId: string): void
  /** Erases a user from the store. */
  forget(externalUserId: string): Promise<void>
  /**
   * Stops serving streams: `/readyz` turns to 503, new streams end at once, open ones over `within` milliseconds (default
   * 3,000), each with a wait of its own before its client comes back. Resolves when all have ended. Webhooks are still taken.
   */
  drain(options?: { within?: number }): Promise<void>
}

const isFunction = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
)

const optionsSchema = z.strictObject({
  store: z.custom<EventStore>(
    (value) => typeof (value as EventStore | undefined)?.append === 'function',
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
    z.custom<SubscriptionTokens>(
      (value) => typeof (value as SubscriptionTokens | undefined)?.verify === 'function',
      'expected subscriptionTokens(secret)',
    ),
  ),
  authorizeSubscriber: z.optional(isFunction),
  basePath: z._default(
    z
      .string('expected text')
      .check(z.regex(/^(\/[^/?#]+)*$/, 'expected nothing, or a path like /kyc, without a slash at its end')),
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
  onError: z._default(isFunction, () => console.error),
})

/**
 * Makes the relay: a web-standard `(Request) => Promise<Response>` handler that takes the provider's webhooks in and
 * streams each one to its user. For `node:http` there is `toNodeHandler`.
 *
 * @throws {InvalidOptionsError} if an option can't work; the message names each one.
 */
export function createRelay(options: RelayOptions): Relay {
  return new KycRelay(options)
}

class KycRelay implements Relay {
  readonly #store: EventStore
  readonly #webhookTokens: WebhookTokens
  readonly #authorize: Authorize
  readonly #basePath: string
  readonly #cors: { allowedOrigins: readonly string[]; credentials: boolean }
  readonly #settings: StreamSettings
  readonly #onError: (error: unknown) => void
  readonly #hub: Hub
  #draining = false

  constructor(options: RelayOptions) {
    const parsed = parseOptions('createRelay', optionsSchema, options)
    this.#store = parsed.store
    this.#webhookTokens = new WebhookTokens(parsed.webhookTokens)
    this.#authorize = chooseAuthorization(options)
    this.#basePath = parsed.basePath
    this.#cors = { allowedOrigins: parsed.allowedOrigins, credentials: options.authorizeSubscriber !== undefined }
    this.#settings = { heartbeatInterval: parsed.heartbeatInterval, maxLifetime: parsed.maxLifetime }
    this.#onError = parsed.onError as (error: unknown) => void
    this.#hub = new Hub(parsed.heartbeatInterval)
    this.#store.listen((event) => this.#hub.dispatch(event))
  }

  fetch = async (request: Request): Promise<Response> => {
    try {
      return await this.#route(request)
    } catch (error) {
      if (error instanceof Problem) return error.toResponse()
      this.#onError(error)
      return new Problem(500, 'Something went wrong in the relay.').toResponse()
    }
  }

  disconnect(externalUserId: string): void {
    for (const subscriber of this.#hub.subscribers(externalUserId)) subscriber.end(goodbye())
  }

  async forget(externalUserId: string): Promise<void> {
    await this.#store.forget(externalUserId)
  }

  async drain({ within = 3000 } = {}): Promise<void> {
    this.#draining = true
    await Promise.all(
      this.#hub.subscribers().map(async (subscriber) => {
        await new Promise((resolve) => setTimeout(resolve, within * Math.random()))
        subscriber.end(goodbye())
      }),
    )
  }

  async #route(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith(`${this.#basePath}/`)) throw notFound()
    const path = pathname.slice(this.#basePath.length)

    const webhook = webhooks.find((candidate) => candidate.path === path)
    if (webhook) return ingest(request, webhook, { store: this.#store, webhookTokens: this.#webhookTokens })
    if (path === '/webhook/health' || path === '/healthz') return probe(request)
    if (path === '/readyz') return probe(request, await this.#unready())

    const user = /^\/events\/([^/]+)$/.exec(path)?.[1]
    if (user !== undefined) return this.#events(request, decode(user))
    throw notFound()
  }

  async #events(request: Request, externalUserId: string): Promise<Response> {
    const answer = await this.#answerEvents(request, externalUserId).catch((error: unknown) => {
      if (error instanceof Problem) return error.toResponse()
      throw error
    })
    return withCors(answer, request, this.#cors)
  }

  async #answerEvents(request: Request, externalUserId: string): Promise<Response> {
    if (request.method === 'OPTIONS') return preflight()
    if (request.method !== 'GET') throw methodNotAllowed('GET', 'OPTIONS')
    const subscription = await this.#authorize(request)
    if (subscription.externalUserId !== externalUserId) {
      throw new Problem(403, 'This credential belongs to another user than the path.')
    }
    const form = preferredForm(request.headers.get('accept'))
    if (form === null) throw new Problem(406, 'Expected Accept: text/event-stream, or application/json.')
    if (form === 'snapshot') return snapshot(externalUserId, this.#store)
    if (this.#draining) return emptyStream()
    return openStream(subscription, request.headers.get('last-event-id'), {
      store: this.#store,
      hub: this.#hub,
      settings: this.#settings,
    })
  }

  /** Why no traffic should come here, or `null`. */
  async #unready(): Promise<string | null> {
    if (this.#draining) return 'The relay is draining.'
    try {
      await this.#store.checkWritable?.()
      return null
    } catch (error) {
      this.#onError(error)
      return 'The store can not be written.'
    }
  }
}

function chooseAuthorization({ subscriptionTokens, authorizeSubscriber }: RelayOptions): Authorize {
  if (subscriptionTokens && !authorizeSubscriber) return authorizeByToken(subscriptionTokens)
  if (authorizeSubscriber && !subscriptionTokens) return authorizeByCallback(authorizeSubscriber)
  throw new InvalidOptionsError('createRelay: expected either subscriptionTokens or authorizeSubscriber')
}

function probe(request: Request, trouble: string | null = null): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed('GET', 'HEAD')
  if (trouble !== null) throw new Problem(503, trouble, { headers: { 'retry-after': '2' } })
  return new Response(null, { headers: { 'cache-control': 'no-store', 'content-length': '0' } })
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Problem(400, 'The path is not percent-encoded UTF-8.')
  }
}

function notFound(): Problem {
  return new Problem(404, 'There is nothing at this path.')
}
