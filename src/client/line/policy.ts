import { expect, type Rules, timeout } from '../../protocol/check-options.ts'
import type { KycStatusError, KycStatusErrorCode } from '../errors.ts'
import { type Backoff, backoffDelay } from './backoff.ts'
import type { LineEvent } from './line-state.ts'
import type { Refusal } from './verdict.ts'

/** How a connection is kept; all in milliseconds. */
export interface PolicyOptions {
  retry?: {
    /**
     * The longest first wait before reconnecting. Default 500, or `max` if that is shorter; a longer `retry:` of the relay
     * replaces it.
     */
    base?: number
    /** The longest wait of all. Default 30,000, or `base` if that is longer. */
    max?: number
    /** How long a stream must hold before earlier failures are forgotten. Default 10,000. */
    stableAfter?: number
  }
  /** How long the relay may take to answer, and to say what is known. Default 10,000. */
  connectTimeout?: number
}

export interface Policy {
  backoff: Backoff
  /** Milliseconds that a stream must hold before the failures before it are forgotten. */
  stableAfter: number
  /** Errors after which the same request would not help. */
  finals: readonly KycStatusErrorCode[]
  /** A refused credential can be replaced by another one. */
  canRefresh: boolean
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

/** The waits of `options`, with their defaults. */
export function readWaits({
  retry: { base, max = Math.max(30_000, base ?? 0), stableAfter = 10_000 } = {},
  connectTimeout = 10_000,
}: PolicyOptions) {
  return { backoff: { base: base ?? Math.min(500, max), max }, stableAfter, connectTimeout }
}

/** Tells whether asking for a snapshot again would not help. After a 401 it was asked for with another credential already. */
export function isFinal({ code }: KycStatusError, { finals }: Policy): boolean {
  return code === 'unauthorized' || finals.includes(code)
}

/** How often a relay is asked where streams can't be had, in milliseconds, give or take a fifth. */
const POLL_INTERVAL = 5000
/** After this many snapshots a stream is tried again: about once a minute. */
const POLLS = 12
/** After this many streams in a row without a `sync` in time, a proxy probably swallows them. */
const SWALLOWED_STREAMS = 2

/** How a request ended. */
export type Ending =
  /** A snapshot came. */
  | { type: 'polled' }
  | Refusal
  /** A stream has ended. */
  | {
      type: 'ended'
      /** `null` for a clean end after the stream had been of use. */
      cause: KycStatusError | null
      /** Milliseconds that it was of use. */
      heldFor: number
      /** Nothing of use came in time. */
      isSwallowed?: boolean
      /** It brought what is known and named a time to come back: the relay has no room, so each stream serves as a snapshot. */
      isServed?: boolean
      /** This `fetch` has no body to read while it comes. */
      hasNoBody?: boolean
    }

/** What has gone wrong lately. */
export interface Trouble {
  /** Requests that failed in a row: the wait grows with them. */
  readonly failures: number
  /** Streams in a row that brought nothing in time. */
  readonly swallowed: number
  /** The last credential was refused. */
  readonly isRefused: boolean
  /** How often to poll before a stream is tried again. */
  readonly polls: number
}

export const NO_TROUBLE: Trouble = { failures: 0, swallowed: 0, isRefused: false, polls: 0 }

/** How long to wait, in milliseconds: at least, also when somebody comes back, and at most. */
export interface Wait extends Extract<LineEvent, { type: 'waiting' }> {
  atLeast: number
  atMost: number
}

/** What comes next. */
export type Step = { type: 'again' } | Wait | Extract<LineEvent, { type: 'failed' }>

/** @param atLeast - milliseconds that the server asks to wait. */
export function waiting(isServed: boolean, cause: KycStatusError | null, delay: number, atLeast = 0): Wait {
  return { type: 'waiting', atLeast, atMost: Math.max(atLeast, delay), isServed, cause }
}

/** All of the policy: decides what comes after the end of a request. */
export function decide(
  trouble: Trouble,
  ending: Ending,
  { backoff, stableAfter, finals, canRefresh }: Policy,
): { trouble: Trouble; step: Step } {
  const polls = Math.max(0, trouble.polls - 1)
  const pollInterval = POLL_INTERVAL * (0.8 + 0.4 * Math.random())
  const next = (changes: Partial<Trouble>, step: Step) => ({
    trouble: { ...trouble, isRefused: false, ...changes },
    step,
  })

  switch (ending.type) {
    case 'polled':
      return next({ failures: 0, polls }, waiting(true, null, pollInterval))
    case 'refused': {
      const { error, after } = ending
      const isUnauthorized = error.code === 'unauthorized'
      // A snapshot was asked for with another credential already.
      const isFirst = isUnauthorized && !trouble.isRefused && trouble.polls === 0
      if (isFirst && canRefresh) return next({ isRefused: true }, { type: 'again' })
      if (finals.includes(error.code) || (isUnauthorized && !isFirst)) return next({}, { type: 'failed', error })
      if (trouble.polls > 0) return next({ polls }, waiting(false, error, pollInterval, after))
      const delay = backoffDelay(trouble.failures, backoff)
      const changes = { failures: trouble.failures + 1, swallowed: 0, isRefused: isUnauthorized }
      return next(changes, waiting(false, error, delay, after))
    }
    case 'ended': {
      const { cause, heldFor, isSwallowed, isServed, hasNoBody } = ending
      // The relay has named a time to come back, a different one for each client.
      if (isServed) return next({ failures: 0, swallowed: 0 }, waiting(true, null, backoff.base))
      const swallowed = isSwallowed ? trouble.swallowed + 1 : 0
      if (hasNoBody || swallowed >= SWALLOWED_STREAMS) return next({ swallowed, polls: POLLS }, { type: 'again' })
      const failures = heldFor >= stableAfter ? 0 : trouble.failures
      return next({ failures: failures + 1, swallowed }, waiting(false, cause, backoffDelay(failures, backoff)))
    }
  }
}
