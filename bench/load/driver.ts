import { performance } from 'node:perf_hooks'
import { cpuSeconds } from '../trial/proc.ts'
import { ComingBack } from './coming-back.ts'
import { Deliveries, inLanes } from './deliveries.ts'
import { Fleet } from './fleet.ts'
import type { Load } from './load.ts'
import { pace } from './pace.ts'

// The load driver, a process of its own: does one thing after the other as it is told, and answers with what it measured.

let made: Fleet | null = null
let comingBack: ComingBack | null = null

function fleet(): Fleet {
  if (!made) throw new Error('prepare comes first')
  return made
}

async function deliver(count: number, options: { lanes: number; webhooks: number }): Promise<void> {
  const deliveries = new Deliveries(fleet(), options.lanes, count)
  let started = 0
  await inLanes(deliveries, options.lanes, () => started++ < options.webhooks)
  deliveries.close()
}

const load: Load = {
  async prepare(target) {
    made = await Fleet.make(target)
  },

  async warmUp({ streams, webhooks }) {
    await fleet().open(streams, 16)
    await deliver(streams, { lanes: 16, webhooks })
    fleet().close()
  },

  async open({ width }) {
    const { users } = fleet()
    const began = performance.now()
    await fleet().open(users.length, width)
    return { perSecond: (users.length * 1000) / (performance.now() - began) }
  },

  deliver: (options) => deliver(fleet().users.length, options),

  async saturate({ lanes, seconds, processes }) {
    const deliveries = new Deliveries(fleet(), lanes)
    const cpuBefore = cpuSeconds(processes)
    const utilization = performance.eventLoopUtilization()
    const began = performance.now()
    const count = await inLanes(deliveries, lanes, () => performance.now() - began < seconds * 1000)
    const elapsed = performance.now() - began
    const cpu = cpuSeconds(processes) - cpuBefore
    const driverShare = performance.eventLoopUtilization(utilization).utilization
    deliveries.close()
    return { perSecond: (count * 1000) / elapsed, cpuMicroseconds: (cpu * 1_000_000) / count, driverShare }
  },

  async pace({ lanes, seconds, rate }) {
    const deliveries = new Deliveries(fleet(), lanes)
    const latencies = await pace(deliveries, { seconds, rate })
    deliveries.close()
    return latencies
  },

  async comeBack() {
    comingBack = new ComingBack(fleet())
  },

  async allBack() {
    if (!comingBack) throw new Error('comeBack comes first')
    return comingBack.all
  },
}

/** An order, as it comes over the channel. */
export interface Order<Name extends keyof Load = keyof Load> {
  name: Name
  options: Parameters<Load[Name]>[0]
}

export type Answer = { result: unknown } | { error: string }

const answer = (text: Answer) => process.send?.(text)
const fail = (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) })

process.on('message', ({ name, options }: Order) => {
  const order = load[name] as (options: unknown) => Promise<unknown>
  order(options).then((result) => answer({ result }), fail)
})
// Whatever goes wrong beside an order is the answer to it.
process.on('uncaughtException', fail)
process.on('disconnect', () => process.exit())
