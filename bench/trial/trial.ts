import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Trial } from '../report/entry.ts'
import { watchBystanders } from './bystanders.ts'
import { type Contestant, type Place, SUBSCRIPTION_SECRET, WEBHOOK_TOKEN } from './contestants.ts'
import { Driver } from './driver.ts'
import { freePort } from './free-port.ts'
import type { Options } from './options.ts'
import { cpuSeconds, residentBytes, withDescendants } from './proc.ts'
import { Child } from './processes.ts'

/** Streams that are opened, or webhooks that are under way, at a time. */
const WIDTH = 64
/** Seconds that a step may take beside what it is told to take. */
const STEP_TIMEOUT = 120
const KiB = 1024
const MiB = 1024 * KiB

/** Measures one contestant once: a server, a driver and a folder, all of them new, and none of them left. */
export async function runTrial(contestant: Contestant, options: Options, stop: AbortSignal): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-bench-'))
  const removed = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removed)
  const trial: Trial = { figures: {}, driver: {}, failure: null }
  const driver = new Driver(stop)
  const place = { port: await freePort(), helperPort: await freePort(), folder, connections: options.connections }
  const server = new Server(contestant, place)
  try {
    await server.start()
    await measure({ server, driver, options }, trial)
  } catch (error) {
    trial.failure = [error instanceof Error ? error.message : String(error), server.complaint]
      .filter(Boolean)
      .join('; ')
  } finally {
    await driver.end()
    await server.end()
    removed()
    process.off('exit', removed)
  }
  return trial
}

/** Takes one figure after the other, so that those that were taken remain when a later one can't be. */
async function measure(
  { server, driver, options }: { server: Server; driver: Driver; options: Options },
  { figures, driver: own }: Trial,
): Promise<void> {
  const { connections, rate, hour, pacedSeconds, closedSeconds } = options
  const { mark, webhookPath } = server.contestant
  await driver.ask(
    'prepare',
    {
      port: server.port,
      connections,
      mark,
      webhookPath,
      webhookToken: WEBHOOK_TOKEN,
      subscriptionSecret: SUBSCRIPTION_SECRET,
    },
    STEP_TIMEOUT,
  )
  await driver.ask('warmUp', { streams: 16, webhooks: 500 }, STEP_TIMEOUT)

  const empty = await server.heldBytes()
  figures.connectsPerSecond = (await driver.ask('open', { width: WIDTH }, STEP_TIMEOUT)).perSecond
  const idle = await server.heldBytes()
  figures.memoryPerStream = (idle - empty) / connections / KiB

  await driver.ask('deliver', { lanes: WIDTH, webhooks: hour }, STEP_TIMEOUT + hour / 100)
  const firstHour = await server.heldBytes()
  figures.growth = (firstHour - idle) / MiB
  await driver.ask('deliver', { lanes: WIDTH, webhooks: hour }, STEP_TIMEOUT + hour / 100)
  figures.laterGrowth = ((await server.heldBytes()) - firstHour) / MiB

  const othersShare = watchBystanders([...server.processes(), driver.pid, process.pid])

  const latencies = await driver.ask('pace', { lanes: WIDTH, seconds: pacedSeconds, rate }, STEP_TIMEOUT + pacedSeconds)
  figures.frameP50 = latencies.frameP50
  figures.frameP99 = latencies.frameP99
  figures.frameP999 = latencies.frameP999
  figures.acknowledgementP99 = latencies.acknowledgementP99
  own.lateness = latencies.latenessP99

  const throughput = await driver.ask(
    'saturate',
    { lanes: WIDTH, seconds: closedSeconds, processes: server.processes() },
    STEP_TIMEOUT + closedSeconds,
  )
  figures.webhooksPerSecond = throughput.perSecond
  figures.cpuPerWebhook = throughput.cpuMicroseconds
  own.share = throughput.driverShare
  own.others = othersShare()

  await driver.ask('comeBack', undefined, STEP_TIMEOUT)
  const allBack = driver.ask('allBack', undefined, STEP_TIMEOUT)
  allBack.catch(() => {})
  await server.restart()
  const back = await allBack
  // Only who hears is back.
  await driver.ask('deliver', { lanes: WIDTH, webhooks: Math.min(connections, 1000) }, STEP_TIMEOUT)
  figures.returnSeconds = back.seconds
  figures.returnBurst = back.burst
}

/** A contestant's processes in one trial. */
class Server {
  readonly contestant: Contestant
  readonly #place: Place
  #main: Child | null = null
  #helper: Child | null = null

  constructor(contestant: Contestant, place: Place) {
    this.contestant = contestant
    this.#place = place
  }

  get port(): number {
    return this.#place.port
  }

  get complaint(): string {
    return this.#main?.complaint ?? ''
  }

  async start(): Promise<void> {
    const helper = this.contestant.helper?.(this.#place)
    if (helper) {
      this.#helper = new Child(helper)
      await this.#helper.listening(this.#place.helperPort)
    }
    await this.#startMain()
  }

  async restart(): Promise<void> {
    await this.#main?.stop(this.contestant.stopSignal)
    await this.#startMain()
  }

  async end(): Promise<void> {
    await this.#main?.stop(this.contestant.stopSignal)
    await this.#helper?.stop('SIGKILL')
  }

  processes(): number[] {
    return [this.#main, this.#helper].flatMap((child) => (child?.isRunning ? withDescendants(child.pid) : []))
  }

  /** What it holds in memory once it has collected what it can and has nothing to do. */
  async heldBytes(): Promise<number> {
    for (let round = 0; round < 2; round++) {
      if (this.contestant.collects) this.#main?.signal('SIGUSR2')
      await sleep(500)
      await this.#quiet()
    }
    return residentBytes(this.processes())
  }

  /** Resolves when it has spent next to nothing for a quarter of a second, or after a while, since some never rest. */
  async #quiet(): Promise<void> {
    for (let round = 0; round < 20; round++) {
      const before = cpuSeconds(this.processes())
      await sleep(250)
      if (cpuSeconds(this.processes()) - before < 0.02) return
    }
  }

  async #startMain(): Promise<void> {
    this.#main = new Child(this.contestant.command(this.#place))
    await this.#main.listening(this.port)
  }
}
