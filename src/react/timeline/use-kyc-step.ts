'use client'

import { type SkipToken, skipToken, type UseQueryResult } from '@tanstack/react-query'
import type { KycStatusError } from '../../client/errors.ts'
import type { StepAttempt } from '../../client/knowledge/attempt.ts'
import type { KycStep } from '../../client/knowledge/step.ts'
import type { Controls } from '../use-live-query.ts'
import type { KycStepName } from './steps.ts'
import { useLiveStep } from './use-live-step.ts'

export interface UseKycStepOptions<TData = KycStep> {
  /** `false`: nothing is opened. Default `true`. */
  enabled?: boolean
  /** Takes out of the step what this component needs; it renders when that changes. */
  select?: (step: KycStep) => TData
  /** Whether an error is thrown to the next error boundary. */
  throwOnError?: boolean
  /** Shown until the relay is heard; TanStack's `isPlaceholderData` tells it. Default: nothing. */
  placeholderData?: KycStep
}

export type UseKycStepResult<TData = KycStep> = UseQueryResult<TData, KycStatusError> & Controls<StepAttempt>

/**
 * Where one step of a user's onboarding stands, as it happens: `data.state` says what that means, `data.status` is the
 * provider's word. It returns TanStack Query's own result, with the connection and what one can do beside it, as
 * `useKycFileStatus` does, over the same connection. A component renders for its step alone.
 *
 * @param externalUserId - the user who is signed in; the relay refuses any other. `skipToken` where nobody is yet.
 * @param step - the frame of its webhook: `poa`, or that of a webhook of your own.
 */
export function useKycStep<TData = KycStep>(
  externalUserId: string | SkipToken,
  step: KycStepName,
  options: UseKycStepOptions<TData> = {},
): UseKycStepResult<TData> {
  return useStepOf('useKycStep', externalUserId, step, options)
}

/** `useKycStep` for *POA Verification Status*, the proof of address. */
export function usePoaStatus<TData = KycStep>(
  externalUserId: string | SkipToken,
  options: UseKycStepOptions<TData> = {},
): UseKycStepResult<TData> {
  return useStepOf('usePoaStatus', externalUserId, 'poa', options)
}

/** `useKycStep` for *KYC Verification Status*. */
export function useKycVerificationStatus<TData = KycStep>(
  externalUserId: string | SkipToken,
  options: UseKycStepOptions<TData> = {},
): UseKycStepResult<TData> {
  return useStepOf('useKycVerificationStatus', externalUserId, 'kyc-verification', options)
}

/** `useKycStep` for *User Balance Generation*. `approved` means that balances exist, and may be asked for. */
export function useUserBalanceStatus<TData = KycStep>(
  externalUserId: string | SkipToken,
  options: UseKycStepOptions<TData> = {},
): UseKycStepResult<TData> {
  return useStepOf('useUserBalanceStatus', externalUserId, 'user-balance', options)
}

function useStepOf<TData>(
  caller: string,
  externalUserId: string | SkipToken,
  step: KycStepName,
  { enabled = true, ...options }: UseKycStepOptions<TData>,
): UseKycStepResult<TData> {
  const isSomebody = externalUserId !== skipToken
  const user = isSomebody ? externalUserId : ''
  return useLiveStep<TData>(caller, user, step, { ...options, enabled: enabled && isSomebody }).result
}
