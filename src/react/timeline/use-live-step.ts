'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import type { KycStatusError } from '../../client/errors.ts'
import type { StepAttempt } from '../../client/knowledge/attempt.ts'
import type { KycStep } from '../../client/knowledge/step.ts'
import { checkOptions } from '../../protocol/check-options.ts'
import { useClient } from '../provider.tsx'
import type { Shown } from '../shown.ts'
import { type Controls, type LiveQueryOptions, useLiveQuery } from '../use-live-query.ts'
import { stepReading } from './step-reading.ts'
import { stepName } from './steps.ts'

export interface LiveStep<TData> {
  result: UseQueryResult<TData, KycStatusError> & Controls<StepAttempt>
  shown: Shown<TData>
}

/** One step of a user, as a component sees it. */
export function useLiveStep<TData>(
  caller: string,
  externalUserId: string,
  step: string,
  options: LiveQueryOptions<KycStep, TData>,
): LiveStep<TData> {
  checkOptions(caller, { step: stepName }, { step: step ?? null })
  const reading = stepReading(useClient(caller), externalUserId, step)
  const { shown, view } = useLiveQuery<KycStep, TData>(caller, externalUserId, reading, options)
  return { result: view({}) as LiveStep<TData>['result'], shown }
}
