import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createClient } from 'redis'
import { describe, vi } from 'vitest'

const binary = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'redis-server'))
  .find((path) => existsSync(path))

if (!binary && process.env.REQUIRE_REDIS === '1') throw new Error('REQUIRE_REDIS=1, and no redis-server is installed')
if (!binary) console.warn('Skipped, because no redis-server is installed: the tests of the Redis store.')

export const hasRedis = binary !== undefined
/** Tests that need a Redis server; they are left out where there is none. */
export const describeWithRedis = describe.skipIf(!hasRedis)

/** A Redis process with a folder of its own, and with each write on the disk before it is answered. */
export class RedisServer {
  readonly port: number
  readonly #folder = mkdtempSync(join(tmpdir(), 'kyc-redis-'))
  readonly #settings: readonly string[]
  #process: ChildProcess | null = null

  private constructor(port: number, settings: readonly string[]) {
    this.port = port
    this.#settings = settings
  }

  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings)
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** @param extra - settings for this start alone. */
  async start(extra: readonly string[] = []): Promise<void> {
    const own = [
      '--port',
      `${this.port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      this.#folder,
      '--save',
      '',
      '--loglevel',
      'warning',
    ]
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always']
    this.#process = spawn(binary ?? '', [...own, ...durable, ...this.#settings, ...extra], { stdio: 'ignore' })
    const answers = () =>
      this.cli('ping').catch((error: Error) => {
        if (!error.message.startsWith('LOADING')) throw error
      })
    await vi.waitFor(answers, { timeout: 10_000 })
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process
    this.#process = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  /** Runs a command on it, over a connection of its own. */
  async cli(...command: string[]): Promise<unknown> {
    const client = createClient({ url: this.url, socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    try {
      await client.connect()
      return await client.sendCommand(command)
    } finally {
      if (client.isOpen) client.destroy()
    }
  }

  async end(): Promise<void> {
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** A cluster of three nodes, none of them a replica. */
export async function startCluster(): Promise<{ urls: string[]; nodes: RedisServer[]; end(): Promise<void> }> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']
  const nodes = await Promise.all([1, 2, 3].map(() => RedisServer.start(settings)))
  execFileSync(join(binary ?? '', '../redis-cli'), [
    '--cluster',
    'create',
    ...nodes.map(({ port }) => `127.0.0.1:${port}`),
    '--cluster-yes',
  ])
  const isFormed = async ({ cli }: { cli: () => Promise<unknown> }) => {
    if (!`${await cli()}`.includes('cluster_state:ok')) throw new Error('the cluster is not formed yet')
  }
  for (const node of nodes) {
    await vi.waitFor(() => isFormed({ cli: () => node.cli('cluster', 'info') }), { timeout: 20_000 })
  }
  return {
    urls: nodes.map(({ url }) => url),
    nodes,
    end: async () => {
      await Promise.all(nodes.map((node) => node.end()))
    },
  }
}

/** Stands between a relay and Redis, and can cut, or hold still, what goes through it. */
export class TcpProxy {
  #port: number
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((incoming) => this.#accept(incoming))
  #isDown = false

  constructor(port: number) {
    this.#port = port
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Leads later connections elsewhere, as the address of a service does after a failover. Those that are open stay. */
  leadTo(port: number): void {
    this.#port = port
  }

  /** Cuts every connection; later ones are let in again. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Cuts every connection, and lets none in until it is up again. */
  down(): void {
    this.#isDown = true
    this.cut()
  }

  up(): void {
    this.#isDown = false
  }

  /** Lets nothing through, and keeps the connections, as a network does that has lost its way. */
  hold(): void {
    for (const socket of this.#sockets) socket.pause()
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #accept(incoming: Socket): void {
    if (this.#isDown) {
      incoming.destroy()
      return
    }
    const outgoing = connect(this.#port, '127.0.0.1')
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
    incoming.pipe(outgoing).pipe(incoming)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
