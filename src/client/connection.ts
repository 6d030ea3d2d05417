import { createParser } from 'eventsource-parser'
import type { Snapshot } from '../protocol/frames.ts'
import { type Backoff, backoffDelay } from './backoff.ts'
import type { KycStatusError } from './errors.ts'
import type { Pause, PauseReason } from './pause.ts'
import { request, unauthorized } from './request.ts'
import { orAbort, Watchdog } from './timers.ts'

/** A stream event is a few hundred characters; this much without an end is no stream of ours. */
const MAX_BUFFER_CHARACTERS = 65_536

/** After as many streams that brought nothing in time, a proxy may be what swallows them. */
const SWALLOWED_STREAMS = 2

/** What is told to whoever makes the headers of a request. */
export interface RequestContext {
  /** `unauthorized`: the server refused the credential before this one. */
  reason: 'connect' | 'unauthorized'
  /** Aborts when the connection is not wanted any more. */
  signal: AbortSignal
}

export interface ConnectionPolicy {
  backoff: Backoff
  /** Milliseconds from the request to the answer, and to the first message that makes the stream ready. */
  connectTimeout: number
  /** Milliseconds that a stream must hold before the failures before it are forgotten. */
  stableAfter: number
}

export interface ConnectionOptions {
  url: string
  fetch: typeof fetch
  /** Asked for before each request. */
  headers(context: RequestContext): HeadersInit | Promise<HeadersInit>
  /** Whether a refused credential may be replaced by another one. */
  canRefresh: boolean
  credentials: RequestCredentials
  policy: ConnectionPolicy
  pause: Pause
  signal: AbortSignal
  /** Where to resume; asked for before each request. */
  lastEventId(): string | null
  /** Milliseconds of silence after which a line counts as dead; asked for whenever something has arrived. */
  silenceTimeout(): number
  /** Whether a stream is of use now that this message has come, or `null` now that it is open. It has `connectTimeout` for it. */
  isReady(message: StreamMessage | null): boolean
  /** Done instead of waiting where streams are not ready in time, twice in a row: a proxy swallows them. */
  fallback(signal: AbortSignal): AsyncGenerator<ConnectionEvent, void>
}

/** A message of an event stream. */
export interface StreamMessage {
  /** The name of its `event` field, or `message`. */
  type: string
  data: string
  /** The last event id of the stream so far. */
  lastEventId: string
}

export type ConnectionEvent =
  | { type: 'connecting' }
  /** The server has answered with a stream. */
  | { type: 'open' }
  /** Something has arrived, be it a comment. */
  | { type: 'heard' }
  | { type: 'message'; message: StreamMessage }
  /** An event without data has moved the last event id. */
  | { type: 'position'; lastEventId: string }
  /** The stream is lost; the next attempt comes by itself. */
  | { type: 'waiting' }
  /** What the stream would have brought, asked for by a request of its own. `isFollowing`: another tab says when to ask. */
  | { type: 'polled'; snapshot: Snapshot; isFollowing: boolean }
  /** No connection is wanted now; it comes back by itself. */
  | { type: 'paused'; reason: PauseReason }
  /** The last event: trying again would not help. */
  | { type: 'failed'; error: KycStatusError }

type Ending =
  | { type: 'unauthorized' }
  | { type: 'fatal'; error: KycStatusError }
  /** `heldFor`: milliseconds that it was open and of use. `isSwallowed`: nothing of use came in time. */
  | { type: 'lost'; after: number | null; heldFor: number; isSwallowed: boolean }

/** Keeps one stream open for as long as it is wanted. */
export async function* connect(options: ConnectionOptions): AsyncGenerator<ConnectionEvent, void> {
  const release = options.pause.hold()
  try {
    yield* keepOpen(options)
  } finally {
    release()
  }
}

/** All of the policy is in this loop. */
async function* keepOpen(options: ConnectionOptions): AsyncGenerator<ConnectionEvent, void> {
  const { policy, pause, signal } = options
  const backoff = { ...policy.backoff }
  let failures = 0
  let swallowed = 0
  let reason: RequestContext['reason'] = 'connect'

  while (!signal.aborted) {
    if (pause.reason) {
      yield { type: 'paused', reason: pause.reason }
      await pause.changed(signal)
      continue
    }
    yield { type: 'connecting' }
    const wanted = pause.wanted(signal)
    const ending = yield* attempt({ ...options, signal: wanted.signal }, reason, backoff)
    wanted.release()
    if (wanted.signal.aborted) continue

    switch (ending.type) {
      case 'fatal':
        yield { type: 'failed', error: ending.error }
        return
      case 'unauthorized':
        if (reason === 'unauthorized' || !options.canRefresh) {
          yield { type: 'failed', error: unauthorized() }
          return
        }
        reason = 'unauthorized'
        break
      case 'lost': {
        reason = 'connect'
        swallowed = ending.isSwallowed ? swallowed + 1 : 0
        if (ending.heldFor >= policy.stableAfter) failures = 0
        const delay = backoffDelay(failures, backoff)
        failures++
        if (swallowed >= SWALLOWED_STREAMS) {
          yield* options.fallback(signal)
          break
        }
        yield { type: 'waiting' }
        await pause.sleep({ atLeast: ending.after ?? 0, atMost: Math.max(delay, ending.after ?? 0) }, signal)
      }
    }
  }
}

/** One request, from its headers to the end of its stream. */
async function* attempt(
  { signal: parent, policy, lastEventId, silenceTimeout, isReady, ...source }: ConnectionOptions,
  reason: RequestContext['reason'],
  backoff: Backoff,
): AsyncGenerator<ConnectionEvent, Ending> {
  const watchdog = new Watchdog(parent)
  let openedAt: number | null = null
  let isUseful = false
  const lost = (after: number | null = null): Ending => ({
    type: 'lost',
    after,
    heldFor: isUseful && openedAt !== null ? Date.now() - openedAt : 0,
    isSwallowed: watchdog.isExpired && !isUseful,
  })
  try {
    watchdog.feed(policy.connectTimeout)
    let position = lastEventId() ?? ''
    const { signal } = watchdog
    const { response, verdict } = await request({ ...source, signal, accept: 'text/event-stream', position, reason })
    if (verdict.type === 'retry') return lost(verdict.after)
    if (verdict.type !== 'open') return verdict
    if (!response.body) return lost()

    openedAt = Date.now()
    isUseful = isReady(null)
    if (isUseful) watchdog.feed(silenceTimeout())
    yield { type: 'open' }
    const events: ConnectionEvent[] = []
    const parser = createParser({
      // It comes before `onEvent`, and also for a block that has no data.
      onId: (id) => {
        position = id
        events.push({ type: 'position', lastEventId: id })
      },
      onEvent: ({ event = 'message', data }) => {
        events.push({ type: 'message', message: { type: event, data, lastEventId: position } })
      },
      onRetry: (ms) => {
        backoff.base = Math.max(ms, policy.backoff.base)
      },
      maxBufferSize: MAX_BUFFER_CHARACTERS,
    })
    // "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any." The parser does; both would strip two.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await orAbort(reader.read(), watchdog.signal)
      // "Once the end of the file is reached, any pending data must be discarded."
      if (done) return lost()
      yield { type: 'heard' }
      parser.feed(decoder.decode(value, { stream: true }))
      for (const event of events.splice(0)) {
        isUseful ||= event.type === 'message' && isReady(event.message)
        yield event
      }
      if (isUseful) watchdog.feed(silenceTimeout())
    }
  } catch {
    // The network, a server that stayed silent, or a page that could not get a token: all of it may heal.
    return lost()
  } finally {
    watchdog.stop()
  }
}
