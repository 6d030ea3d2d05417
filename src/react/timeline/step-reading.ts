import { type ChannelState, IDLE_STATE } from '../../client/channel.ts'
import type { KycStatusClient } from '../../client/client.ts'
import { type KycStep, stepOf } from '../../client/knowledge/step.ts'
import { type KycTimeline, timelineOf } from '../../client/knowledge/timeline.ts'
import { isSameStatus } from '../../client/knowledge/upload-state.ts'
import type { LiveState, Reading } from '../reading.ts'
import { kycTimelineKeys } from './query-keys.ts'

/** One step of a user. */
export function stepReading(client: KycStatusClient, externalUserId: string, step: string): Reading<KycStep> {
  return shared(client, [externalUserId, step], () => ({
    upload: { step },
    key: (user, of) => [...kycTimelineKeys.steps(), user, { ...of, step }],
    read: remembering((state) => {
      const status = stepOf(externalUserId, step, state)
      return { status, attemptId: status?.attemptId ?? null }
    }),
  }))
}

/** Several steps of a user, on one line. Its attempts are those of all steps. */
export function timelineReading(
  client: KycStatusClient,
  externalUserId: string,
  steps: readonly string[],
): Reading<KycTimeline> {
  return shared(client, [externalUserId, [...steps]], () => ({
    key: (user, of) => [...kycTimelineKeys.timelines(), user, { ...of, steps }],
    read: remembering((state) => {
      const known = steps.flatMap((step) => stepOf(externalUserId, step, state) ?? [])
      const isKnown = known.length === steps.length
      const attemptIds = known.flatMap(({ attemptId }) => attemptId ?? [])
      return { status: isKnown ? timelineOf(steps, known, state.sending) : null, attemptId: attemptIds.join() || null }
    }),
  }))
}

/** Reads a state once, and keeps what was read before where it is the same. */
function remembering<T extends object>(
  derive: (state: ChannelState) => { status: T | null; attemptId: string | null },
): (state: ChannelState) => LiveState<T> {
  let lastState: ChannelState | null = null
  let last: LiveState<T> = { ...IDLE_STATE, status: null }
  return (state) => {
    // Nobody's state, and that of a component that hydrates, must not make the others forget.
    if (state === IDLE_STATE) return { ...IDLE_STATE, status: null }
    if (state === lastState) return last
    lastState = state
    const { status, attemptId } = derive(state)
    const attempt = attemptId === null ? null : { id: attemptId, startedAt: 0 }
    const isSame = status && last.status ? isSameStatus(status, last.status) : status === last.status
    const kept = isSame
      ? { status: last.status, updatedAt: last.updatedAt }
      : { status, updatedAt: status ? Date.now() : 0 }
    last = { ...state, attempt, ...kept }
    return last
  }
}

const readings = new WeakMap<KycStatusClient, Map<string, unknown>>()

/** All hooks of a page share a reading, so that they agree on when something changed. */
function shared<T extends object>(client: KycStatusClient, about: unknown, create: () => Reading<T>): Reading<T> {
  const ofClient = readings.get(client) ?? new Map<string, unknown>()
  readings.set(client, ofClient)
  const name = JSON.stringify(about)
  const reading = (ofClient.get(name) as Reading<T> | undefined) ?? create()
  ofClient.set(name, reading)
  return reading
}
