'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import type { KycStatusError } from '../client/errors.ts'
import type { KycFileStatus } from '../client/knowledge/upload-state.ts'
import { checkOptions, duration } from '../protocol/check-options.ts'
import { FILE } from './reading.ts'
import type { Shown } from './shown.ts'
import { type Controls, type LiveQueryOptions, useLiveQuery } from './use-live-query.ts'
import { useOverdue } from './use-overdue.ts'

/** What stands beside TanStack's result. */
export interface Extras extends Controls {
  /** The upload has been waiting for longer than `overdueAfter`. That is not a failure. */
  readonly isOverdue: boolean
}

interface LiveFileOptions<TData> extends LiveQueryOptions<KycFileStatus, TData> {
  overdueAfter?: number | undefined
}

export interface LiveFile<TData> {
  result: UseQueryResult<TData, KycStatusError> & Extras
  shown: Shown<TData>
}

/** One user's file, as a component sees it. */
export function useLiveFile<TData>(
  caller: string,
  externalUserId: string,
  { overdueAfter = 60_000, ...options }: LiveFileOptions<TData>,
): LiveFile<TData> {
  checkOptions(caller, { overdueAfter: duration }, { overdueAfter })
  const { shown, reads, view } = useLiveQuery<KycFileStatus, TData>(caller, externalUserId, FILE, options)
  const readOverdue = useOverdue(shown.waitingSince, overdueAfter)
  const result = view({
    get isOverdue() {
      reads.add('waitingSince')
      return readOverdue()
    },
  })
  return { result: result as LiveFile<TData>['result'], shown }
}
