import type { Snapshot } from '../protocol/frames.ts'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import type { KycFileEvent } from '../protocol/webhooks/kyc-file.ts'
import { MockClock } from './clock.ts'
import { type EmittedStep, readEmitted } from './emitted.ts'
import { MockHistory } from './history.ts'
import { MockLine } from './line.ts'
import { type MockRelayOptions, parseMockRelayOptions } from './options.ts'
import { route } from './route.ts'
import { COMMENT, encodeEvent, encodeRetry, encodeSync } from './wire.ts'

/** A request for a user's events. */
export interface ReceivedRequest {
  externalUserId: string
  /** Where it resumes; `null` without the header `Last-Event-ID` or with an empty one. `null` is a missing header below, too. */
  lastEventId: string | null
  authorization: string | null
  accept: string | null
}

/** Answers a request in the relay's place. */
export type Responder = (request: Request) => Response | Promise<Response>

/**
 * A relay in memory: a `fetch` that speaks the relay's protocol, and the strings to pull. For tests and stories.
 *
 * It serves whoever asks: it checks no credential, and knows no limits of streams and of time. `respond(401)` is what a
 * client with a bad credential sees.
 */
export interface MockRelay {
  /** For `createKycStatusClient({ url, fetch })`. Each relay has its own, so that what a tab keeps of two doesn't meet. */
  readonly url: string
  /** Answers as the relay does, whatever the host and the base path: `fetch(request)` or `fetch(url, init)`. */
  readonly fetch: typeof fetch
  /** How many streams are open. */
  readonly connections: number
  /** How many requests have come so far, whatever became of them. */
  readonly requests: number
  /** How many streams have been opened so far. */
  readonly opened: number
  /** What has been asked for so far, in order: the requests for events of a user, whatever became of them. */
  readonly received: readonly ReceivedRequest[]
  /**
   * The provider's webhook *KYC File Added* has come, or another one: `{ frame: 'poa', status: 'APPROVED' }`.
   *
   * @throws {InvalidOptionsError} for what the relay would refuse, and for a frame that is not the Partner API's without a
   *   state.
   */
  emit(externalUserId: string, webhook: KycFileEvent['status'] | EmittedStep): void
  /** Sends a heartbeat on every line. None is sent otherwise. */
  comment(): void
  /** The lines break, as when a network goes away. The next request is answered as before. */
  drop(): void
  /**
   * Ends the lines as a relay does that drains: cleanly, after it has said how long to wait.
   *
   * @param options.retry - that time in milliseconds. Default 2,000; a real relay spreads it between 1,000 and 3,000.
   */
  closeCleanly(options?: { retry?: number }): void
  /**
   * From now on requests are answered with this status and no body, or with what this function returns, or fail as they do
   * without a network. `null`: they are served again. Lines that are open stay as they are.
   *
   * @throws {InvalidOptionsError} for a status outside of 200 to 599.
   */
  respond(how: number | Responder | 'network' | null): void
  /** From now on requests are never answered, until `respond(null)`. */
  hang(): void
  /** From now on streams open and nothing ever comes, as behind a proxy that holds it back; snapshots are served. */
  swallow(): void
}

type Mode = 'serve' | 'swallow' | 'hang' | 'network' | number | Responder

/** What a client is told to wait before it reconnects, in milliseconds. */
const RETRY = 2000

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
}
const SNAPSHOT_HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

// Not the same after a reload, because session storage outlives it: what was kept for a relay that is gone is not this one's.
let relays = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0

