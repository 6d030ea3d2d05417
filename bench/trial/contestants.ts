import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenMark } from '../load/event-stream.ts'
import { nchanConfig } from './nchan-config.ts'
import type { Command } from './processes.ts'

/** Where a contestant runs in one trial. */
export interface Place {
  port: number
  /** A port for a server beside it. */
  helperPort: number
  /** Its own, empty at first. */
  folder: string
  connections: number
}

/** A server to be measured. */
export interface Contestant {
  /** What `--only` calls it. */
  readonly id: string
  readonly name: string
  /** The contestant that does as little as can be done on the same runtime. */
  readonly floor: 'bare-node' | 'bare-bun' | null
  /** Of ours: what tells it from the others of ours. */
  readonly variant?: string
  /** When a stream of it counts as open. */
  readonly mark: OpenMark
  readonly webhookPath: string
  /** Whether SIGUSR2 makes it collect garbage. */
  readonly collects: boolean
  /** How it is ended as fast as can be without leaving anything behind. */
  readonly stopSignal: NodeJS.Signals
  /** What has to be there for it, and what to say where it is not. */
  readonly needs?: readonly (readonly [file: string, missing: string])[]
  readonly note?: string
  command(place: Place): Command
  /** What runs beside it, and goes on when it is restarted. */
  helper?(place: Place): Command
}

export const SUBSCRIPTION_SECRET = 'a secret of at least thirty-two bytes'
export const WEBHOOK_TOKEN = 'webhook-token'

const bench = join(import.meta.dirname, '..')
const server = (name: string) => join(bench, 'servers', `${name}.ts`)
const bun = join(bench, 'node_modules/@oven/bun-linux-x64/bin/bun')
const onPath = (name: string) =>
  ['/usr/local/sbin', '/usr/sbin', ...(process.env.PATH ?? '').split(':')]
    .map((folder) => join(folder, name))
    .find(existsSync) ?? name

export const paths = {
  bun,
  nginx: process.env.NGINX_PATH ?? onPath('nginx'),
  nchan: '/usr/lib/nginx/modules/ngx_nchan_module.so',
  redis: onPath('redis-server'),
}

const WEBHOOK_PATH = '/webhook/kyc-files/status'

const common = { mark: 'headers', webhookPath: WEBHOOK_PATH, collects: true, stopSignal: 'SIGKILL' } as const
const ours = (variant: string) => ({ ...common, mark: 'sync', variant, name: `kyc-upload-status, ${variant}` }) as const

const onNode = (name: string, env: Command['env'] = {}): Command => ({
  file: process.execPath,
  args: ['--expose-gc', server(name)],
  env,
})
const onBun = (name: string, env: Command['env'] = {}): Command => ({ file: bun, args: [server(name)], env })
const at = ({ port }: Place) => ({ PORT: `${port}` })
const secrets = { WEBHOOK_TOKEN, SUBSCRIPTION_SECRET }
const needsBun = [[bun, 'the package @oven/bun-linux-x64, which npm installs on Linux x64 alone']] as const

export const CONTESTANTS: readonly Contestant[] = [
  {
    ...common,
    id: 'bare-node',
    name: 'bare `node:http`',
    floor: null,
    command: (place) => onNode('bare-node', at(place)),
  },
  {
    ...common,
    id: 'better-sse',
    name: 'better-sse',
    floor: 'bare-node',
    command: (place) => onNode('better-sse', at(place)),
  },
  { ...common, id: 'hono', name: 'Hono', floor: 'bare-node', command: (place) => onNode('hono', at(place)) },
  {
    ...ours('memory'),
    id: 'memory',
    floor: 'bare-node',
    command: (place) => onNode('relay-node', { ...at(place), ...secrets }),
  },
  {
    ...ours('SQLite'),
    id: 'sqlite',
    floor: 'bare-node',
    command: (place) => onNode('relay-node', { ...at(place), ...secrets, STORE: join(place.folder, 'events.sqlite') }),
  },
  {
    ...ours('Redis'),
    id: 'redis',
    floor: 'bare-node',
    needs: [[paths.redis, 'redis-server']],
    note: 'Memory and processor time of Redis count, beside those of the relay. It has each write on the disk before it answers, and is not restarted.',
    command: (place) =>
      onNode('relay-node', { ...at(place), ...secrets, STORE: `redis://127.0.0.1:${place.helperPort}` }),
    helper: ({ helperPort, folder }) => ({
      file: paths.redis,
      args: `--port ${helperPort} --bind 127.0.0.1 --dir ${folder} --loglevel warning --appendonly yes --appendfsync always --auto-aof-rewrite-percentage 0`
        .split(' ')
        .concat('--save', ''),
    }),
  },
  {
    ...common,
    id: 'bare-bun',
    name: 'bare `Bun.serve`',
    floor: null,
    needs: needsBun,
    command: (place) => onBun('bare-bun', at(place)),
  },
  {
    ...ours('memory on Bun'),
    id: 'memory-bun',
    floor: 'bare-bun',
    needs: needsBun,
    command: (place) => onBun('relay-bun', { ...at(place), ...secrets }),
  },
  {
    ...common,
    id: 'nchan',
    name: 'nginx with nchan',
    floor: null,
    webhookPath: '/publish/:user',
    collects: false,
    // Fast, and its workers end with it.
    stopSignal: 'SIGTERM',
    needs: [
      [paths.nginx, 'nginx'],
      [paths.nchan, "nchan, Debian's libnginx-mod-nchan"],
    ],
    note: 'The memory of all workers counts, and what they share counts once.',
    command: (place) => {
      const file = join(place.folder, 'nginx.conf')
      writeFileSync(file, nchanConfig({ ...place, module: paths.nchan }))
      return { file: paths.nginx, args: ['-p', place.folder, '-c', file, '-e', 'stderr'] }
    },
  },
]

/** What is missing for a contestant here, or `null`. */
export function missingFor({ needs = [] }: Contestant): string | null {
  return needs.find(([file]) => !existsSync(file))?.[1] ?? null
}
