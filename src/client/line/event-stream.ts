import {
  aFunction,
  checkOptions,
  duration,
  expect,
  MAX_DELAY,
  type Rules,
  text,
  timeout,
} from '../../protocol/check-options.ts'
import { moment, since } from '../clock.ts'
import { KycStatusError, type KycStatusErrorCode } from '../errors.ts'
import { onAbort, orAbort } from '../timers.ts'
import { type ConnectionOptions, connection, keep } from './connection.ts'
import type { StreamMessage } from './parser.ts'
import { createPause, type PauseReason } from './pause.ts'
import { type PolicyOptions, policyRules, readWaits } from './policy.ts'
import { browserPresence, type Presence } from './presence.ts'
import type { RequestContext } from './request.ts'
import type { Refusal } from './verdict.ts'

/** An item of an event stream: a message, or a change of the stream's state, which has no `type`. */
export type EventStreamItem =
  | StreamMessage
  | { type?: never; state: 'connecting' | 'open' | 'reconnecting' }
  | { type?: never; state: 'paused'; pauseReason: PauseReason }
  /** The last item. */
  | { type?: never; state: 'failed'; error: KycStatusError }

export interface EventStreamOptions extends PolicyOptions {
  /** Sent with each request. A function is called before each request, and once more, with another reason, after a 401. */
  headers?: HeadersInit | ((context: RequestContext) => HeadersInit | Promise<HeadersInit>)
  /** Default: the global `fetch`. */
  fetch?: typeof fetch
  /** Ends the stream. */
  signal?: AbortSignal
  /** Where to begin, as the `Last-Event-ID` of the first request. Default: at what is live. */
  lastEventId?: string
  /** Default `same-origin`, as a native EventSource without `withCredentials`. */
  credentials?: RequestCredentials
  /** Milliseconds without a byte after which a line counts as dead; comments are bytes too. Default: it never does. */
  silenceTimeout?: number
  /**
   * The longest event, in bytes. A longer one ends the line, which comes back; where it brings one again, the stream has
   * `failed`. Default 16 MiB.
   */
  maxEventBytes?: number
  /** Says whether the page is visible and online. Default: what the browser says. */
  presence?: Presence
}

const rules: Rules = {
  ...policyRules,
  headers: expect(isHeaders, 'expected headers, or a function that returns them'),
  fetch: aFunction,
  signal: expect((value) => typeof Object(value).addEventListener === 'function', 'expected an AbortSignal'),
  lastEventId: text,
  credentials: expect(
    (value) => value === 'omit' || value === 'same-origin' || value === 'include',
    "expected 'omit', 'same-origin' or 'include'",
  ),
  silenceTimeout: timeout,
  maxEventBytes: duration,
}

function isHeaders(value: unknown): boolean {
  if (typeof value === 'function') return true
  try {
    void new Headers(value as HeadersInit)
    return true
  } catch {
    return false
  }
}

/** HTML standard, 9.2.2: these "fail the connection", for good. */
const FINALS: readonly KycStatusErrorCode[] = ['unauthorized', 'forbidden', 'not_found', 'refused', 'bad_response']

/** There are no snapshots in the place of a stream. */
const NO_BODY: Refusal = {
  type: 'refused',
  error: new KycStatusError('bad_response', 'expected a fetch whose response has a body to read'),
  after: 0,
}

/**
 * Reads any event stream by the HTML standard's rules, and keeps it open: after a lost line it comes back from the last event
 * id. It ends when `signal` aborts, when nobody reads it any more, or after `failed`: by that standard 204, 404, or a wrong
 * content type is final. An event that is longer than `maxEventBytes` and comes again is final, too.
 *
 * @throws {InvalidOptionsError} if an option can't work, when it is first read.
 */
export function openEventStream(
  url: string | URL,
  options: EventStreamOptions = {},
): AsyncGenerator<EventStreamItem, void> {
  const ended = new AbortController()
  const items = read(url, options, ended)
  // A generator's own `return` waits for the item that was asked for, which may never come.
  const end = <T>(close: () => T): T => {
    ended.abort()
    return close()
  }
  return Object.assign(Object.create(items) as typeof items, {
    next: () => items.next(),
    return: () => end(() => items.return()),
    throw: (error: unknown) => end(() => items.throw(error)),
  })
}

async function* read(
  url: string | URL,
  options: EventStreamOptions,
  ended: AbortController,
): AsyncGenerator<EventStreamItem, void> {
  checkOptions('openEventStream', rules, options)
  const { headers = {}, credentials = 'same-origin', signal, silenceTimeout = MAX_DELAY } = options
  const { maxEventBytes = 16 * 1024 * 1024 } = options
  const stop = signal && onAbort(signal, () => ended.abort())
  let position = options.lastEventId ?? ''
  let openedAt = moment()
  /** Where the last event came that was too long. */
  let tooLongAt: string | undefined

  try {
    const pause = createPause(options.presence ?? browserPresence)
    const line: ConnectionOptions = {
      url: String(url),
      fetch: options.fetch,
      headers: typeof headers === 'function' ? (context) => orAbort(headers(context), context.signal) : () => headers,
      credentials,
      policy: { ...readWaits(options), canRefresh: typeof headers === 'function', finals: FINALS },
      pause,
      lastEventId: () => position,
      silenceTimeout: () => silenceTimeout,
      maxEventBytes,
      readSnapshot: async () => NO_BODY,
    }
    for await (const event of keep(() => connection(line), pause, ended.signal)) {
      switch (event.type) {
        case 'message':
          yield event.message
          break
        case 'position':
          position = event.lastEventId
          break
        case 'connecting':
        case 'open':
          openedAt = moment()
          yield { state: event.type }
          break
        case 'waiting':
          if (event.cause?.code === 'bad_response') {
            // An event that is too long soon after its line has opened, where one was before, is the same one.
            if (position === tooLongAt && since(openedAt) < line.policy.stableAfter) {
              yield { state: 'failed', error: event.cause }
              return
            }
            tooLongAt = position
          }
          yield { state: 'reconnecting' }
          break
        case 'paused':
          yield { state: 'paused', pauseReason: event.reason }
          break
        case 'failed':
          yield { state: 'failed', error: event.error }
          return
      }
    }
  } finally {
    ended.abort()
    stop?.()
  }
}
