/** A number with three digits that count, and all before the point. */
export function inDigits(value: number): string {
  const integer = Math.abs(value) < 1 ? 0 : Math.floor(Math.log10(Math.abs(value)))
  const digits = Math.max(0, 2 - integer)
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** How many times another value it is; `null` where that says nothing, because one of them is not above zero. */
export function ratio(value: number, other: number): number | null {
  return value > 0 && other > 0 ? value / other : null
}

/** `one`; `one and two`; `one, two and three`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
