import { readFileSync } from 'node:fs'

// What Linux accounts for a process, whatever it runs on.

/** Ticks of the processor's clock in a second, the same on every Linux that Node.js runs on: `getconf CLK_TCK`. */
const TICKS_PER_SECOND = 100

/** Seconds on a processor, of all threads and in the kernel too, from the text of `/proc/<pid>/stat`. */
export function parseCpuSeconds(stat: string): number {
  // The name, in parentheses, may hold spaces and parentheses itself; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/**
 * Resident bytes, from the texts of `/proc/<pid>/status` and `/proc/<pid>/smaps_rollup`. What processes have in common, as
 * nginx' workers do, counts in parts, so that the sum over them is what they take. For one process it is its RSS.
 */
export function parseResidentBytes(status: string, rollup: string): number {
  const kB = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1])
  return 1024 * (kB(status, 'RssFile') + kB(rollup, 'Pss_Anon') + kB(rollup, 'Pss_Shmem'))
}

/** Seconds that all processors were busy since the machine began, from the text of `/proc/stat`. Stolen time counts. */
export function parseBusySeconds(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(0, stat.indexOf('\n'))
    .split(/ +/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND
}

const read = (pid: number, file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8')

/** A process and all that it has started. */
export function withDescendants(pid: number): number[] {
  const children = read(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(withDescendants)]
}

/** Seconds that these processes have spent so far. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + parseCpuSeconds(read(pid, 'stat')), 0)
}

/** Seconds that all processors were busy so far. */
export function busySeconds(): number {
  return parseBusySeconds(readFileSync('/proc/stat', 'utf8'))
}

/** Bytes that these processes hold in memory. */
export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + parseResidentBytes(read(pid, 'status'), read(pid, 'smaps_rollup')), 0)
}
