import { checkOptions, expect, type Rules } from '../protocol/check-options.ts'
import { type Authorize, chooseAuthorization } from './access/authorize.ts'
import { SignOuts } from './access/sign-outs.ts'
import { preferredForm } from './http/accept.ts'
import { type Answer, answer } from './http/answer.ts'
import { ANSWER, type Answering, PASS_ON, REPORT } from './http/answering.ts'
import { allowOrigin, type CorsPolicy, preflight } from './http/cors.ts'
import { type Incoming, WebIncoming } from './http/incoming.ts'
import { methodNotAllowed, Problem, toProblem } from './http/problem.ts'
import { decodeSegment } from './http/segment.ts'
import { BackEnd } from './ingest/back-end.ts'
import { type IngestSettings, ingest, ingestUnknown, secondsSince } from './ingest/ingest.ts'
import { type Routes, routesOf } from './ingest/routes.ts'
import { WebhookTokens } from './ingest/webhook-tokens.ts'
import { parseRelayOptions, type RelayOptions } from './relay-options.ts'
import { toResponse } from './servers/web-response.ts'
import { Readiness } from './stores/readiness.ts'
import { Hub } from './streams/hub.ts'
import { emptyStream, goodbye, openStream, type StreamContext, snapshot } from './streams/subscribe.ts'
import type { Refusal, Report } from './telemetry/facts.ts'
import { logFacts } from './telemetry/log.ts'
import type { RelayMetrics } from './telemetry/metrics.ts'
import { passedOnWebhook, refusedWebhook } from './telemetry/refused.ts'
import { type AdminSettings, answerAdmin, USERS } from './users/admin.ts'
import { Users } from './users/users.ts'

export interface Relay {
  /**
   * Answers a request. It belongs to the relay whatever its path: see `handles`.
   *
   * @param native - the request as your server has it, for `authorizeSubscriber`.
   */
  fetch(request: Request, native?: unknown): Promise<Response>
  /**
   * Whether a path is the relay's: one of the webhooks, `/webhook/health`, `/events/…`, `/users/…` with `adminTokens`, `/healthz`, `/readyz`, `/metrics` where they are
   * on, and with `forward` all below `/webhook/`.
   *
   * @param path - the path of a URL as it was sent, with `basePath`, and without a query.
   */
  handles(path: string): boolean
  /**
   * Logs a user out. The streams of the user end, on every relay that shares the store: within 2 s, or as soon as a relay that
   * has lost the store has it back. Subscription tokens that were issued before are refused until they would have expired.
   * Resolves once the store has it as durably as an event.
   *
   * A store without `signOut` knows nothing of it: it then holds in this process, and for as long as that lives.
   *
   * @throws {StoreUnavailableError} if it could not be stored. The streams that are open here have ended; call it again.
   */
  disconnect(externalUserId: string): Promise<void>
  /**
   * Erases a user from the store, to the last byte, and ends the streams of the user as `disconnect` does. No token is refused
   * for it, and none that a log-out refuses is taken again. `sqliteStore` writes its file anew for it: half a second for 50 MB.
   *
   * @throws {StoreUnavailableError} if it could not be stored; call it again.
   */
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

const EVENTS = '/events/'
const WEBHOOKS = '/webhook/'
/** The provider probes it. */
const HEALTH = '/webhook/health'

/** The refusals of a stream that are counted, by status. */
const REFUSED: { readonly [status: number]: Refusal } = { 401: 'unauthorized', 403: 'forbidden', 406: 'not_acceptable' }

class KycRelay implements Relay, Answering {
  readonly #ingest: IngestSettings
  readonly #routes: Routes
  readonly #authorize: Authorize
  readonly #basePath: string
  readonly #cors: CorsPolicy
  readonly #streams: StreamContext
  readonly #hub: Hub
  readonly #users: Users
  readonly #admin: AdminSettings | null
  readonly #metrics: RelayMetrics | undefined
  readonly #isHealthServed: boolean
  readonly [REPORT]: Report
  readonly #stopListening: () => void
  readonly #readiness: Readiness
  #draining = false

