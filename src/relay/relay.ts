import { webhooks } from '../protocol/webhooks.ts'
import { preferredForm } from './accept.ts'
import type { Authorize } from './authorize.ts'
import { type CorsPolicy, preflight, withCors } from './cors.ts'
import { Hub } from './hub.ts'
import { type IngestSettings, ingest } from './ingest.ts'
import { methodNotAllowed, Problem } from './problem.ts'
import { chooseAuthorization, parseRelayOptions, type RelayOptions } from './relay-options.ts'
import type { EventStore } from './store.ts'
import { emptyStream, goodbye, openStream, type StreamSettings, snapshot } from './subscribe.ts'
import { WebhookTokens } from './webhook-tokens.ts'

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
  readonly #ingest: IngestSettings
  readonly #authorize: Authorize
  readonly #basePath: string
  readonly #cors: CorsPolicy
  readonly #settings: StreamSettings
  readonly #onError: (error: unknown) => void
  readonly #hub: Hub
  readonly #stopListening: () => void
  #draining = false

  constructor(options: RelayOptions) {
    const parsed = parseRelayOptions(options)
    this.#store = parsed.store
    this.#ingest = {
      store: parsed.store,
      webhookTokens: new WebhookTokens(parsed.webhookTokens),
      deliveryId: parsed.deliveryId,
      onError: parsed.onError,
    }
    this.#authorize = chooseAuthorization(options)
    this.#basePath = parsed.basePath
    this.#cors = { allowedOrigins: parsed.allowedOrigins, credentials: parsed.authorizeSubscriber !== undefined }
    this.#settings = { heartbeatInterval: parsed.heartbeatInterval, maxLifetime: parsed.maxLifetime }
    this.#onError = parsed.onError
    this.#hub = new Hub(parsed.heartbeatInterval)
    this.#stopListening = this.#store.listen((event) => this.#hub.dispatch(event))
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
    this.#stopListening()
  }

  async #route(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith(`${this.#basePath}/`)) throw notFound()
    const path = pathname.slice(this.#basePath.length)

    const webhook = webhooks.find((candidate) => candidate.path === path)
    if (webhook) return ingest(request, webhook, this.#ingest)
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
    if (form === 'snapshot') return snapshot(externalUserId, this.#store, this.#onError)
    if (this.#draining) return emptyStream()
    return openStream(subscription, request.headers.get('last-event-id'), {
      store: this.#store,
      hub: this.#hub,
      onError: this.#onError,
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
