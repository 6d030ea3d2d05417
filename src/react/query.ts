import { type DataTag, queryOptions, replaceEqualDeep, type UnusedSkipTokenOptions } from '@tanstack/react-query'
import type { KycStatusClient } from '../client/client.ts'
import { KycStatusError } from '../client/errors.ts'
import type { KycFileStatus } from '../client/upload-state.ts'
import { isAfter } from '../protocol/event-id.ts'

/** The query keys of this package, to find its entries in a cache, and to remove them at log-out. */
export const kycKeys = {
  all: ['kyc-upload-status'] as const,
  fileStatuses: () => [...kycKeys.all, 'file-status'] as const,
  /**
   * An attempt has a key of its own, so that a new upload can't show the old result, not even for one frame. A key without
   * `relay` (the client's `url`) finds those of every relay.
   */
  fileStatus: (externalUserId: string, attemptId: string | null, relay?: string) =>
    [...kycKeys.fileStatuses(), externalUserId, { attemptId, ...(relay !== undefined && { relay }) }] as const,
}

export type FileStatusKey = ReturnType<typeof kycKeys.fileStatus>

/** Written out, because what a newer TanStack Query infers has names that an older one lacks. */
export type FileStatusOptions = UnusedSkipTokenOptions<KycFileStatus, KycStatusError, KycFileStatus, FileStatusKey> & {
  queryKey: DataTag<FileStatusKey, KycFileStatus, KycStatusError>
}

/**
 * The query of a user's current attempt. It settles with the first thing the relay says; what comes after that is written to
 * the cache by whoever is subscribed, so nothing here goes stale, and trying again is the connection's business.
 */
export function kycFileStatusOptions(
  client: KycStatusClient,
  { externalUserId }: { externalUserId: string },
): FileStatusOptions {
  const attemptId = client.getState(externalUserId).attempt?.id ?? null
  return fileStatusOptions(client, externalUserId, attemptId)
}

/** The same for an attempt that the caller has read. */
export function fileStatusOptions(
  client: KycStatusClient,
  externalUserId: string,
  attemptId: string | null,
): FileStatusOptions {
  const known = () => {
    const { status } = client.getState(externalUserId)
    return status?.attemptId === attemptId ? status : undefined
  }
  return queryOptions<KycFileStatus, KycStatusError, KycFileStatus, FileStatusKey>({
    queryKey: kycKeys.fileStatus(externalUserId, attemptId, client.url),
    queryFn: async ({ signal }) => {
      await client.ready(externalUserId, signal)
      const status = known()
      if (!status) throw new KycStatusError('superseded', 'a newer upload has begun')
      return status
    },
    initialData: known,
    structuralSharing: keepNewer,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    networkMode: 'always',
    // An application's default to show what was there before would show another user's, or another upload's.
    placeholderData: () => undefined,
  })
}

/**
 * Whatever is late never replaces what is newer, and what says the same is no change. TanStack Query asks for results of
 * `select` too, and across keys: those are shared as it does by default.
 */
export function keepNewer(before: unknown, after: unknown): unknown {
  if (!isStatus(before) || !isStatus(after) || !isSameUpload(before, after)) return replaceEqualDeep(before, after)
  if (isAfter(before.cursor, after.cursor)) return before
  const merged = replaceEqualDeep(before, { ...after, cursor: before.cursor })
  return merged === before ? before : after
}

function isStatus(value: unknown): value is KycFileStatus {
  return value instanceof Object && 'externalUserId' in value && 'cursor' in value
}

function isSameUpload(a: KycFileStatus, b: KycFileStatus): boolean {
  return a.externalUserId === b.externalUserId && a.attemptId === b.attemptId
}
