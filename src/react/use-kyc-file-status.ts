'use client'

import { type SkipToken, skipToken, type UseQueryResult } from '@tanstack/react-query'
import type { KycStatusError } from '../client/errors.ts'
import type { KycFileStatus } from '../client/knowledge/upload-state.ts'
import { type Extras, useLiveFile } from './use-live-file.ts'

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
 * can do beside it: `data.outcome` says what became of the document, `error` is set only where asking again would not help.
 * Once the relay has been heard, the client says what is shown, whatever happens to the query cache.
 *
 * @param externalUserId - the user who is signed in; the relay refuses any other. `skipToken` where nobody is yet.
 */
export function useKycFileStatus<TData = KycFileStatus>(
  externalUserId: string | SkipToken,
  { enabled = true, ...options }: UseKycFileStatusOptions<TData> = {},
): UseKycFileStatusResult<TData> {
  const isSomebody = externalUserId !== skipToken
  const user = isSomebody ? externalUserId : ''
  return useLiveFile<TData>('useKycFileStatus', user, { ...options, enabled: enabled && isSomebody }).result
}
