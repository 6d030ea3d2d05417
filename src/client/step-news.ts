import type { ChannelState } from './channel.ts'
import { type KycStep, stepOf } from './knowledge/step.ts'

/** The events that are no news any more: those of the first `sync`, and those that were told. By the user of a client. */
const oldNews = new WeakMap<object, Set<string>>()

/**
 * Tells each step of which another event decides. It is loaded where somebody wants to know, so it shares no module with what
 * every page loads.
 *
 * @param user - the same object for each change of a user of a client.
 */
export function tellSteps(
  user: { externalUserId: string },
  { steps, isHeard }: ChannelState,
  tell: (id: string, data: KycStep) => void,
): void {
  if (!isHeard) {
    oldNews.delete(user)
    return
  }
  const events = [...steps.values()].flatMap((step) => [...step.events, ...(step.attempt?.counted ?? [])])
  const ids = oldNews.get(user) ?? new Set(events.map(({ id }) => id))
  oldNews.set(user, ids)
  for (const step of steps.keys()) {
    // The file has `onOutcome`, so its status is left out.
    const data = stepOf(user.externalUserId, step, { status: null, steps, isHeard })
    if (!data || data.status === null || ids.has(data.cursor)) continue
    ids.add(data.cursor)
    tell(`${step} ${data.cursor}`, data)
  }
}
