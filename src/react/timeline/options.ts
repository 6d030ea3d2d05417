import type { KycStatusClient } from '../../client/client.ts'
import type { KycStep } from '../../client/knowledge/step.ts'
import type { KycTimeline } from '../../client/knowledge/timeline.ts'
import { currentOptions, type LiveOptions } from '../query.ts'
import type { kycTimelineKeys } from './query-keys.ts'
import { stepReading, timelineReading } from './step-reading.ts'
import type { KycStepName } from './steps.ts'

export type KycStepKey = ReturnType<typeof kycTimelineKeys.step>
export type KycTimelineKey = ReturnType<typeof kycTimelineKeys.timeline>

/**
 * The query of one step of a user, to prefetch it, or for a `useQuery` of your own. It settles with the first thing the relay
 * says; what comes after that is written to the cache by the hooks that are mounted. On a server it settles within 3 s.
 */
export function kycStepOptions(
  client: KycStatusClient,
  { externalUserId, step }: { externalUserId: string; step: KycStepName },
): LiveOptions<KycStep, KycStepKey> {
  return currentOptions(client, externalUserId, stepReading(client, externalUserId, step))
}

/** The same for the query of a timeline: to prefetch what `KycTimeline` shows. */
export function kycTimelineOptions(
  client: KycStatusClient,
  { externalUserId, steps }: { externalUserId: string; steps: readonly KycStepName[] },
): LiveOptions<KycTimeline, KycTimelineKey> {
  return currentOptions(client, externalUserId, timelineReading(client, externalUserId, steps))
}
