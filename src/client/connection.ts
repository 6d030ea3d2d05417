import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { type Backoff, backoffDelay } from './backoff.ts'
import { KycStatusError } from './errors.ts'
import { sleep, Watchdog } from './timers.ts'
import { judge } from './verdict.ts'

/** A stream event is a few hundred characters; this much without an end is no stream of ours. */
const MAX_BUFFER_CHARACTERS = 65_536

/** Asked for before each request, so that a token never outlives its time. */
export type GetToken = (context: {
  /** `unauthorized`: the relay refused the token before this one. */
  reason: 'connect' | 'unauthorized'
  /** Aborts when the connection is not wanted any more. */
  signal: AbortSignal
}) => string | Promise<string>

export interface ConnectionPolicy {
  backoff: Backoff
  /** Milliseconds from the request to the answer. */
  connectTimeout: number
  /** Milliseconds that a stream must hold before the failures before it are forgotten. */
  stableAfter: number
}

export interface ConnectionOptions {
  url: string
  fetch: typeof fetch
  getToken: GetToken | undefined
  policy: ConnectionPolicy
  signal: AbortSignal
  /** Where to resume; asked for before each request. */
  lastEventId(): string | null
  /** Milliseconds of silence after which a line counts as dead; asked for whenever something has arrived. */
  silenceTimeout(): number
}

export type ConnectionEvent =
  | { type: 'connecting' }
  /** Something has arrived, be it a comment. */
  | { type: 'heard' }
  | { type: 'message'; message: EventSourceMessage }
  /** The stream is lost; the next attempt comes by itself. */
  | { type: 'waiting' }
  /** The last event: trying again would not help. */
  | { type: 'failed'; error: KycStatusError }

type Ending =
  | { type: 'unauthorized' }
  | { type: 'fatal'; error: KycStatusError }
  /** `heldFor`: milliseconds that the stream was open, 0 if it never was. */
  | { type: 'lost'; after: number | null; heldFor: number }

/** Keeps one stream open for as long as it is wanted. All of the policy is in this loop. */
export async function* connect(options: ConnectionOptions): AsyncGenerator<ConnectionEvent, void> {
  const { policy, signal } = options
  const backoff = { ...policy.backoff }
  let failures = 0
  let reason: 'connect' | 'unauthorized' = 'connect'

  while (!signal.aborted) {
    yield { type: 'connecting' }
    const ending = yield* attempt(options, reason, backoff)
    if (signal.aborted) return

    switch (ending.type) {
      case 'fatal':
        yield { type: 'failed', error: ending.error }
        return
      case 'unauthorized':
        if (reason === 'unauthorized' || !options.getToken) {
          const message = 'the relay refused the credential (401)'
          yield { type: 'failed', error: new KycStatusError('unauthorized', message, { status: 401 }) }
          return
        }
        reason = 'unauthorized'
        break
      case 'lost': {
        reason = 'connect'
        if (ending.heldFor >= policy.stableAfter) failures = 0
        const delay = Math.max(backoffDelay(failures, backoff), ending.after ?? 0)
        failures++
        yield { type: 'waiting' }
        await sleep(delay, signal)
      }
    }
  }
}

/** One request, from its token to the end of its stream. */
async function* attempt(
  { url, fetch, getToken, policy, signal, lastEventId, silenceTimeout }: ConnectionOptions,
  reason: 'connect' | 'unauthorized',
  backoff: Backoff,
): AsyncGenerator<ConnectionEvent, Ending> {
  const watchdog = new Watchdog(signal)
  let openedAt: number | null = null
  const lost = (after: number | null = null): Ending => ({
    type: 'lost',
    after,
    heldFor: openedAt === null ? 0 : Date.now() - openedAt,
  })
  try {
    watchdog.feed(policy.connectTimeout)
    const headers = new Headers({ accept: 'text/event-stream' })
    const resumeFrom = lastEventId()
    if (resumeFrom !== null) headers.set('last-event-id', resumeFrom)
    if (getToken) {
      const token = await orAbort(getToken({ reason, signal: watchdog.signal }), watchdog.signal)
      headers.set('authorization', `Bearer ${token}`)
    }
    const request = fetch(url, {
      headers,
      cache: 'no-store',
      // Without a token it is cookies that say who this is.
      credentials: getToken ? 'same-origin' : 'include',
      signal: watchdog.signal,
    })
    const response = await orAbort(request, watchdog.signal)

    const verdict = judge(response)
    if (verdict.type === 'retry') return lost(verdict.after)
    if (verdict.type !== 'open') return verdict
    if (!response.body) return lost()

    openedAt = Date.now()
    const messages: EventSourceMessage[] = []
    const parser = createParser({
      onEvent: (message) => messages.push(message),
      onRetry: (ms) => {
        backoff.base = Math.max(ms, policy.backoff.base)
      },
      maxBufferSize: MAX_BUFFER_CHARACTERS,
    })
    const decoder = new TextDecoder()
    const reader = response.body.getReader()
    for (;;) {
      watchdog.feed(silenceTimeout())
      const { done, value } = await orAbort(reader.read(), watchdog.signal)
      if (done) return lost()
      yield { type: 'heard' }
      parser.feed(decoder.decode(value, { stream: true }))
      for (const message of messages.splice(0)) yield { type: 'message', message }
    }
  } catch {
    // The network, a server that stayed silent, or a page that could not get a token: all of it may heal.
    return lost()
  } finally {
    watchdog.stop()
  }
}

/** Not everything that is handed a signal listens to it. */
async function orAbort<T>(value: T | Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([value, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
