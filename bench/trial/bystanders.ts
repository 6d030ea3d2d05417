import { availableParallelism } from 'node:os'
import { busySeconds, cpuSeconds } from './proc.ts'

/**
 * Watches what the rest of the machine does meanwhile: what takes the processors from a server is in its figures.
 *
 * @returns what tells the share of all processors that was taken by others than these processes.
 */
export function watchBystanders(own: readonly number[]): () => number {
  const now = () => ({ at: performance.now() / 1000, busy: busySeconds(), own: cpuSeconds(own) })
  const before = now()
  return () => {
    const after = now()
    const others = after.busy - before.busy - (after.own - before.own)
    return Math.max(0, others / (after.at - before.at) / availableParallelism())
  }
}
