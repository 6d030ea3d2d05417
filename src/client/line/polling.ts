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

/** Asks once for what a stream would bring, and once more with another credential if that was refused. */
export async function readSnapshot(
  source: SnapshotSource,
  parent: AbortSignal,
  reason: RequestContext['reason'] = 'connect',
): Promise<Answer> {
  const watchdog = new Watchdog(parent)
  const { signal } = watchdog
  const refused = (error: KycStatusError): Answer => ({ type: 'refused', error, after: null })
  try {
    watchdog.feed(source.connectTimeout)
    const position = source.lastEventId() ?? ''
    const { response, verdict } = await request(source, { signal, accept: 'application/json', position, reason })
    if (verdict.type === 'open') {
      const snapshot: unknown = await orAbort(response.json(), signal)
      if (!isSnapshot(snapshot)) return refused(new KycStatusError('bad_response', 'the relay sent a bad snapshot'))
      const error = source.findProblem(snapshot)
      return error ? refused(error) : { type: 'snapshot', snapshot }
    }
    const isRefused = verdict.error.code === 'unauthorized' && source.canRefresh && reason === 'connect'
    return isRefused ? await readSnapshot(source, parent, 'unauthorized') : verdict
  } catch (error) {
    return refused(noAnswer(error, watchdog.isExpired))
  } finally {
    watchdog.stop()
  }
}
