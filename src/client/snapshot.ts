import { type Snapshot, snapshotSchema } from '../protocol/frames.ts'
import type { ConnectionEvent, ConnectionOptions, RequestContext } from './connection.ts'
import { KycStatusError } from './errors.ts'
import { orAbort, Watchdog } from './timers.ts'
import { judge, type Verdict } from './verdict.ts'

/** How often a relay is asked whose streams are swallowed, in milliseconds, give or take a fifth. */
const POLL_INTERVAL = 5000
/** After as many questions a stream is tried again: about once a minute. */
const POLLS = 12

type Source = Pick<
  ConnectionOptions,
  'url' | 'fetch' | 'headers' | 'canRefresh' | 'credentials' | 'policy' | 'lastEventId'
>
type Answer = { type: 'snapshot'; snapshot: Snapshot } | Exclude<Verdict, { type: 'open' | 'unauthorized' }>

/** Asks for what a stream would bring, and once more with another credential if that was refused. */
export async function readSnapshot(source: Source, signal: AbortSignal): Promise<Answer> {
  const answer = await ask(source, 'connect', signal)
  if (answer.type !== 'unauthorized') return answer
  const second = source.canRefresh ? await ask(source, 'unauthorized', signal) : answer
  if (second.type !== 'unauthorized') return second
  const message = 'the relay refused the credential (401)'
  return { type: 'fatal', error: new KycStatusError('unauthorized', message, { status: 401 }) }
}

async function ask(
  { url, fetch, headers, credentials, policy, lastEventId }: Source,
  reason: RequestContext['reason'],
  signal: AbortSignal,
): Promise<Answer | { type: 'unauthorized' }> {
  const watchdog = new Watchdog(signal)
  try {
    watchdog.feed(policy.connectTimeout)
    const sent = new Headers(await orAbort(headers({ reason, signal: watchdog.signal }), watchdog.signal))
    sent.set('accept', 'application/json')
    const position = lastEventId()
    if (position) sent.set('last-event-id', position)
    const request = fetch(url, { headers: sent, cache: 'no-store', credentials, signal: watchdog.signal })
    const response = await orAbort(request, watchdog.signal)
    const verdict = judge(response, Date.now(), 'application/json')
    if (verdict.type !== 'open') return verdict
    const snapshot = snapshotSchema.safeParse(await orAbort(response.json(), watchdog.signal))
    return snapshot.success ? { type: 'snapshot', snapshot: snapshot.data } : { type: 'retry', after: null }
  } catch {
    return { type: 'retry', after: null }
  } finally {
    watchdog.stop()
  }
}

/** Asks again and again, where a proxy swallows streams, until it is time to try one again. */
export async function* poll(
  source: Source & Pick<ConnectionOptions, 'pause'>,
  signal: AbortSignal,
): AsyncGenerator<ConnectionEvent, void> {
  for (let i = 0; i < POLLS && !signal.aborted && !source.pause.reason; i++) {
    const answer = await readSnapshot(source, signal)
    // What can't heal is for the next stream to say.
    if (answer.type === 'fatal') return
    yield answer.type === 'snapshot'
      ? { type: 'polled', snapshot: answer.snapshot, isFollowing: false }
      : { type: 'waiting' }
    const after = answer.type === 'retry' ? (answer.after ?? 0) : 0
    const interval = POLL_INTERVAL * (0.8 + 0.4 * Math.random())
    await source.pause.sleep({ atLeast: after, atMost: Math.max(after, interval) }, signal)
  }
}
