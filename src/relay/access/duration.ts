/** Seconds, or a number with its unit: `'90s'`, `'10m'`, `'12h'`, `'1d'`. */
export type Duration = number | string

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** Reads a duration as whole seconds; `null` for anything else. */
export function parseDuration(duration: Duration): number | null {
  if (typeof duration === 'number') return Number.isSafeInteger(duration) && duration > 0 ? duration : null
  const match = /^([1-9]\d{0,8})(s|m|h|d)$/.exec(duration)
  return match ? Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS] : null
}
