'use client'

import type { UseSuspenseQueryResult } from '@tanstack/react-query'
import type { KycStatusError } from '../../client/errors.ts'
import type { StepAttempt } from '../../client/knowledge/attempt.ts'
import type { KycStep } from '../../client/knowledge/step.ts'
import type { Controls } from '../use-live-query.ts'
import { useSuspended } from '../use-suspended.ts'
import type { KycStepName } from './steps.ts'
import type { UseKycStepOptions } from './use-kyc-step.ts'
import { useLiveStep } from './use-live-step.ts'

export type UseSuspenseKycStepOptions<TData = KycStep> = Pick<UseKycStepOptions<TData>, 'select'>

export type UseSuspenseKycStepResult<TData = KycStep> = UseSuspenseQueryResult<TData, KycStatusError> &
  Controls<StepAttempt>

/**
 * `useKycStep` for a component inside `<Suspense>`: it suspends until the relay is heard, so that `data` is always there. An
 * error before that goes to the next error boundary. On a server it throws where there is no data, so that the page is sent
 * with the fallback, and the browser goes on.
 */
export function useSuspenseKycStep<TData = KycStep>(
  externalUserId: string,
  step: KycStepName,
  options: UseSuspenseKycStepOptions<TData> = {},
): UseSuspenseKycStepResult<TData> {
  const caller = 'useSuspenseKycStep'
  const { result, shown } = useLiveStep<TData>(caller, externalUserId, step, { ...options, enabled: true })
  useSuspended(caller, externalUserId, shown)
  return result as UseSuspenseKycStepResult<TData>
}
