/**
 * A moment by both clocks of a device. The wall clock jumps when it is set; the steady one stands still while most devices
 * sleep.
 */
export interface Moment {
  /** Milliseconds of `performance.now()`. */
  readonly steady: number
  /** Milliseconds since the epoch. */
  readonly wall: number
}

export function moment(): Moment {
  const wall = Date.now()
  return { steady: globalThis.performance?.now() ?? wall, wall }
}

/**
 * Milliseconds since a moment, by the clock that shows more. It is for silence, hidden pages and waits, where an error costs
 * one request at most.
 */
export function since(then: Moment, now = moment()): number {
  return Math.max(now.steady - then.steady, now.wall - then.wall, 0)
}
