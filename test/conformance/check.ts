import { AssertionError } from 'node:assert/strict'
import type { Target } from './target.ts'

/** One rule that a relay keeps, and the way to see whether it does. */
export interface Check {
  /** What has to hold, in a few words. */
  rule: string
  /** The words that say so, as they stand in `source`. */
  quote: string
  source: string
  /** Time is the rule: it takes seconds, however fast the relay is. */
  slow?: boolean
  /** Resolves if the rule holds; rejects with what was expected, or with `Skipped`. */
  run(target: Target): Promise<void>
}

/** The configuration doesn't say what the check needs to know. */
export class Skipped extends Error {
  override readonly name = 'Skipped'
}

/** What the configuration says of `key`; without it the check is skipped. */
export function known<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw new Skipped(`the configuration has no ${key}`)
  return value
}

/** Fails with what was expected and what came. */
export function fail(expected: unknown, actual: unknown, message: string): never {
  throw new AssertionError({ message, expected, actual })
}

/** Fails unless a text matches. */
export function matches(actual: string | null | undefined, expected: RegExp, message: string): void {
  if (typeof actual !== 'string' || !expected.test(actual)) fail(expected, actual, message)
}
