/** What repeats of one measurement came to. */
export interface Spread {
  median: number
  min: number
  max: number
}

/** `null` where nothing was measured. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (min === undefined || max === undefined || upper === undefined || lower === undefined) return null
  return { median: (lower + upper) / 2, min, max }
}

/** Whether one of them could as well have been the other: their ranges have something in common. */
export function overlap(a: Spread, b: Spread): boolean {
  return a.min <= b.max && b.min <= a.max
}
