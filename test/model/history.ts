import { BrokenInvariant, checkAtRest, checkCommit, checkRequests } from './invariants.ts'
import { USER } from './page.tsx'
import { perform, rest } from './perform.ts'
import { describeStep, type Step } from './steps.ts'
import { type Setup, World } from './world.ts'

export interface History {
  setup: Setup
  steps: Step[]
}

/** Lives through a history. Rejects with what it broke. */
export async function run({ setup, steps }: History): Promise<void> {
  const world = new World(setup)
  world.onCommit = (...frame) => {
    try {
      checkCommit(...frame)
    } catch (error) {
      world.faults.push(error)
    }
  }
  try {
    world.openTab()
    await world.time.pass(0)
    for (const step of steps) await perform(world, step)
    await rest(world, { thaws: true })
    await hearOneMore(world)
    checkRequests(world, steps.length)
    await leaveNothing(world)
  } finally {
    await world.end()
  }
}

/** A line that is open brings the next answer at once; a page that polls asks at the latest after 6 s. */
async function hearOneMore(world: World): Promise<void> {
  const isPolling = world.tabs.some(({ page }) => page.client.getState(USER).connection.transport === 'polling')
  const before = new Map(world.tabs.map(({ page }) => [page, page.commits]))
  await world.stepWebhook('poa', 'REJECTED')
  await world.time.pass(isPolling ? 6500 : 10)
  checkAtRest(world)
  const renders = world.tabs.some(({ page }) => page.commits !== before.get(page))
  if (renders && !isPolling) throw new BrokenInvariant('no component of the file renders for another step')
  await world.webhook('ADDED')
  await world.time.pass(isPolling ? 6500 : 10)
  checkAtRest(world)
  if (isPolling) return
  for (const { page } of world.tabs) {
    const commits = page.commits - (before.get(page) ?? 0)
    if (commits > page.probes.size) throw new BrokenInvariant('one render an event', { page: page.name, commits })
  }
}

/** Nothing is left open once nobody reads, and no timer once the client is closed. */
async function leaveNothing(world: World): Promise<void> {
  const pages = world.tabs.map(({ page }) => page)
  for (const page of pages) for (const probe of [...page.probes]) page.unmount(probe)
  await world.time.pass(1500)
  const { openStreams } = world.wire
  if (openStreams > 0) throw new BrokenInvariant('no stream stays open without a reader', { openStreams })
  for (const page of pages) page.close()
  await world.time.pass(1500)
  const timers = world.time.pendingOnDevice()
  if (timers > 0) throw new BrokenInvariant('no timer is left once the client is closed', { timers })
}

/** A list of steps that somebody can read. */
export function describeHistory({ setup, steps }: History): string {
  const begin = `${setup.store} store${setup.isStrict ? ', StrictMode' : ''}${setup.isShared ? ', a shared line' : ''}, chance ${setup.chance}`
  return [begin, ...steps.map((step, i) => `${String(i + 1).padStart(3)}. ${describeStep(step)}`)].join('\n')
}
