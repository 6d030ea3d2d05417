'use client'

import { type UseSuspenseQueryOptions, type UseSuspenseQueryResult, useSuspenseQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { KycStatusError } from '../client/errors.ts'
import type { KycFileStatus } from '../client/upload-state.ts'
import { beside, type Extras, useChannel } from './use-channel.ts'
import type { UseKycFileStatusOptions } from './use-kyc-file-status.ts'

export type UseSuspenseKycFileStatusOptions<TData = KycFileStatus> = Pick<
  UseKycFileStatusOptions<TData>,
  'overdueAfter' | 'select'
>

export type UseSuspenseKycFileStatusResult<TData = KycFileStatus> = UseSuspenseQueryResult<TData, KycStatusError> &
  Extras

/**
 * `useKycFileStatus` for a component inside `<Suspense>`: it suspends until the relay is heard, so that `data` is always
 * there. An error before that goes to the next error boundary.
 */
export function useSuspenseKycFileStatus<TData = KycFileStatus>(
  externalUserId: string,
  { overdueAfter, select }: UseSuspenseKycFileStatusOptions<TData> = {},
): UseSuspenseKycFileStatusResult<TData> {
  const channel = useChannel<TData>(externalUserId, { enabled: true, overdueAfter, select })
  const { initialData, ...always } = channel.options as object as UseSuspenseQueryOptions<
    KycFileStatus,
    KycStatusError,
    TData,
    typeof channel.options.queryKey
  >
  const result = useSuspenseQuery<KycFileStatus, KycStatusError, TData, typeof channel.options.queryKey>({
    ...always,
    select: channel.select,
    ...(channel.isHydrated && initialData && { initialData }),
  })
  return useMemo(() => beside(result, channel.extras), [result, channel.extras])
}
