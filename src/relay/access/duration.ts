/** A number with its unit: `'90s'`, `'10m'`, `'12h'`, `'1d'`. A number alone would be seconds to one reader and ms to another. */
export type Duration = string

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** Reads a duration as whole seconds; `null` for anything else. */
export function parseDuration(duration: unknown): number | null {
  const match = typeof duration === 'string' ? /^([1-9]\d{0,8})(s|m|h|d)$/.exec(duration) : null
  return match ? Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS] : null
}