  constructor(options: RelayOptions) {
    const parsed = parseRelayOptions(options)
    const { store } = parsed
    this.#metrics = parsed.metrics
    this.#isHealthServed = parsed.health
    this[REPORT] = tellAll([logFacts(parsed.logger, { userIds: parsed.logUserIds }), parsed.metrics?.report])
    this.#ingest = {
      store,
      webhookTokens: new WebhookTokens(parsed.webhookTokens),
      backEnd: BackEnd.of(parsed.forward, parsed.onWebhook),
      report: this[REPORT],
    }
    this.#routes = routesOf(parsed.webhooks)
    this.#authorize = chooseAuthorization(options)
    this.#basePath = parsed.basePath
    this.#cors = { allowedOrigins: parsed.allowedOrigins, credentials: parsed.authorizeSubscriber !== undefined }
    this.#hub = new Hub(parsed.heartbeatInterval, store)
    const signOuts = new SignOuts(store, parsed.subscriptionTokens?.maxLifetime)
    this.#streams = { store, signOuts, hub: this.#hub, settings: parsed, report: this[REPORT] }
    this.#users = new Users(store, signOuts, this.#hub)
    this.#admin = parsed.adminTokens
      ? { tokens: new WebhookTokens(parsed.adminTokens), users: this.#users, report: this[REPORT] }
      : null
    this.#readiness = new Readiness(store, (error) => this[REPORT]({ type: 'failed', task: 'check', error }))
    const stopListening = store.listen((event) => {
      const streams = this.#hub.dispatch(event)
      this[REPORT]({ type: 'delivered', externalUserId: event.externalUserId, event, streams })
    })
    const stopListeningToEndings = this.#users.listen()
    this.#stopListening = () => {
      stopListening()
      stopListeningToEndings()
    }
  }

