/** A user's id, as the provider makes them: a UUID. */
export function userName(i: number): string {
  return `00000000-0000-4000-8000-${`${i}`.padStart(12, '0')}`
}

/** A step that leads through all of so many users before it comes to one again, and not in the order of their connecting. */
export function strideOver(count: number): number {
  let stride = Math.ceil(count * 0.618)
  while (greatestCommonDivisor(stride, count) !== 1) stride++
  return stride
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
