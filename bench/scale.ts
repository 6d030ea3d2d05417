import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'
import { subscriptionTokens } from '../src/relay/access/subscription-tokens.ts'
import { EventStream } from './load/event-stream.ts'
import { SenderPool } from './load/sender-pool.ts'
import { strideOver, userName } from './load/users.ts'
import { markdownTable } from './report/markdown-table.ts'
import { inDigits } from './report/numbers.ts'
import { CONTESTANTS, missingFor, SUBSCRIPTION_SECRET, WEBHOOK_TOKEN } from './trial/contestants.ts'
import { ensureDescriptors } from './trial/descriptors.ts'
import { freePort } from './trial/free-port.ts'
import { describeMachine } from './trial/machine.ts'
import { cpuSeconds, residentBytes } from './trial/proc.ts'
import { Child, killAll } from './trial/processes.ts'

// Has more and more relays share one Redis, with more and more streams, and writes what each of them costs to SCALE.md.

/** Relays, and streams over all of them. */
const STEPS = [
  { relays: 1, streams: 2000 },
  { relays: 1, streams: 8000 },
  { relays: 2, streams: 8000 },
  { relays: 4, streams: 8000 },
  { relays: 4, streams: 16_000 },
] as const
const WEBHOOKS = 40_000
/** What each relay has been through before it is measured, so that its code is compiled. */
const WARM_UP = 15_000
const LANES = 32
const DELIVERY_TIMEOUT = 20_000
/** Milliseconds between two comments on a stream: the relay's default. */
const HEARTBEAT = 15_000

/** Microseconds on a processor and bytes. */
interface Costs {
  relays: number
  streams: number
  /** For each stream that is opened. */
  openedByRelays: number
  openedByRedis: number
  /** For each comment on a stream, with all else that a relay and Redis do while nothing happens. */
  heartbeatByRelays: number
  /** For each webhook, acknowledged and on its stream. */
  webhookByRelays: number
  webhookByRedis: number
  /** For each stream. */
  streamInRelays: number
  streamInRedis: number
  /** For each user with one event. */
  userInRedis: number
}

const found = CONTESTANTS.find(({ id }) => id === 'redis')
if (!found) throw new Error('expected a contestant with Redis')
const contestant = found
const missing = missingFor(contestant)
if (missing) throw new Error(`It needs ${missing}.`)
ensureDescriptors(Math.max(...STEPS.map(({ streams }) => streams)))
process.once('exit', killAll)

const costs: Costs[] = []
for (const step of STEPS) {
  console.error(`${step.relays} relays, ${step.streams} streams`)
  costs.push(await measure(step))
}
const text = report(costs)
writeFileSync(join(import.meta.dirname, 'SCALE.md'), text)
console.log(text)
process.exit()

