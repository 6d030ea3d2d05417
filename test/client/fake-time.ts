import { onTestFinished, vi } from 'vitest'

const STEP = 100

/** Takes clocks and timers into the test's hands. Reading a body stays real, and is over before time goes on. */
export function fakeTime(now?: number): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    ...(now !== undefined && { now }),
  })
  onTestFinished(() => void vi.useRealTimers())
}

/** Everything that waits for no timer happens. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Lets so many milliseconds pass, in steps, so that reading a body is over before the next one. */
export async function pass(ms: number, step = STEP): Promise<void> {
  await settle()
  for (let left = ms; left > 0; left -= step) {
    await vi.advanceTimersByTimeAsync(Math.min(left, step))
    await settle()
  }
}

/** A page whose visibility and network are in the test's hands. */
export function fakePage() {
  const listeners = new Set<() => void>()
  const page = { isVisible: true, isOnline: true }
  return {
    presence: {
      isVisible: () => page.isVisible,
      isOnline: () => page.isOnline,
      subscribe: (listener: () => void) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    turn(changes: Partial<typeof page>): void {
      Object.assign(page, changes)
      for (const listener of [...listeners]) listener()
    },
  }
}
