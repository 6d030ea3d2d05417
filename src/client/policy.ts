import type { ConnectionPolicy } from './connection.ts'
import { expect, type Rules, timeout } from './options.ts'

/** How a connection is kept; all in milliseconds. */
export interface PolicyOptions {
  retry?: {
    /** The longest first wait before reconnecting. Default 500; a longer `retry:` of the relay replaces it. */
    base?: number
    /** The longest wait of all. Default 30,000. */
    max?: number
    /** What a stream must hold before earlier failures are forgotten. Default 10,000. */
    stableAfter?: number
  }
  /** How long the relay may take to answer, and to say what is known. Default 10,000. */
  connectTimeout?: number
}

function isPresence(value: unknown): boolean {
  const methods = Object(value) as Record<string, unknown>
  return ['isVisible', 'isOnline', 'subscribe'].every((method) => typeof methods[method] === 'function')
}

export const policyRules: Rules = {
  retry: { base: timeout, max: timeout, stableAfter: timeout },
  connectTimeout: timeout,
  presence: expect(isPresence, 'expected an object with isVisible, isOnline and subscribe'),
}

export function toPolicy({
  retry: { base = 500, max = 30_000, stableAfter = 10_000 } = {},
  connectTimeout = 10_000,
}: PolicyOptions): ConnectionPolicy {
  return { backoff: { base, max }, connectTimeout, stableAfter }
}
