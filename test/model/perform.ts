import { checkAtRest, checkNow, checkQuietMinute } from './invariants.ts'
import { owedBy, type Upload } from './oracle.ts'
import { type Page, USER } from './page.tsx'
import type { KycFileStatus, KycStatusClient } from './public-api.ts'
import type { CacheTrouble, Step, StepName } from './steps.ts'
import { isPlaced, type Tab, uploadsOf, type World } from './world.ts'

/** "It never holds an upload up longer than 3 s." */
const MAX_HOLD = 3000
/**
 * How long a page may take to come back after the last trouble, in milliseconds: a request that hangs is given up after 10 s
 * and a line that is dead after 35 s; the wait before the next request ends after 30 s, and after 2 s for a line that had held.
 */
const REST = 42_000

type Perform<N extends StepName> = (world: World, step: Extract<Step, { do: N }>) => unknown

const performers: { readonly [N in StepName]: Perform<N> } = {
  webhook: (world, { status, isOther }) => world.webhook(status, { isOther }),
  webhook_at_connect: (world, { status }) => world.webhookAtNextStream(status),
  step_webhook: (world, { step, status }) => world.stepWebhook(step, status),
  upload: (world, step) => beginUpload(world, world.tab(step.tab), step.files),
  proof: (world, step) => beginProof(world, world.tab(step.tab)),
  clear_proof: (world, step) => {
    const tab = world.tab(step.tab)
    tab.page.client.clear(USER, { step: 'poa' })
    tab.proof = null
    tab.proofPoints = null
  },
  clear: (world, step) => {
    const tab = world.tab(step.tab)
    tab.page.client.clear(USER)
    tab.wasCleared ||= tab.upload !== null
    tab.hasOldCursor ||= tab.upload?.mayBeMissed === true
    tab.upload = null
    tab.points = null
  },
  reload: (world, step) => reload(world, world.tab(step.tab), { isClosed: false }),
  close_and_reload: (world, step) => reload(world, world.tab(step.tab), { isClosed: true }),
  open_tab: (world, step) => {
    if (world.tabs.length > 1) return
    const from = world.tab(step.tab)
    if (step.isCopy) noteReload(from)
    world.openTab(step.isCopy ? from : undefined)
  },
  close_tab: (world, step) => {
    if (world.tabs.length > 1) world.closeTab(world.tab(step.tab))
  },
  mount: (world, step) => {
    const tab = world.tab(step.tab)
    if (!tab.page.probes.has(step.probe)) tab.isSignedOut = false
    tab.page.mount(step.probe)
  },
  unmount: (world, step) => world.tab(step.tab).page.unmount(step.probe),
  sign_out: signOut,
  reconnect: (world, step) => reconnect(world.tab(step.tab)),
  hide: (world, step) => world.setVisible(world.tab(step.tab), false),
  show: (world, step) => world.setVisible(world.tab(step.tab), true),
  freeze: (world, step) => world.freeze(world.tab(step.tab)),
  thaw: (world, step) => world.thaw(world.tab(step.tab)),
  cache: (world, step) => disturbCache(world, world.tab(step.tab), step.what),
  pass: (world, { ms }) => world.time.pass(ms),
  rest: (world) => rest(world, { thaws: false }),
  endure: async (world) => {
    await world.time.pass(60_000)
    const since = world.time.now
    await world.time.pass(60_000)
    checkQuietMinute(world, since)
  },
  cut: ({ wire }) => wire.cut(),
  cut_after: ({ wire }, { bytes }) => wire.cutAfter(bytes),
  silence: ({ wire }) => wire.silence(),
  end_silence: ({ wire }, step) => wire.endSilence(step),
  lag: ({ wire }, { up, down }) => {
    wire.lag = { up, down }
  },
  offline: (world) => {
    world.wire.cut()
    world.setOnline(false)
  },
  online: (world) => world.setOnline(true),
  obstacle: ({ wire }, { kind }) => {
    wire.obstacle = kind
  },
  no_obstacle: ({ wire }) => {
    wire.obstacle = null
  },
  token: (world, { trouble }) => {
    world.token = trouble
  },
  good_token: (world) => {
    world.token = null
  },
  restart: async (world, { keepsHistory }) => {
    if (!keepsHistory) {
      world.noteLoss()
      // A page that has never heard of the history does not miss it, and an answer that was lost with it is lost for good.
      for (const tab of world.tabs) {
        for (const one of uploadsOf(tab)) if (!tab.hasCursor && !one.isPlaced) one.upload.isExcused = true
      }
    }
    await world.relay.restart({ keepsHistory })
    world.wire.relayRestarted()
  },
  relay_clock: (world, { by }) => {
    world.time.relayOffset += by
    // `now` runs on where the clock steps back; where it steps ahead nothing tells a page that waits for its point.
    if (by > 0) for (const upload of unplaced(world)) upload.isExcused = true
  },
  device_clock: (world, { by }) => {
    world.time.deviceOffset += by
    for (const upload of unplaced(world)) note(upload, 'wallJumped')
  },
  sleep: async (world, { ms, answers, line }) => {
    for (const upload of unplaced(world)) note(upload, 'slept')
    await world.time.sleep(ms, async () => {
      for (const status of answers) await world.webhook(status)
    })
    if (line === 'alive') {
      world.wire.flush()
    } else if (line === 'cut') {
      world.wire.cut()
      world.wire.flush()
    } else {
      world.wire.silence()
      world.wire.endSilence({ isAlive: false })
    }
  },
}

