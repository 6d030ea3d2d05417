import { aFunction, checkOptions, expect, type Rules } from '../protocol/check-options.ts'
import { MAX_HEARTBEAT } from '../protocol/words.ts'

export interface MockRelayOptions {
  /**
   * The relay's clock, in milliseconds since the epoch: event ids, `receivedAt` and the `now` of `sync` come from it.
   * Default `Date.now`, so that the fake timers of a test are the relay's time too. Where it steps back, ids and the `now`
   * of `sync` stand still until it has caught up; with the default they run on by `performance.now`, as a relay's do.
   */
  now?: () => number
  /**
   * Seconds between two heartbeats, as `sync` announces them. Default 15. None comes by itself, `comment()` sends it: a
   * client that hears nothing for more than two of them takes the line for dead. At most 3,600.
   */
  heartbeat?: number
}

const rules: Rules = {
  now: aFunction,
  heartbeat: expect(
    (value) => typeof value === 'number' && value > 0 && value <= MAX_HEARTBEAT,
    `expected seconds above 0, ${MAX_HEARTBEAT} at most`,
  ),
}

export function parseMockRelayOptions(options: MockRelayOptions): MockRelayOptions & { heartbeat: number } {
  checkOptions('createMockRelay', rules, options)
  return { ...options, heartbeat: options.heartbeat ?? 15 }
}
