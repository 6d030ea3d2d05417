'use client'

import type { UseSuspenseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { KycStatusClient } from '../client/client.ts'
import { type Moment, moment, since } from '../client/clock.ts'
import { KycStatusError } from '../client/errors.ts'
import type { KycFileStatus } from '../client/knowledge/upload-state.ts'
import { isServer } from './is-server.ts'
import { useClient } from './provider.tsx'
import type { UseKycFileStatusOptions } from './use-kyc-file-status.ts'
import { type Extras, useLiveQuery } from './use-live-query.ts'

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
  const client = useClient('useSuspenseKycFileStatus')
  const { result, shown } = useLiveQuery<TData>('useSuspenseKycFileStatus', externalUserId, {
    ...options,
    enabled: true,
  })
  const isMounted = useRef(false)
  useEffect(() => {
    isMounted.current = true
  }, [])
  if (shown.error && shown.isLoadingError) throwAgain(client, shown.error)
  if (shown.status === 'pending' || shown.isLoadingError) {
    if (isServer()) throw new KycStatusError('unavailable', 'useSuspenseKycFileStatus: expected data on the server')
    // After a sign-out a mounted component waits for somebody to come.
    throw isMounted.current && client.getState(externalUserId).isSignedOut ? NEVER : lease(client, externalUserId)
  }
  return result as UseSuspenseKycFileStatusResult<TData>
}

const NEVER = new Promise<never>(() => {})

/** How long a component that is not there yet holds its connection, in milliseconds. It asks again if it is still wanted. */
const LEASE = 5000
const leases = new WeakMap<KycStatusClient, Map<string, Promise<void>>>()

/** Resolves once there is something to show, or it is time to ask again. React tells nobody that it has given up a component. */
function lease(client: KycStatusClient, externalUserId: string): Promise<void> {
  const users = leases.get(client) ?? new Map<string, Promise<void>>()
  leases.set(client, users)
  const held = users.get(externalUserId)
  if (held) return held
  const ended = new AbortController()
  const timer = setTimeout(() => ended.abort(), LEASE)
  const granted = client
    .ready(externalUserId, ended.signal)
    // The next render says what went wrong.
    .then(noop, noop)
    .finally(() => {
      clearTimeout(timer)
      users.delete(externalUserId)
    })
  users.set(externalUserId, granted)
  return granted
}

/** At most `TRIES` tries follow each other within `AT_ONCE` milliseconds. */
const TRIES = 3
const AT_ONCE = 1000
const given = new WeakSet<Error>()
const tried = new WeakMap<KycStatusClient, { count: number; at: Moment }>()

/**
 * Throws an error to a boundary. React renders once more before the boundary has it, mostly in the same task. A later render is
 * a boundary that tries again, or part of a large page that React renders in pieces. So the tries are limited.
 */
function throwAgain(client: KycStatusClient, error: Error): void {
  const { count = 0, at = moment() } = tried.get(client) ?? {}
  const before = since(at) < AT_ONCE ? count : 0
  if (given.has(error) && before < TRIES) {
    tried.set(client, { count: before + 1, at: moment() })
    return
  }
  void Promise.resolve().then(() => given.add(error))
  throw error
}

const noop = () => {}