/** Nobody does anything in a page that is frozen. */
const USED: ReadonlySet<StepName> = new Set([
  'upload',
  'clear',
  'proof',
  'clear_proof',
  'mount',
  'unmount',
  'reconnect',
  'cache',
])

/** Does a step, and looks whether all still holds. */
export async function perform(world: World, step: Step): Promise<void> {
  // Ids and estimates are exact to the millisecond, and no two things that matter happen within one.
  await world.time.pass(1)
  if (USED.has(step.do) && 'tab' in step) world.thaw(world.tab(step.tab))
  await (performers[step.do] as Perform<StepName>)(world, step as never)
  await world.time.pass(0)
  checkNow(world)
}

/** All trouble ends, but that a page may stay frozen. Where a page has given up, somebody comes back to it. */
export async function rest(world: World, { thaws }: { thaws: boolean }): Promise<void> {
  world.token = null
  world.wire.heal()
  world.setOnline(true)
  for (const tab of world.tabs) {
    if (thaws) world.thaw(tab)
    if (tab.page.isFrozen) continue
    world.setVisible(tab, true)
    if (tab.isSignedOut) reconnect(tab)
  }
  // A request with a bad token may still be on its way.
  await world.time.pass(5000)
  for (const tab of world.tabs) {
    if (tab.page.isFrozen) continue
    if (tab.page.client.getState(USER).connection.status !== 'failed') continue
    world.setVisible(tab, false)
    world.setVisible(tab, true)
  }
  await world.time.pass(Math.max(0, world.wire.leftAloneUntil - world.time.deviceAge) + REST)
  checkAtRest(world)
}

function beginUpload(world: World, tab: Tab, files: number): void {
  const { page, upload: before } = tab
  const { answers } = world
  const known = page.client.getState(USER).status?.files ?? null
  const upload: Upload = {
    files,
    begunAt: answers.length,
    letGoAt: null,
    owed: tab.wasCleared ? 'maybe' : owedBy(before, answers, known),
    isExcused: false,
    // The page may still go by a point that was estimated, and too early for the relay.
    mayBeMissed: tab.hasOldCursor || before?.mayBeMissed === true,
    unplaced: { wallJumped: false, reloaded: false, slept: false },
  }
  const held = page.client.beginUpload(USER, { files })
  tab.upload = upload
  tab.points = null
  tab.wasCleared = false
  tab.isSignedOut = false
  watch(world, page, upload, held, {
    letGoAt: () => answers.length,
    isPresent: () => tab.upload === upload,
    step: 'kyc-file',
  })
}

/** An upload for a step whose files are not counted. */
function beginProof(world: World, tab: Tab): void {
  const { page } = tab
  const count = () => world.stepAnswers.length
  const proof: Upload = {
    files: 1,
    begunAt: count(),
    letGoAt: null,
    owed: 'no',
    isExcused: false,
    mayBeMissed: tab.hasOldCursor || tab.proof?.mayBeMissed === true,
    unplaced: { wallJumped: false, reloaded: false, slept: false },
  }
  const held = page.client.beginUpload(USER, { step: 'poa' })
  tab.proof = proof
  tab.proofPoints = null
  tab.isSignedOut = false
  watch(world, page, proof, held, { letGoAt: count, isPresent: () => tab.proof === proof, step: 'poa' })
}

