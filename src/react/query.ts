import {
  type DataTag,
  type QueryClient,
  queryOptions,
  replaceEqualDeep,
  type UnusedSkipTokenOptions,
} from '@tanstack/react-query'
import type { ChannelState } from '../client/channel.ts'
import type { KycStatusClient } from '../client/client.ts'
import { KycStatusError } from '../client/errors.ts'
import { isSameStatus, type KycFileStatus } from '../client/knowledge/upload-state.ts'
import { sleep, within } from '../client/timers.ts'
import { MAX_DELAY } from '../protocol/check-options.ts'
import { isServer } from './is-server.ts'

/** The query keys of this package, by which its entries in a cache are found, and removed at log-out. */
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

/** How long a server waits for the relay, in milliseconds. */
const SERVER_PATIENCE = 2900

/**
 * The query of a user's current attempt. It settles with the first thing the relay says; what comes after that is written to
 * the cache by the hooks that are mounted. On a server it settles within 3 s.
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
      await ready(client, externalUserId, signal)
      const status = known()
      if (!status) throw new KycStatusError('superseded', 'a newer upload has begun')
      return status
    },
    initialData: known,
    structuralSharing: share,
    // The client knows whether the relay has to be asked.
    staleTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    networkMode: 'always',
    // An application's `keepPreviousData` would show the status of another user, or of another upload.
    placeholderData: () => undefined,
  })
}

/** Writes what the client knows to the cache. Of a hundred components that hear of a change only the first one writes. */
export function writeStatus(
  queryClient: QueryClient,
  { url }: KycStatusClient,
  externalUserId: string,
  { status, updatedAt, isSignedOut }: ChannelState,
): void {
  if (isSignedOut) {
    queryClient.removeQueries({ queryKey: [...kycKeys.fileStatuses(), externalUserId, { relay: url }] })
    return
  }
  if (!status) return
  const queryKey = kycKeys.fileStatus(externalUserId, status.attemptId, url)
  const cached = queryClient.getQueryState<KycFileStatus>(queryKey)
  const isWritten = cached?.status === 'success' && isStatus(cached.data) && isSameStatus(cached.data, status)
  if (!isWritten) queryClient.setQueryData(queryKey, status, { updatedAt })
}

/** Resolves once the relay is heard. A server never waits without bound. */
async function ready(client: KycStatusClient, externalUserId: string, signal: AbortSignal): Promise<void> {
  const ended = within(signal)
  const late = async () => {
    await sleep(isServer() ? SERVER_PATIENCE : MAX_DELAY, ended.signal)
    throw new KycStatusError('timeout', `the relay was not heard within ${SERVER_PATIENCE} ms`)
  }
  await Promise.race([client.ready(externalUserId, ended.signal), late()]).finally(() => ended.abort())
}

/** Keeps a status where the next one says the same. TanStack Query also calls it with results of `select`. */
function share(before: unknown, after: unknown): unknown {
  return isStatus(before) && isStatus(after) && isSameStatus(before, after) ? before : replaceEqualDeep(before, after)
}

function isStatus(value: unknown): value is KycFileStatus {
  return value instanceof Object && 'externalUserId' in value && 'cursor' in value
}
