import { onTestFinished, vi } from 'vitest'

/** Keeps what is expected out of the test's output. Returns the spy, which has heard it. */
export function quiet(how: 'warn' | 'error' = 'warn') {
  const print = vi.spyOn(console, how).mockImplementation(() => {})
  onTestFinished(() => print.mockRestore())
  return print
}
