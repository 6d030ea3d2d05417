'use client'

import { type SkipToken, skipToken, type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { KycStatusError } from '../../client/errors.ts'
import type { StepAttempt } from '../../client/knowledge/attempt.ts'
import type { KycTimeline } from '../../client/knowledge/timeline.ts'
import { checkOptions } from '../../protocol/check-options.ts'
import { useClient } from '../provider.tsx'
import { type Controls, useLiveQuery } from '../use-live-query.ts'
import { timelineReading } from './step-reading.ts'
import { type KycStepName, stepNames } from './steps.ts'

export interface UseKycTimelineOptions<TData = KycTimeline> {
  /** The steps of your onboarding, in order, each by the frame of its webhook. */
  steps: readonly KycStepName[]
  /** `false`: nothing is opened. Default `true`. */
  enabled?: boolean
  /** Takes out of the timeline what this component needs; it renders when that changes. */
  select?: (timeline: KycTimeline) => TData
  /** Whether an error is thrown to the next error boundary. */
  throwOnError?: boolean
  /** Shown until the relay is heard; TanStack's `isPlaceholderData` tells it. Default: nothing. */
  placeholderData?: KycTimeline
}

/** What stands beside TanStack's result. */
export interface KycTimelineControls extends Pick<Controls, 'connection' | 'reconnect'> {
  /** Call it, and await it, before the bytes of an upload for a step leave. See `KycStatusClient.beginUpload`. */
  readonly beginUpload: (options: { step: KycStepName; files?: number }) => Promise<StepAttempt>
  /** Ends the attempt of a step whose upload did not leave. See `KycStatusClient.clear`. */
  readonly clear: (options: { step: KycStepName }) => void
}

export type UseKycTimelineResult<TData = KycTimeline> = UseQueryResult<TData, KycStatusError> & KycTimelineControls

/**
 * Where a user stands on the way to an account, as it happens: `data.overall`, and for each step what is to be done. It
 * returns TanStack Query's own result, with the connection and what one can do beside it, as `useKycFileStatus` does, over the
 * same connection.
 *
 * @param externalUserId - the user who is signed in; the relay refuses any other. `skipToken` where nobody is yet.
 */
export function useKycTimeline<TData = KycTimeline>(
  externalUserId: string | SkipToken,
  options: UseKycTimelineOptions<TData>,
): UseKycTimelineResult<TData> {
  return useTimelineQuery('useKycTimeline', externalUserId, options)
}

/** @param caller - the hook or component that asks, for the messages of errors. */
export function useTimelineQuery<TData = KycTimeline>(
  caller: string,
  externalUserId: string | SkipToken,
  { steps, enabled = true, ...options }: UseKycTimelineOptions<TData>,
): UseKycTimelineResult<TData> {
  checkOptions(caller, { steps: stepNames }, { steps: steps ?? null })
  const isSomebody = externalUserId !== skipToken
  const user = isSomebody ? externalUserId : ''
  const client = useClient(caller)
  const queryClient = useQueryClient()
  const reading = timelineReading(client, user, steps)
  const isEnabled = enabled && isSomebody
  const { view } = useLiveQuery<KycTimeline, TData>(caller, user, reading, { ...options, enabled: isEnabled })
  const clear = useCallback(
    ({ step }: { step: KycStepName }) => {
      // What was known before the attempt may be old.
      queryClient.removeQueries({ queryKey: reading.key(user, { relay: client.url }), type: 'inactive' })
      client.clear(user, { step })
    },
    [client, queryClient, reading, user],
  )
  return view({ clear }) as UseKycTimelineResult<TData>
}
