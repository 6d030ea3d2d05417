import { type ReceivedSnapshot, readSnapshotOf } from '../knowledge/received.ts'
import { orAbort, watchdog } from '../timers.ts'
import { noAnswer, type RequestContext, request, type Source } from './request.ts'
import type { Refusal } from './verdict.ts'

export type Answer = { type: 'polled'; snapshot: ReceivedSnapshot } | Refusal

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
  const watch = watchdog(parent)
  const { signal } = watch
  try {
    watch.feed(source.policy.connectTimeout)
    const position = source.lastEventId() ?? ''
    const { response, refusal } = await request(source, { signal, accept: 'application/json', position, reason })
    if (!refusal) {
      const snapshot = readSnapshotOf(source.externalUserId, await orAbort(response.json(), signal))
      return { type: 'polled', snapshot }
    }
    const isRefused = refusal.error.code === 'unauthorized' && source.policy.canRefresh && reason === 'connect'
    return isRefused ? await readSnapshot(source, parent, 'unauthorized') : refusal
  } catch (error) {
    return { type: 'refused', error: noAnswer(error, watch.isExpired()), after: 0 }
  } finally {
    watch.stop()
  }
}
