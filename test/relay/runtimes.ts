import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** What is not Node.js and runs the relay too. */
export interface Runtime {
  name: 'Bun' | 'Deno'
  /** What runs a file on it; `undefined` where it is not installed. */
  command: readonly string[] | undefined
}

/** A binary that its variable names, or else the one of the lockfile, if it runs here. */
function find(name: Runtime['name'], packaged: string, before: readonly string[], after: readonly string[]): Runtime {
  const variable = name.toUpperCase()
  const binary = process.env[`${variable}_PATH`] ?? path(`node_modules/${packaged}`)
  if (spawnSync(binary, ['--version']).status === 0) return { name, command: [...before, binary, ...after] }
  if (process.env[`REQUIRE_${variable}`] === '1') throw new Error(`REQUIRE_${variable}=1, and ${binary} does not run`)
  console.warn(`Skipped, because ${binary} does not run: the tests of the relay on ${name}.`)
  return { name, command: undefined }
}

export const runtimes: readonly Runtime[] = [
  find('Bun', '@oven/bun-linux-x64/bin/bun', [], []),
  // It asks nobody for a newer one, and keeps what it compiles here.
  find(
    'Deno',
    '@deno/linux-x64-glibc/deno',
    ['env', 'DENO_NO_UPDATE_CHECK=1', `DENO_DIR=${path('.cache/deno')}`],
    ['run', '-A'],
  ),
]

/** The command that serves a relay by the runtime's own server. */
export const ownServer = (command: readonly string[]): string[] => [...command, path('test/relay/runtime-server.ts')]
