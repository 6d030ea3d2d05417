'use client'

import { useEffect, useRef } from 'react'
import type { KycStatusClient } from '../client/client.ts'
import { type Moment, moment, since } from '../client/clock.ts'
import { KycStatusError } from '../client/errors.ts'
import { isServer } from './is-server.ts'
import { useClient } from './provider.tsx'
import type { Shown } from './shown.ts'

/**
 * Suspends a component until there is something to show. An error before that is thrown to the next error boundary.
 *
 * @param caller - the hook that asks, for the messages of errors.
 */
export function useSuspended(caller: string, externalUserId: string, shown: Shown<unknown>): void {
  const client = useClient(caller)
  const isMounted = useRef(false)
  useEffect(() => {
    isMounted.current = true
  }, [])
  if (shown.error && shown.isLoadingError) throwAgain(client, shown.error)
  if (shown.status === 'pending' || shown.isLoadingError) {
    if (isServer()) throw new KycStatusError('unavailable', `${caller}: expected data on the server`)
    // After a sign-out a mounted component waits for somebody to come.
    throw isMounted.current && client.getState(externalUserId).isSignedOut ? NEVER : lease(client, externalUserId)
  }
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
