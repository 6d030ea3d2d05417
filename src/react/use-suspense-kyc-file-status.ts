'use client'

import type { UseSuspenseQueryResult } from '@tanstack/react-query'
import type { KycStatusError } from '../client/errors.ts'
import type { KycFileStatus } from '../client/knowledge/upload-state.ts'
import type { UseKycFileStatusOptions } from './use-kyc-file-status.ts'
import { type Extras, useLiveFile } from './use-live-file.ts'
import { useSuspended } from './use-suspended.ts'

export type UseSuspenseKycFileStatusOptions<TData = KycFileStatus> = Pick<
  UseKycFileStatusOptions<TData>,
  'overdueAfter' | 'select'
>

export type UseSuspenseKycFileStatusResult<TData = KycFileStatus> = UseSuspenseQueryResult<TData, KycStatusError> &
  Extras

/**
 * `useKycFileStatus` for a component inside `<Suspense>`: it suspends until the relay is heard, so that `data` is always
 * there. An error before that goes to the next error boundary. On a server it throws where there is no data, so that the page
 * is sent with the fallback, and the browser goes on.
 */
export function useSuspenseKycFileStatus<TData = KycFileStatus>(
  externalUserId: string,
  options: UseSuspenseKycFileStatusOptions<TData> = {},
): UseSuspenseKycFileStatusResult<TData> {
  const caller = 'useSuspenseKycFileStatus'
  const { result, shown } = useLiveFile<TData>(caller, externalUserId, { ...options, enabled: true })
  useSuspended(caller, externalUserId, shown)
  return result as UseSuspenseKycFileStatusResult<TData>
}
