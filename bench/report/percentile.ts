/**
 * The value that this share of all values does not exceed, by the nearest rank, so that it is one that was measured.
 *
 * @throws {RangeError} where there is nothing to take it from.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('expected at least one value')
  return value
}