  fetch = async (request: Request, native?: unknown): Promise<Response> => {
    // Some servers let a malformed Host through, and have no whole URL then.
    const incoming = URL.canParse(request.url)
      ? new WebIncoming(request, native)
      : new WebIncoming(
          request,
          native,
          request.url.replace(/[?#].*$/s, ''),
          new Problem(400, 'The request is malformed.'),
        )
    return toResponse(await this[ANSWER](incoming))
  }

  handles = (path: string): boolean => this.#find(this.#below(path)) !== null

  async [ANSWER](incoming: Incoming): Promise<Answer> {
    const began = performance.now()
    const path = this.#below(incoming.path)
    let said: Answer
    try {
      said = await this.#route(incoming, path)
    } catch (error) {
      const problem = toProblem(error)
      this.#tellRefused(incoming, path, problem, secondsSince(began))
      said = problem.toAnswer()
    }
    // A connection that stays open would be cut, and with it the next request on it, when the server closes.
    if (this.#draining) said.headers.connection = 'close'
    if (path?.startsWith(EVENTS)) allowOrigin(said.headers, incoming.header('origin'), this.#cors)
    return said
  }

  [PASS_ON](incoming: Incoming): boolean {
    if (this.handles(incoming.path)) return false
    if (incoming.method === 'POST' && this.#isAuthentic(incoming)) this[REPORT](passedOnWebhook(incoming))
    return true
  }

  async disconnect(externalUserId: string): Promise<void> {
    await this.#users.signOut(externalUserId)
  }

  async forget(externalUserId: string): Promise<void> {
    await this.#users.erase(externalUserId)
  }

  async drain(options: { within?: number } = {}): Promise<void> {
    checkOptions('drain', drainRules, options)
    const { within = 3000 } = options
    this.#draining = true
    const subscribers = this.#hub.subscribers()
    this[REPORT]({ type: 'draining', streams: subscribers.length })
    await Promise.all(
      subscribers.map(async (subscriber) => {
        await new Promise((resolve) => setTimeout(resolve, within * Math.random()))
        subscriber.end('draining', goodbye())
      }),
    )
    this.#stopListening()
  }

  /** A path below `basePath`; `null` outside of it. */
  #below(path: string): string | null {
    return path.startsWith(`${this.#basePath}/`) ? path.slice(this.#basePath.length) : null
  }

  /** What answers at a path, or `null`. */
  #find(path: string | null): Handler | null {
    if (path === null) return null
    const route = this.#routes.get(path)
    if (route) return (incoming) => ingest(incoming, route, this.#ingest)
    if (path.startsWith(EVENTS)) return (incoming) => this.#events(incoming, path.slice(EVENTS.length))
    if (path.startsWith(WEBHOOKS) && this.#ingest.backEnd?.maxBytes) return (incoming) => this.#forward(incoming, path)
    const admin = this.#admin
    if (path.startsWith(USERS) && admin) return (incoming) => answerAdmin(incoming, path, admin)
    if (path === HEALTH) return probe
    if (path === '/metrics' && this.#metrics) return exposition.bind(null, this.#metrics)
    if (!this.#isHealthServed) return null
    if (path === '/healthz') return probe
    return path === '/readyz' ? async (incoming) => probe(incoming, await this.#unready()) : null
  }

  #route(incoming: Incoming, path: string | null): Answer | Promise<Answer> {
    if (incoming.refusal) throw incoming.refusal
    const handler = this.#find(path)
    if (handler) return handler(incoming)
    if (incoming.method === 'POST' && path?.startsWith(WEBHOOKS)) return ingestUnknown(incoming, path, this.#ingest)
    throw new Problem(404, 'There is nothing at this path.')
  }

  /** Below `/webhook/` all that is posted is for the back end. */
  #forward(incoming: Incoming, path: string): Answer | Promise<Answer> {
    if (incoming.method === 'POST') return ingestUnknown(incoming, path, this.#ingest)
    if (path === HEALTH) return probe(incoming)
    throw methodNotAllowed('POST')
  }

  async #events(incoming: Incoming, user: string): Promise<Answer> {
    if (!/^[^/]+$/.test(user)) throw new Problem(404, 'There is nothing at this path.')
    try {
      return await this.#answerEvents(incoming, decodeSegment(user))
    } catch (error) {
      const reason = error instanceof Problem && REFUSED[error.status]
      if (reason) this[REPORT]({ type: 'refused', reason })
      throw error
    }
  }

  async #answerEvents(incoming: Incoming, externalUserId: string): Promise<Answer> {
    if (incoming.method === 'OPTIONS') return preflight()
    if (incoming.method !== 'GET') throw methodNotAllowed('GET', 'OPTIONS')
    const subscription = await this.#authorize(incoming)
    if (subscription.externalUserId !== externalUserId) {
      throw new Problem(403, 'This credential belongs to another user than the path.')
    }
    const form = preferredForm(incoming.header('accept'))
    if (form === null) throw new Problem(406, 'Expected Accept: text/event-stream, or application/json.')
    // An empty header names no event, as an empty id of a frame does (HTML standard, 9.2.6).
    const lastEventId = incoming.header('last-event-id') || null
    if (form === 'snapshot') return snapshot(subscription, lastEventId, this.#streams)
    if (!this.#draining) return openStream(subscription, lastEventId, this.#streams)
    this[REPORT]({ type: 'refused', reason: 'draining' })
    return emptyStream()
  }

  /** Why no traffic should come here, or `null`. */
  async #unready(): Promise<string | null> {
    if (this.#draining) return 'The relay is draining.'
    return (await this.#readiness.isWritable()) ? null : 'The store cannot be written to.'
  }

  #isAuthentic(incoming: Incoming): boolean {
    return this.#ingest.webhookTokens.accept(incoming.header('authorization') ?? '')
  }

  /** The one place where it is told what became of a request that was refused: each POST leaves one line and one count. */
  #tellRefused(incoming: Incoming, path: string | null, problem: Problem, seconds: number): void {
    if (incoming.method === 'POST' || (path !== null && this.#routes.has(path))) {
      const isAuthentic = problem.isSigned || this.#isAuthentic(incoming)
      this[REPORT](refusedWebhook(incoming, problem, isAuthentic, seconds))
    } else if (problem.status === 500) {
      this[REPORT]({ type: 'failed', task: 'request', error: problem.cause ?? problem })
    }
  }
}

const drainRules: Rules = {
  within: expect((ms) => Number.isFinite(ms) && Number(ms) >= 0, 'expected milliseconds, 0 or more'),
}

/** Answers a request at a path of the relay's. */
type Handler = (incoming: Incoming) => Answer | Promise<Answer>

/** Tells each of them. A logger that throws must not turn a webhook that was stored into one that is delivered again. */
function tellAll(reports: readonly (Report | undefined)[]): Report {
  return (fact) => {
    for (const report of reports) {
      try {
        report?.(fact)
      } catch (error) {
        console.error('kyc-upload-status: the logger or the metrics failed', error)
      }
    }
  }
}

async function exposition(metrics: RelayMetrics, { method }: Incoming): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed('GET', 'HEAD')
  const { contentType, text } = await metrics.expose()
  const headers = { 'content-type': contentType, 'cache-control': 'no-store' }
  return answer(200, headers, method === 'HEAD' ? null : text)
}

function probe({ method }: Incoming, trouble: string | null = null): Answer {
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed('GET', 'HEAD')
  if (trouble !== null) throw new Problem(503, trouble, { headers: { 'retry-after': '2' } })
  return answer(200, { 'cache-control': 'no-store', 'content-length': '0' })
}
