import type { Snapshot } from '../../protocol/frames.ts'
import { KycStatusError } from '../errors.ts'
import { isSnapshot } from '../knowledge/received.ts'
import { orAbort, Watchdog } from '../timers.ts'
import { noAnswer, type RequestContext, request, type Source } from './request.ts'

export type Answer =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'refused'; error: KycStatusError; after: number | null }

/** A source of snapshots. */
export interface SnapshotSource extends Source {
  /** Says why a snapshot can't be used, or `null`. */
  findProblem(snapshot: Snapshot): KycStatusError | null
}

/** Asks once for what a stream would bring. */
export async function ask(
  source: SnapshotSource,
  reason: RequestContext['reason'],
  parent: AbortSignal,
): Promise<Answer> {
  const watchdog = new Watchdog(parent)
  const { signal } = watchdog
  try {
    watchdog.feed(source.connectTimeout)
    const position = source.lastEventId() ?? ''
    const { response, verdict } = await request(source, { signal, accept: 'application/json', position, reason })
    if (verdict.type !== 'open') return verdict
    const snapshot: unknown = await orAbort(response.json(), signal)
    const error = isSnapshot(snapshot)
      ? source.findProblem(snapshot)
      : new KycStatusError('bad_response', 'the relay sent a bad snapshot')
    return error ? { type: 'refused', error, after: null } : { type: 'snapshot', snapshot: snapshot as Snapshot }
  } catch (error) {
    return { type: 'refused', error: noAnswer(error, watchdog.isExpired), after: null }
  } finally {
    watchdog.stop()
  }
}

/** The same, and once more with another credential if that was refused. */
export async function readSnapshot(source: SnapshotSource, signal: AbortSignal): Promise<Answer> {
  const answer = await ask(source, 'connect', signal)
  const isRefused = answer.type === 'refused' && answer.error.code === 'unauthorized'
  return isRefused && source.canRefresh ? ask(source, 'unauthorized', signal) : answer
}
