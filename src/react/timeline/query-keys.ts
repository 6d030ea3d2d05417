import { kycKeys } from '../query-keys.ts'

/**
 * The query keys of steps and timelines. They begin as all of this package do, so that `kycKeys.all` finds them, too. A key
 * without `relay` (the client's `url`) finds those of every relay.
 */
export const kycTimelineKeys = {
  steps: () => [...kycKeys.all, 'step'] as const,
  step: (externalUserId: string, step: string, attemptId: string | null, relay?: string) =>
    [...kycTimelineKeys.steps(), externalUserId, { attemptId, step, ...(relay !== undefined && { relay }) }] as const,
  timelines: () => [...kycKeys.all, 'timeline'] as const,
  /** @param attemptId - the attempts of all of its steps, in their order, with commas between. */
  timeline: (externalUserId: string, steps: readonly string[], attemptId: string | null, relay?: string) =>
    [
      ...kycTimelineKeys.timelines(),
      externalUserId,
      { attemptId, steps, ...(relay !== undefined && { relay }) },
    ] as const,
}
