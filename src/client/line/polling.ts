import type { KycStatusError } from '../errors.ts'
import { type ReceivedSnapshot, readSnapshotOf } from '../knowledge/received.ts'
import { orAbort, Watchdog } from '../timers.ts'
import { noAnswer, type RequestContext, request, type Source } from './request.ts'

export type Answer =
  | { type: 'snapshot'; snapshot: ReceivedSnapshot }
  | { type: 'refused'; error: KycStatusError; after: number }

/** A source of one user's snapshots. */
export interface SnapshotSource extends Source {
  externalUserId: string
}

/** Asks for a snapshot, and once more with another credential if the first one was refused. */
export async function readSnapshot(
  source: SnapshotSource,
  parent: AbortSignal,
  reason: RequestContext['reason'] = 'connect',
): Promise<Answer> {
  const watchdog = new Watchdog(parent)
  const { signal } = watchdog
  try {
    watchdog.feed(source.policy.connectTimeout)
    const position = source.lastEventId() ?? ''
    const { response, verdict } = await request(source, { signal, accept: 'application/json', position, reason })
    if (verdict.type === 'open') {
      const snapshot = readSnapshotOf(source.externalUserId, await orAbort(response.json(), signal))
      return { type: 'snapshot', snapshot }
    }
    const isRefused = verdict.error.code === 'unauthorized' && source.policy.canRefresh && reason === 'connect'
    return isRefused ? await readSnapshot(source, parent, 'unauthorized') : verdict
  } catch (error) {
    return { type: 'refused', error: noAnswer(error, watchdog.isExpired), after: 0 }
  } finally {
    watchdog.stop()
  }
}
