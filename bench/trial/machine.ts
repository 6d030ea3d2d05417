import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { paths } from './contestants.ts'

const bench = join(import.meta.dirname, '..')

/** The machine and all versions, in lines that say what a reader needs to compare it with another one. */
export function describeMachine(): string[] {
  const [first, ...others] = cpus()
  const gibibytes = (totalmem() / 2 ** 30).toFixed(1)
  const name = /^PRETTY_NAME="(.+)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
  return [
    `${first?.model.trim() ?? 'unknown processor'}, ${others.length + 1} processors, ${gibibytes} GiB of memory`,
    `${name}, Linux ${release()}; SQLite and Redis write to ${fileSystem(tmpdir())}`,
    `load when it began: ${loadavg()[0]?.toFixed(2)}`,
    versions().join(', '),
  ]
}

function versions(): string[] {
  const packages = ['better-sse', 'hono', '@hono/node-server'].map(
    (name) => `${name} ${versionIn(`node_modules/${name}/package.json`)}`,
  )
  return [
    `kyc-upload-status ${versionIn('../package.json')}`,
    `Node.js ${process.versions.node}`,
    ...told('Bun', paths.bun, ['--version']),
    ...packages,
    ...told('Redis', paths.redis, ['--version'], /v=(\S+)/),
    ...told('nginx', paths.nginx, ['-v'], /nginx\/(\S+)/),
    ...told('nchan', 'dpkg', ['-s', 'libnginx-mod-nchan'], /^Version: (?:\d+:)?([\d.]+)/m),
  ]
}

function versionIn(manifest: string): string {
  return (JSON.parse(readFileSync(join(bench, manifest), 'utf8')) as { version: string }).version
}

/** What a program says of its version; nothing where it is not there. */
function told(name: string, file: string, args: readonly string[], pattern = /(\S+)/): string[] {
  try {
    // nginx says it on its standard error.
    const text = execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', file, ...args], { encoding: 'utf8' })
    const version = pattern.exec(text)?.[1]
    return version ? [`${name} ${version}`] : []
  } catch {
    return []
  }
}

function fileSystem(folder: string): string {
  const [type] = told('', 'findmnt', ['-no', 'FSTYPE', '-T', folder])
  return type?.trim() ?? 'the disk'
}