/** @throws {InvalidOptionsError} if an option can't work; the message names each one. */
export function createMockRelay(options: MockRelayOptions = {}): MockRelay {
  const { now, heartbeat } = parseMockRelayOptions(options)
  const url = `http://mock-relay-${++relays}.test`
  const clock = new MockClock(now)
  const history = new MockHistory(clock)
  const lines = new Set<MockLine>()
  const swallowed = new Set<MockLine>()
  const waiting = new Set<Request>()
  const received: ReceivedRequest[] = []
  let requests = 0
  let opened = 0
  let mode: Mode = 'serve'

  function openStream(externalUserId: string, request: Request): Response {
    const line = new MockLine(externalUserId, request, (ended) => {
      lines.delete(ended)
      swallowed.delete(ended)
    })
    opened++
    if (mode === 'swallow') {
      swallowed.add(line)
    } else {
      lines.add(line)
      const { events, cursor, complete, now } = history.since(externalUserId, lastEventIdOf(request))
      const sync = encodeSync({ cursor, now: new Date(now).toISOString(), complete, heartbeat })
      line.write([encodeRetry(RETRY), ...events.map(encodeEvent), sync].join(''))
    }
    return new Response(line.body, { headers: STREAM_HEADERS })
  }

  function snapshot(externalUserId: string, request: Request): Response {
    const lastEventId = lastEventIdOf(request)
    const { events, cursor, complete, now } = history.since(externalUserId, lastEventId)
    const body: Snapshot = {
      cursor,
      now: new Date(now).toISOString(),
      events: events.map(({ id, frame, data }) => ({ id, event: frame, data })),
      ...(lastEventId !== null && { complete }),
    }
    return new Response(JSON.stringify(body), { headers: SNAPSHOT_HEADERS })
  }

  function note(request: Request, externalUserId: string): void {
    received.push({
      externalUserId,
      lastEventId: lastEventIdOf(request),
      authorization: request.headers.get('authorization'),
      accept: request.headers.get('accept'),
    })
  }

  /** Rejects once the request is aborted. It is held until then, because its signal would be collected with it. */
  function abortOf(request: Request): Promise<never> {
    waiting.add(request)
    return new Promise((_, reject) => {
      const abort = () => {
        waiting.delete(request)
        reject(request.signal.reason)
      }
      request.signal.addEventListener('abort', abort, { once: true })
    })
  }

  async function respondTo(request: Request, responder: Responder): Promise<Response> {
    const aborted = abortOf(request)
    const answer = Promise.resolve(request).then(responder)
    return Promise.race([answer, aborted]).finally(() => waiting.delete(request))
  }

  return {
    url,
    get connections() {
      return lines.size + swallowed.size
    },
    get requests() {
      return requests
    },
    get opened() {
      return opened
    },
    received,
    async fetch(input, init) {
      const request = new Request(typeof input === 'string' ? new URL(input, url).href : input, init)
      request.signal.throwIfAborted()
      requests++
      const asked = route(request)
      if (asked.externalUserId !== null) note(request, asked.externalUserId)
      if (mode === 'network') throw new TypeError('Failed to fetch')
      if (mode === 'hang') return abortOf(request)
      if (typeof mode === 'number') return new Response(null, { status: mode })
      if (typeof mode === 'function') return respondTo(request, mode)
      if (asked.form === 'other') return asked.answer
      return asked.form === 'stream'
        ? openStream(asked.externalUserId, request)
        : snapshot(asked.externalUserId, request)
    },
    emit(externalUserId, webhook) {
      const { frame, data } = readEmitted(externalUserId, webhook)
      const event = history.append(frame, data)
      for (const line of lines) if (line.externalUserId === externalUserId) line.write(encodeEvent(event))
    },
    comment() {
      for (const line of lines) line.write(COMMENT)
    },
    drop() {
      for (const line of [...lines, ...swallowed]) line.break(new TypeError('network error'))
    },
    closeCleanly({ retry = RETRY } = {}) {
      if (!(Number.isInteger(retry) && retry >= 0)) {
        throw new InvalidOptionsError('closeCleanly: retry: expected whole milliseconds, 0 or more')
      }
      for (const line of lines) line.write(encodeRetry(retry))
      for (const line of [...lines, ...swallowed]) line.end()
    },
    respond(how) {
      if (typeof how === 'number' && !(Number.isInteger(how) && how >= 200 && how <= 599)) {
        throw new InvalidOptionsError('respond: expected a status from 200 to 599')
      }
      mode = how ?? 'serve'
    },
    hang() {
      mode = 'hang'
    },
    swallow() {
      mode = 'swallow'
    },
  }
}

/** An empty header names no event. */
function lastEventIdOf({ headers }: Request): string | null {
  return headers.get('last-event-id') || null
}