async function measure({ relays: count, streams }: { relays: number; streams: number }): Promise<Costs> {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-scale-'))
  const helperPort = await freePort()
  const ports = await Promise.all(Array.from({ length: count }, freePort))
  const [redis, ...relays] = await startAll(
    helperPort,
    ports.map((port) => ({ port, helperPort, folder, connections: streams })),
  )
  const client = await createClient({ url: `redis://127.0.0.1:${helperPort}` }).connect()
  const usedByRedis = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1])
  const spent = () => ({ relays: cpuSeconds(relays.map(({ pid }) => pid)), redis: cpuSeconds([redis.pid]) })
  const heldByRelays = async () => {
    for (const relay of relays) relay.signal('SIGUSR2')
    await sleep(1500)
    return residentBytes(relays.map(({ pid }) => pid))
  }

  const users = Array.from({ length: streams }, (_, i) => userName(i))
  const tokens = subscriptionTokens(SUBSCRIPTION_SECRET)
  const issued = await Promise.all(users.map((user) => tokens.issue(user, { expiresIn: '12h' })))
  const waiting: (() => void)[] = []
  const portOf = (i: number) => ports[i % count] ?? 0

  const before = { ...spent(), held: await heldByRelays(), used: await usedByRedis() }
  const opened: EventStream[] = []
  await inLanes(streams, async (i) => {
    const target = { port: portOf(i), index: i, user: users[i] ?? '', token: issued[i] ?? '', mark: 'sync' } as const
    await new Promise<void>((resolve) => {
      const closed = (status: number | null) => fail(`the stream of user ${i} was lost: ${status}`)
      opened.push(new EventStream(target, '', { opened: resolve, told: () => waiting[i]?.(), closed }))
    })
  })
  const open = { ...spent(), held: await heldByRelays(), used: await usedByRedis() }

  const quiet = spent()
  await sleep(HEARTBEAT)
  const beaten = spent()

  // To the relay beside the one that has the stream, so that it is Redis that brings it there.
  const pools = ports.map((port) => new SenderPool(LANES, { port, token: WEBHOOK_TOKEN }))
  const stride = strideOver(streams)
  const deliver = async (n: number) => {
    const i = (n * stride) % streams
    const body = JSON.stringify({ externalUserId: users[i], status: 'ADDED' })
    const late = setTimeout(() => fail(`a webhook of user ${i} did not reach its page`), DELIVERY_TIMEOUT)
    await Promise.all([
      new Promise<void>((resolve) => {
        waiting[i] = resolve
      }),
      new Promise<void>((resolve) => {
        pools[(i + 1) % count]?.send(contestant.webhookPath, body, (status) => {
          if (status === 200) resolve()
          else fail(`a webhook was answered with ${status}`)
        })
      }),
    ])
    clearTimeout(late)
  }
  await inLanes(streams, deliver)
  const used = await usedByRedis()
  await inLanes(WARM_UP * count, deliver)
  const known = spent()
  await inLanes(WEBHOOKS, deliver)
  const told = spent()

  for (const stream of opened) stream.close()
  for (const pool of pools) pool.close()
  client.destroy()
  await Promise.all([redis, ...relays].map((child) => child.stop('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
  const micro = (seconds: number, number: number) => (seconds * 1e6) / number
  return {
    relays: count,
    streams,
    openedByRelays: micro(open.relays - before.relays, streams),
    openedByRedis: micro(open.redis - before.redis, streams),
    heartbeatByRelays: micro(beaten.relays - quiet.relays, streams),
    webhookByRelays: micro(told.relays - known.relays, WEBHOOKS),
    webhookByRedis: micro(told.redis - known.redis, WEBHOOKS),
    streamInRelays: (open.held - before.held) / streams,
    streamInRedis: (open.used - before.used) / streams,
    userInRedis: (used - open.used) / streams,
  }
}

async function startAll(
  helperPort: number,
  places: readonly Parameters<typeof contestant.command>[0][],
): Promise<[Child, ...Child[]]> {
  const [first] = places
  const command = first && contestant.helper?.(first)
  if (!command) throw new Error('expected a command for Redis')
  const redis = new Child(command)
  await redis.listening(helperPort)
  const relays = places.map((place) => new Child(contestant.command(place)))
  await Promise.all(relays.map((relay, i) => relay.listening(places[i]?.port ?? 0)))
  return [redis, ...relays]
}

async function inLanes(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}

function report(all: readonly Costs[]): string {
  const KiB = 1024
  const rows = all.map((cost) => [
    `${cost.relays} × ${cost.streams.toLocaleString('en-US')}`,
    ...[
      cost.streamInRelays / KiB,
      cost.streamInRedis / KiB,
      cost.userInRedis / KiB,
      cost.openedByRelays,
      cost.openedByRedis,
      cost.heartbeatByRelays,
      cost.webhookByRelays,
      cost.webhookByRedis,
    ].map(inDigits),
  ])
  const head = [
    'relays × streams in all',
    'a stream in its relay, KiB',
    'a stream in Redis, KiB',
    'a user with an event in Redis, KiB',
    'a stream opened: relay, µs',
    'Redis, µs',
    'a heartbeat: relays, µs',
    'a webhook delivered: relays, µs',
    'Redis, µs',
  ]
  return `# What grows with relays and streams

Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench:scale\`. All of it is written by that command.

${describeMachine()
  .map((line) => `- ${line}`)
  .join('\n')}

Relays and one Redis are processes of their own, on one machine, with the driver beside them. Each webhook goes to another relay than the one that
has its user's stream, so that Redis brings it there; Redis has each on the disk before it answers. Processor time is that of \`/proc\`, memory of relays is
resident, after a garbage collection, and that of Redis is its \`used_memory\`. ${WEBHOOKS.toLocaleString('en-US')} webhooks, ${LANES} under way at a time,
after ${WARM_UP.toLocaleString('en-US')} for each relay.

${markdownTable(head, rows)}
`
}
