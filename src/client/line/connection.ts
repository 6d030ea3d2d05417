import { type Moment, moment, since } from '../clock.ts'
import { KycStatusError } from '../errors.ts'
import type { Received, ReceivedSnapshot } from '../knowledge/received.ts'
import { orAbort, watchdog } from '../timers.ts'
import type { Backoff } from './backoff.ts'
import type { LineEvent } from './line-state.ts'
import { createParser, type StreamMessage } from './parser.ts'
import type { Pause } from './pause.ts'
import { decide, type Ending, NO_TROUBLE, type Step } from './policy.ts'
import type { Answer } from './polling.ts'
import { noAnswer, type RequestContext, request, type Source } from './request.ts'

/** A relay that ends a stream with a `retry:` of this many milliseconds or more has no room for it. A drain asks for 3 s at most. */
const NO_ROOM = 5000

export interface ConnectionOptions extends Source {
  pause: Pause
  /** The longest event, in bytes. */
  maxEventBytes: number
  /** Milliseconds of silence after which a line counts as dead; asked for whenever something has arrived. */
  silenceTimeout(): number
  /**
   * Reads a message, and throws if it can't. With it a stream is of use from its `sync` on, which must come within
   * `connectTimeout`. Without it a stream is of use from its headers on.
   */
  read?(message: StreamMessage): Received
  /** Asks for a snapshot, which takes the place of a stream where streams don't work. */
  readSnapshot(signal: AbortSignal): Promise<Answer>
  /** Never tries a stream. */
  isPolling?: boolean
}

export type ConnectionEvent =
  | Exclude<LineEvent, { type: 'started' | 'stopped' | 'synced' }>
  /** The server has answered with a stream. */
  | { type: 'open' }
  /** Bytes have arrived. A comment counts. */
  | { type: 'heard' }
  | { type: 'message'; message: StreamMessage; received: Received | undefined }
  /** An event without data has moved the last event id. */
  | { type: 'position'; lastEventId: string }
  /** A snapshot has come. `isFollowing`: another tab has the stream, and says when to ask. */
  | { type: 'polled'; snapshot: ReceivedSnapshot; isFollowing: boolean }

/** Opens a line, until `signal` aborts or it has failed. */
export type Open = (signal: AbortSignal) => AsyncGenerator<ConnectionEvent, void>

/**
 * Keeps a line open while it is wanted. After a line has failed, it makes another one when somebody comes back to the page, or
 * the network does.
 */
export async function* keep(
  make: () => Open,
  pause: Pause,
  signal: AbortSignal,
): AsyncGenerator<ConnectionEvent, void> {
  // No change is missed between two of the waits below.
  const release = pause.hold()
  let open = make()
  try {
    while (!signal.aborted) {
      if (pause.reason) {
        yield { type: 'paused', reason: pause.reason }
        await pause.over(signal)
        continue
      }
      const wanted = pause.wanted(signal)
      try {
        yield* open(wanted.signal)
        if (wanted.signal.aborted) continue
        await pause.cameBack(signal)
        open = make()
      } finally {
        wanted.abort()
      }
    }
  } finally {
    release()
  }
}

/**
 * A stream that is opened again whenever it is lost. Over a pause it remembers its failures, and how long the server wants to
 * be left alone.
 */
export function connection(options: ConnectionOptions): Open {
  const policy = { ...options.policy, backoff: { ...options.policy.backoff } }
  let trouble = { ...NO_TROUBLE, polls: options.isPolling ? Number.POSITIVE_INFINITY : 0 }
  let step: Step | undefined
  let decidedAt = moment()

  return async function* open(signal) {
    if (step?.type === 'waiting') {
      const left = step.atLeast - since(decidedAt)
      if (left > 0) {
        yield step
        await options.pause.sleep({ atLeast: left, atMost: left }, signal)
      }
    }
    while (!signal.aborted) {
      yield { type: 'connecting' }
      const reason = trouble.isRefused ? 'unauthorized' : 'connect'
      const ending = yield* trouble.polls > 0 ? poll(options, signal) : stream(options, signal, reason, policy.backoff)
      if (signal.aborted) return
      ;({ trouble, step } = decide(trouble, ending, policy))
      decidedAt = moment()
      if (step.type === 'again') continue
      yield step
      if (step.type === 'failed') return
      await options.pause.sleep(step, signal)
    }
  }
}

/** One request for a snapshot. */
async function* poll(
  { readSnapshot }: ConnectionOptions,
  signal: AbortSignal,
): AsyncGenerator<ConnectionEvent, Ending> {
  const answer = await readSnapshot(signal)
  if (answer.type === 'polled' && !signal.aborted) yield { ...answer, isFollowing: false }
  return answer
}

/** One request for a stream, from its headers to its end. */
async function* stream(
  options: ConnectionOptions,
  parent: AbortSignal,
  reason: RequestContext['reason'],
  backoff: Backoff,
): AsyncGenerator<ConnectionEvent, Ending> {
  const { lastEventId, silenceTimeout, read, maxEventBytes } = options
  const watch = watchdog(parent)
  const { signal } = watch
  const leastBackoff = options.policy.backoff.base
  let usefulSince: Moment | null = null
  let told = 0
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  const ended = (cause: KycStatusError | null, how: Partial<Ending & { type: 'ended' }> = {}): Ending => {
    const heldFor = usefulSince ? since(usefulSince) : 0
    return { type: 'ended', cause, heldFor, ...how }
  }
  try {
    watch.feed(options.policy.connectTimeout)
    const position = lastEventId() ?? ''
    const { response, refusal } = await request(options, { signal, accept: 'text/event-stream', position, reason })
    if (refusal) return refusal
    if (!response.body?.getReader) return ended(null, { hasNoBody: true })

    if (!read) {
      usefulSince = moment()
      watch.feed(silenceTimeout())
    }
    yield { type: 'open' }
    const parse = createParser(position, maxEventBytes)
    reader = response.body.getReader()
    for (;;) {
      const { done, value } = await orAbort(reader.read(), signal)
      // "Once the end of the file is reached, any pending data must be discarded."
      if (done) {
        const isServed = read !== undefined && usefulSince !== null && told >= NO_ROOM
        const early = new KycStatusError('unavailable', 'the stream ended early')
        return ended(usefulSince ? null : early, { isServed })
      }
      yield { type: 'heard' }
      for (const said of parse(value)) {
        if ('retry' in said) {
          told = said.retry
          backoff.base = Math.max(told, leastBackoff)
        } else if ('lastEventId' in said) {
          yield { type: 'position', ...said }
        } else {
          const received = read?.(said.message)
          if (received?.sync) usefulSince = moment()
          yield { type: 'message', ...said, received }
        }
      }
      if (usefulSince) watch.feed(silenceTimeout())
    }
  } catch (error) {
    // The network, a server that stayed silent, or a page that could not get a token: all of it may heal.
    const cause = noAnswer(error, watch.isExpired())
    return ended(cause, { isSwallowed: read !== undefined && cause.code === 'timeout' && !usefulSince })
  } finally {
    watch.stop()
    // Not every `fetch` listens to its signal.
    reader?.cancel().catch(() => {})
  }
}
