import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Descriptors that a process has beside its streams: webhooks, files, its runtime. */
const BESIDE = 500
const RAISED = 'BENCH_DESCRIPTORS_RAISED'

/** How many descriptors a process may have, now and at most, from the text of `/proc/<pid>/limits`. */
export function parseDescriptorLimits(limits: string): { soft: number; hard: number } {
  const [, soft, hard] = /^Max open files +(\S+) +(\S+)/m.exec(limits) ?? []
  const number = (text: string | undefined) => (text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text))
  return { soft: number(soft), hard: number(hard) }
}

/**
 * Sees to it that servers and driver, each a process of its own, may have as many descriptors as there are streams. Node.js
 * itself goes up to the hard limit, and what it starts inherits that; beyond it everything is run again with a higher one.
 *
 * @throws {Error} where that is not allowed; it says what to do.
 */
export function ensureDescriptors(connections: number): void {
  const needed = connections + BESIDE
  const { soft } = parseDescriptorLimits(readFileSync('/proc/self/limits', 'utf8'))
  if (soft >= needed) return
  const raise = [`--nofile=${needed}:${needed}`, '--']
  const mayRaise = spawnSync('prlimit', [...raise, 'true']).status === 0
  if (mayRaise && process.env[RAISED] === undefined) {
    const env = { ...process.env, [RAISED]: '1' }
    const { status } = spawnSync('prlimit', [...raise, ...process.argv], { env, stdio: 'inherit' })
    process.exit(status ?? 1)
  }
  throw new Error(
    `${connections} streams take ${needed} file descriptors in a process, and ${soft} are allowed. Raise the hard limit ` +
      `(as root: prlimit --pid $$ --nofile=${needed}:${needed}; for a container: --ulimit nofile=${needed}), or measure with ` +
      `--connections ${soft - BESIDE} or less.`,
  )
}
