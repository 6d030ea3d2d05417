'use client'

import { type SkipToken, skipToken, type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { KycStatusError } from '../client/errors.ts'
import type { KycFileStatus } from '../client/upload-state.ts'
import { beside, type Extras, useChannel } from './use-channel.ts'

export interface UseKycFileStatusOptions<TData = KycFileStatus> {
  /** `false`: nothing is opened. Default `true`. */
  enabled?: boolean
  /** Milliseconds that an upload may wait before `isOverdue` turns true. Default 60,000. */
  overdueAfter?: number
  /** Takes out of the status what this component needs; it renders when that changes. */
  select?: (status: KycFileStatus) => TData
  /** Whether an error is thrown to the next error boundary. */
  throwOnError?: boolean
  /** Shown until the relay is heard; TanStack's `isPlaceholderData` tells it. Default: nothing. */
  placeholderData?: KycFileStatus
}

export type UseKycFileStatusResult<TData = KycFileStatus> = UseQueryResult<TData, KycStatusError> & Extras

/**
 * What is known of a user's upload, as it happens. It returns TanStack Query's own result, with the connection and what one
 * can do beside it: `data.outcome` says what became of the document, `error` is set only where nothing will heal.
 *
 * @param externalUserId - the user who is signed in; the relay refuses any other. `skipToken` where nobody is yet.
 */
export function useKycFileStatus<TData = KycFileStatus>(
  externalUserId: string | SkipToken,
  { enabled = true, overdueAfter, select, throwOnError, placeholderData }: UseKycFileStatusOptions<TData> = {},
): UseKycFileStatusResult<TData> {
  const isEnabled = enabled && externalUserId !== skipToken
  const user = externalUserId === skipToken ? '' : externalUserId
  const channel = useChannel<TData>(user, { enabled: isEnabled, overdueAfter, select })
  const { initialData, ...always } = channel.options as object as UseQueryOptions<
    KycFileStatus,
    KycStatusError,
    TData,
    typeof channel.options.queryKey
  >
  const result = useQuery<KycFileStatus, KycStatusError, TData, typeof channel.options.queryKey>({
    ...always,
    select: channel.select,
    enabled: isEnabled,
    ...(isEnabled && channel.isHydrated && initialData && { initialData }),
    ...(throwOnError !== undefined && { throwOnError }),
    ...(placeholderData && { placeholderData }),
  })
  return useMemo(() => beside(result, channel.extras), [result, channel.extras])
}
