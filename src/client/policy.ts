import * as z from 'zod/mini'
import type { ConnectionPolicy } from './connection.ts'
import { browserPresence, type Presence } from './presence.ts'
import { MAX_DELAY } from './timers.ts'

export const milliseconds = z
  .number('expected milliseconds')
  .check(z.positive('expected milliseconds above 0'), z.maximum(MAX_DELAY, `expected at most ${MAX_DELAY} ms`))

/** The options that say how a connection is kept, with their defaults. */
export const policyOptions = {
  retry: z._default(
    z.strictObject({
      base: z._default(milliseconds, 500),
      max: z._default(milliseconds, 30_000),
      stableAfter: z._default(milliseconds, 10_000),
    }),
    { base: 500, max: 30_000, stableAfter: 10_000 },
  ),
  connectTimeout: z._default(milliseconds, 10_000),
  presence: z._default(
    z.custom<Presence>(
      (value) => typeof (value as Presence | undefined)?.subscribe === 'function',
      'expected an object with isVisible, isOnline and subscribe',
    ),
    browserPresence,
  ),
}

export function toPolicy({
  retry: { stableAfter, ...backoff },
  connectTimeout,
}: {
  retry: { base: number; max: number; stableAfter: number }
  connectTimeout: number
}): ConnectionPolicy {
  return { backoff, connectTimeout, stableAfter }
}
