import { type DataTag, type QueryClient, replaceEqualDeep, type UnusedSkipTokenOptions } from '@tanstack/react-query'
import type { KycStatusClient } from '../client/client.ts'
import { KycStatusError } from '../client/errors.ts'
import { isSameStatus, type KycFileStatus } from '../client/knowledge/upload-state.ts'
import { sleep, within } from '../client/timers.ts'
import { MAX_DELAY } from '../protocol/check-options.ts'
import { isServer } from './is-server.ts'
import type { kycKeys } from './query-keys.ts'
import { FILE, type LiveState, type Reading } from './reading.ts'

export type FileStatusKey = ReturnType<typeof kycKeys.fileStatus>

/** Written out, because what a newer TanStack Query infers has names that an older one lacks. */
export type LiveOptions<T, TKey extends readonly unknown[]> = UnusedSkipTokenOptions<T, KycStatusError, T, TKey> & {
  queryKey: DataTag<TKey, T, KycStatusError>
}

export type FileStatusOptions = LiveOptions<KycFileStatus, FileStatusKey>

/**
 * The query of a user's current attempt. It settles with the first thing the relay says; what comes after that is written to
 * the cache by the hooks that are mounted. On a server it settles within 3 s.
 */
export function kycFileStatusOptions(
  client: KycStatusClient,
  { externalUserId }: { externalUserId: string },
): FileStatusOptions {
  return currentOptions(client, externalUserId, FILE)
}

/** The query of what a reading shows now. */
export function currentOptions<T extends object, TKey extends readonly unknown[]>(
  client: KycStatusClient,
  externalUserId: string,
  reading: Reading<T>,
): LiveOptions<T, TKey> {
  const { attempt } = reading.read(client.getState(externalUserId))
  return liveOptions(client, externalUserId, reading, attempt?.id ?? null)
}

/** The same for an attempt that the caller has read. */
export function liveOptions<T extends object, TKey extends readonly unknown[]>(
  client: KycStatusClient,
  externalUserId: string,
  reading: Reading<T>,
  attemptId: string | null,
): LiveOptions<T, TKey> {
  const known = () => {
    const { status, attempt } = reading.read(client.getState(externalUserId))
    return status && (attempt?.id ?? null) === attemptId ? status : undefined
  }
  const options: UnusedSkipTokenOptions<T, KycStatusError, T, readonly unknown[]> = {
    queryKey: reading.key(externalUserId, { attemptId, relay: client.url }),
    queryFn: async ({ signal }) => {
      await ready(client, externalUserId, signal)
      const data = known()
      if (!data) throw new KycStatusError('superseded', 'an upload began')
      return data
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
  }
  return options as unknown as LiveOptions<T, TKey>
}

/** Writes what the client knows to the cache. Of a hundred components that hear of a change only the first one writes. */
export function writeKnown<T extends object>(
  queryClient: QueryClient,
  client: KycStatusClient,
  externalUserId: string,
  reading: Reading<T>,
  { status, updatedAt, attempt, isSignedOut }: LiveState<T>,
): void {
  if (isSignedOut) queryClient.removeQueries({ queryKey: reading.key(externalUserId, { relay: client.url }) })
  // After a sign-out nothing is known.
  if (!status) return
  const { queryKey } = liveOptions(client, externalUserId, reading, attempt?.id ?? null)
  const cached = queryClient.getQueryState<T>(queryKey)
  const isWritten = cached?.status === 'success' && share(cached.data, status) === cached.data
  if (!isWritten) queryClient.setQueryData(queryKey, status, { updatedAt })
}

/** Resolves once the relay is heard. A server never waits without bound. */
async function ready(client: KycStatusClient, externalUserId: string, signal: AbortSignal): Promise<void> {
  const ended = within(signal)
  const late = async () => {
    // A server answers within 3 s.
    await sleep(isServer() ? 2900 : MAX_DELAY, ended.signal)
    throw new KycStatusError('timeout', 'the relay is silent')
  }
  await Promise.race([client.ready(externalUserId, ended.signal), late()]).finally(() => ended.abort())
}

/** Keeps a status where the next one says the same. TanStack Query also calls it with results of `select`. */
function share(before: unknown, after: unknown): unknown {
  const isSame = before instanceof Object && 'externalUserId' in before && isSameStatus(before, after as object)
  return isSame ? before : replaceEqualDeep(before, after)
}
