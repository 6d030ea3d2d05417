import { InvalidOptionsError } from '../protocol/invalid-options.ts'
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

const NAMES: readonly string[] = ['now', 'heartbeat']

/** By hand: what tests import need not bring a schema of its own. */
export function parseMockRelayOptions(options: MockRelayOptions): MockRelayOptions & { heartbeat: number } {
  const { now, heartbeat = 15 } = options
  const problems = Object.keys(options)
    .filter((name) => !NAMES.includes(name))
    .map((name) => `${name}: not an option`)
  if (now !== undefined && typeof now !== 'function') problems.push('now: expected a function')
  if (!(typeof heartbeat === 'number' && heartbeat > 0 && heartbeat <= MAX_HEARTBEAT)) {
    problems.push(`heartbeat: expected seconds above 0, ${MAX_HEARTBEAT} at most`)
  }
  if (problems.length > 0) throw new InvalidOptionsError(`createMockRelay: ${problems.join('; ')}`)
  return { ...(now && { now }), heartbeat }
}
