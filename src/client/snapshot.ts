import type { Snapshot } from '../protocol/frames.ts'
import type { ConnectionEvent, ConnectionOptions, RequestContext } from './connection.ts'
import { isSnapshot } from './received.ts'
import { request, unauthorized } from './request.ts'
import { orAbort, Watchdog } from './timers.ts'
import type { Verdict } from './verdict.ts'

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
  return { type: 'fatal', error: unauthorized() }
}

async function ask(
  { policy, lastEventId, ...source }: Source,
  reason: RequestContext['reason'],
  parent: AbortSignal,
): Promise<Answer | { type: 'unauthorized' }> {
  const watchdog = new Watchdog(parent)
  const { signal } = watchdog
  try {
    watchdog.feed(policy.connectTimeout)
    const position = lastEventId() ?? ''
    const { response, verdict } = await request({ ...source, signal, accept: 'application/json', position, reason })
    if (verdict.type !== 'open') return verdict
    const snapshot: unknown = await orAbort(response.json(), signal)
    return isSnapshot(snapshot) ? { type: 'snapshot', snapshot } : { type: 'retry', after: null }
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
