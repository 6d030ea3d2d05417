import { parseArgs } from 'node:util'

/** How much is measured. */
export interface Options {
  /** Streams that are open, one for each user. */
  connections: number
  repeats: number
  /** Webhooks a second, where they are sent at a pace. */
  rate: number
  /** Seconds that the pace is kept. */
  pacedSeconds: number
  /** Seconds of the closed loop. */
  closedSeconds: number
  /** What an hour brings: webhooks that are sent at full speed. */
  hour: number
  only: readonly string[]
  isQuick: boolean
}

export const HELP = `Usage: npm run bench -- [options]

Measures this package's relay beside other servers, each a process of its own, over loopback.

Options:
  --connections <number>   streams that are open (default: 10000)
  --repeats <number>       trials of each server (default: 3)
  --rate <number>          webhooks a second, for the latency (default: 1000)
  --hour <number>          webhooks of an hour, for the memory that they leave (default: 36000, ten a second)
  --only <id,id>           servers to measure; nothing is written to RESULTS.md then
  --quick                  a small run, to see that all works; nothing is written to RESULTS.md
  --help                   print this`

const FULL = { connections: 10_000, repeats: 3, rate: 1000, hour: 36_000, pacedSeconds: 15, closedSeconds: 10 }
const QUICK = { connections: 200, repeats: 1, rate: 500, hour: 2000, pacedSeconds: 2, closedSeconds: 2 }

/**
 * Reads the command line; `null` where it asks for help.
 *
 * @throws {TypeError} if an option is unknown, or no number that can be measured with.
 */
export function readOptions(args: readonly string[], ids: readonly string[]): Options | null {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      connections: text,
      repeats: text,
      rate: text,
      hour: text,
      only: text,
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const defaults = values.quick ? QUICK : FULL
  const only = values.only?.split(',') ?? []
  for (const id of only) {
    if (!ids.includes(id)) throw new TypeError(`--only: expected some of ${ids.join(', ')}`)
  }
  const count = (name: 'connections' | 'repeats' | 'rate' | 'hour', least = 1) => {
    const number = Number(values[name] ?? defaults[name])
    if (!Number.isInteger(number) || number < least) throw new TypeError(`--${name}: expected ${least} or more`)
    return number
  }
  return {
    ...defaults,
    // Below that, what a stream takes is lost in what the runtime takes.
    connections: count('connections', 100),
    repeats: count('repeats'),
    rate: count('rate'),
    hour: count('hour'),
    only,
    isQuick: values.quick,
  }
}
