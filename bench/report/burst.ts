/** The most moments that any window of this length holds. */
export function largestBurst(moments: readonly number[], length: number): number {
  const sorted = Float64Array.from(moments).sort()
  let most = 0
  let first = 0
  for (const [last, moment] of sorted.entries()) {
    while (moment - (sorted[first] ?? moment) >= length) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}
