/** How a client waits between two requests; all in milliseconds. */
export interface Backoff {
  /** The longest first wait. A longer `retry:` of the relay replaces it. */
  base: number
  /** The longest wait of all. */
  max: number
}

/**
 * Full jitter: a random time between nothing and the longest wait, which doubles with each failure. So clients that lost a
 * relay together come back spread out.
 */
export function backoffDelay(failures: number, { base, max }: Backoff, random: () => number = Math.random): number {
  return random() * Math.min(max, base * 2 ** failures)
}