interface Watched {
  letGoAt: () => number
  isPresent: () => boolean
  step: string
}

function watch(world: World, page: Page, upload: Upload, held: Promise<unknown>, watched: Watched): void {
  const { time } = world
  const begunAge = time.deviceAge
  const { freezes } = page
  held.then(
    () => {
      if (page.isGone) return
      upload.letGoAt = watched.letGoAt()
      world.letGoAt = time.now
      if (watched.isPresent() && !isPlaced(page, watched.step)) upload.mayBeMissed = true
      const heldFor = time.deviceAge - begunAge
      if (heldFor > MAX_HOLD && page.freezes === freezes)
        world.faults.push(new Error(`an upload was held for ${heldFor} ms`))
    },
    (error: unknown) => {
      if (!page.isGone && watched.isPresent()) world.faults.push(error)
    },
  )
}

function reload(world: World, tab: Tab, how: { isClosed: boolean }): void {
  noteReload(tab)
  world.reload(tab, how)
}

function reconnect(tab: Tab): void {
  tab.isSignedOut = false
  tab.page.client.reconnect(USER)
}

/** It is new, so an older client does nothing. */
async function signOut(world: World, step: { tab: number }): Promise<void> {
  const client = world.tab(step.tab).page.client as KycStatusClient & { signOut?: () => void }
  if (!client.signOut) return
  for (const tab of world.tabs) world.thaw(tab)
  await world.time.pass(0)
  // Tabs hear of each other where the browser lets them.
  if (world.setup.isShared) client.signOut()
  else for (const { page } of world.tabs) (page.client as typeof client).signOut?.()
  for (const tab of world.tabs) {
    tab.wasCleared = true
    tab.isSignedOut = true
    tab.hasCursor = false
    tab.upload = null
    tab.points = null
    tab.proof = null
    tab.proofPoints = null
    world.memories.delete(tab.page)
    world.stepMemories.delete(tab.page)
  }
}

function unplaced(world: World): Upload[] {
  return world.tabs.flatMap((tab) => uploadsOf(tab).flatMap((one) => (one.isPlaced ? [] : [one.upload])))
}

/** Between two pages there is the wall clock alone, and it can't tell a jump from time; in one page it can't tell it from sleep. */
function note(upload: Upload, what: keyof Upload['unplaced']): void {
  upload.unplaced[what] = true
  upload.mayBeMissed = true
  const { wallJumped, reloaded, slept } = upload.unplaced
  if (wallJumped && (reloaded || slept)) upload.isExcused = true
}

function noteReload(tab: Tab): void {
  for (const { upload, isPlaced: hasPoint } of uploadsOf(tab)) if (!hasPoint) note(upload, 'reloaded')
}

function disturbCache(world: World, tab: Tab, what: CacheTrouble): void {
  const { status } = tab.page.client.getState(USER)
  if (status) world.seen.push(status)
  disturbances[what](world, tab.page, status)
}

const disturbances: Record<CacheTrouble, (world: World, page: Page, status: KycFileStatus | null) => void> = {
  clear: (_, { queryClient }) => queryClient.clear(),
  remove: (_, { queryClient }) => queryClient.removeQueries(),
  reset: (_, { queryClient }) => void queryClient.resetQueries(),
  invalidate: (_, { queryClient }) => void queryClient.invalidateQueries(),
  overwrite_older: ({ seen: [oldest] }, page, status) => {
    if (oldest) page.overwrite({ ...oldest, attemptId: status?.attemptId ?? null } as KycFileStatus)
  },
  overwrite_other: (_, page, status) => {
    if (status) page.overwrite(forged(status))
  },
  remember: (world, page) => {
    world.remembered = page.dehydrate()
  },
  restore: ({ remembered }, page) => {
    if (remembered) page.hydrate(remembered)
  },
  swap: (_, page) => page.swapQueryClient(),
}

/** What another tab, or another version of this package, may have left: it says more than is known, and claims to be newer. */
function forged(status: KycFileStatus): KycFileStatus {
  const isAdded = status.outcome === 'added'
  return {
    ...status,
    outcome: isAdded ? 'error' : 'added',
    at: '2026-11-23T11:00:00.000Z',
    files: { expected: status.files.expected || 1, added: isAdded ? 0 : 1, failed: isAdded ? 1 : 0 },
    cursor: '9007199254740991-0',
  } as KycFileStatus
}
