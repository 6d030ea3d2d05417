import { type Snapshot, snapshotSchema } from '../protocol/frames.ts'
import type { ConnectionEvent, ConnectionOptions } from './connection.ts'
import { orAbort, Watchdog } from './timers.ts'
import { judge, type Verdict } from './verdict.ts'

/** How often a relay is asked whose streams are swallowed, in milliseconds, give or take a fifth. */
const POLL_INTERVAL = 5000
/** After as many questions a stream is tried again: about once a minute. */
const POLLS = 12

type Source = Pick<ConnectionOptions, 'url' | 'fetch' | 'headers' | 'credentials' | 'policy' | 'lastEventId'>

/** Asks once for what a stream would bring; `retry` for anything that may heal. */
export async function readSnapshot(
  { url, fetch, headers, credentials, policy, lastEventId }: Source,
  signal: AbortSignal,
): Promise<{ type: 'snapshot'; snapshot: Snapshot } | Exclude<Verdict, { type: 'open' }>> {
  const watchdog = new Watchdog(signal)
  try {
    watchdog.feed(policy.connectTimeout)
    const sent = new Headers(await orAbort(headers({ reason: 'connect', signal: watchdog.signal }), watchdog.signal))
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
    if (answer.type === 'fatal' || answer.type === 'unauthorized') return
    yield answer.type === 'snapshot' ? { type: 'polled', snapshot: answer.snapshot } : { type: 'waiting' }
    const after = answer.type === 'retry' ? (answer.after ?? 0) : 0
    const interval = POLL_INTERVAL * (0.8 + 0.4 * Math.random())
    await source.pause.sleep({ atLeast: after, atMost: Math.max(after, interval) }, signal)
  }
}
