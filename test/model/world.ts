import type { DehydratedState } from '@tanstack/react-query'
import type { Answer, Outcome, StepAnswer, Upload } from './oracle.ts'
import { OTHER_USER, Page, type Probe, type Shown, USER } from './page.tsx'
import type { KycFileStatus } from './public-api.ts'
import { GOOD_TOKEN, RelaySide, type StoreKind } from './relay-side.ts'
import { Sharing } from './sharing.ts'
import type { Status, StepFrame, TokenTrouble } from './steps.ts'
import { MemoryStorage } from './storage.ts'
import { VirtualTime } from './virtual-time.ts'
import { Wire } from './wire.ts'

/** What a history begins with. */
export interface Setup {
  store: StoreKind
  isStrict: boolean
  /** Whether the browser lets tabs share one line. */
  isShared: boolean
  /** What `Math.random` starts from. */
  chance: number
}

/** A tab of the device's browser, and what is true of it. */
export interface Tab {
  readonly number: number
  readonly storage: MemoryStorage
  readonly listeners: Set<{ page: Page; listener: () => void }>
  isVisible: boolean
  page: Page
  upload: Upload | null
  /** The points from which the upload may count, after what has been shown; `null`: all that are possible. */
  points: number[] | null
  /** The same for a proof of address. */
  proof: Upload | null
  proofPoints: number[] | null
  /** The upload before was cleared, or the relay may say `complete:false` of what was lost before this one. */
  wasCleared: boolean
  hasOldCursor: boolean
  /** The relay has said where its stream stands, so the page finds out when that is not so any more. */
  hasCursor: boolean
  /** Until something opens a line again. */
  isSignedOut: boolean
}

/** What a page has shown of a step: it never goes back. */
export interface StepMemory {
  attemptId: string | null
  /** The answer that decided, as an index; -1 for none. */
  by: number
}

/** What a page has shown: it never goes back. */
export interface Memory {
  attemptId: string | null
  added: number
  failed: number
  wasAdded: boolean
  isDoubtful: boolean
  /** The answer that spoke last where there was no attempt, as an index. */
  latest: number
}

/** What is waited for in a tab, and whether its page knows the point. */
export function uploadsOf({ upload, proof, page }: Pick<Tab, 'upload' | 'proof' | 'page'>) {
  return [
    { upload, step: 'kyc-file' },
    { upload: proof, step: 'poa' },
  ].flatMap(({ upload: one, step }) => (one ? [{ upload: one, isPlaced: isPlaced(page, step) }] : []))
}

/** Whether the point from which an attempt counts is known to its page. */
export function isPlaced(page: Page, step: string): boolean {
  return (page.client.getState(USER).steps.get(step)?.attempt?.cursor ?? null) !== null
}

/** All machines: a provider, a relay, a network, and a device with one or two tabs. */
export class World {
  readonly time = new VirtualTime()
  readonly relay: RelaySide
  readonly wire: Wire
  readonly answers: Answer[] = []
  /** Of the other steps. */
  readonly stepAnswers: StepAnswer[] = []
  readonly tabs: Tab[] = []
  /** What `onOutcome` was told, in all tabs. */
  readonly told: { attemptId: string; outcome: Outcome; page: string }[] = []
  readonly seen: KycFileStatus[] = []
  readonly memories = new WeakMap<Page, Memory>()
  readonly stepMemories = new WeakMap<Page, Map<string, StepMemory>>()
  remembered: DehydratedState | null = null
  token: TokenTrouble | null = null
  losses = 0
  /** When an upload left last, in true milliseconds. */
  letGoAt = Number.NEGATIVE_INFINITY
  isOnline = true
  onCommit: (world: World, page: Page, probe: Probe, shown: Shown) => void = () => {}
  /** What went wrong where nobody could be told at once. */
  faults: unknown[] = []
  readonly setup: Setup
  readonly #localStorage = new MemoryStorage()
  readonly #lostStorage = new MemoryStorage()
  readonly #sharing = new Sharing(this.time)
  readonly #uninstall: (() => void)[] = []
  #pages = 0
  #tabs = 0

  constructor(setup: Setup) {
    this.setup = setup
    this.#uninstall.push(
      this.time.install(),
      this.#installBrowser(),
      this.#installConsole(),
      this.#sharing.install({ hasLocks: setup.isShared }),
      installChance(setup.chance),
    )
    this.relay = new RelaySide(this.time, setup.store, USER)
    this.wire = new Wire(this.time, this.relay)
  }

  tab(number: number): Tab {
    const tab = this.tabs[number % this.tabs.length]
    if (!tab) throw new Error('no tab is open')
    return tab
  }

  tabOf(page: Page): Tab | undefined {
    return this.tabs.find((tab) => tab.page === page)
  }

  async webhook(status: Status, { isOther = false } = {}): Promise<void> {
    // No answer comes within the millisecond in which an upload leaves.
    while (this.time.now - this.letGoAt < 2) await this.time.pass(1)
    if (isOther) await this.relay.webhook(OTHER_USER, status)
    else await this.#answer(status)
    await this.time.settle()
  }

  async stepWebhook(step: StepFrame, status: string): Promise<void> {
    while (this.time.now - this.letGoAt < 2) await this.time.pass(1)
    const answer = { step, status, id: '', receivedAt: '', losses: this.losses }
    this.stepAnswers.push(answer)
    await this.relay.webhook(USER, status, step)
    Object.assign(answer, await this.relay.latest(step))
    this.time.activity++
    await this.time.settle()
  }

  /** The provider posts while the relay opens the next stream. */
  webhookAtNextStream(status: Status): void {
    this.wire.atNextStream = () => {
      this.#answer(status).catch((error: unknown) => this.faults.push(error))
    }
  }

  async #answer(status: Status): Promise<void> {
    // It is known from here on: the page may hear of it before the provider has its answer.
    const answer = { status, receivedAt: '', losses: this.losses }
    this.answers.push(answer)
    await this.relay.webhook(USER, status)
    answer.receivedAt = (await this.relay.latest()).receivedAt
    this.time.activity++
  }

  /** The relay has lost its history. */
  noteLoss(): void {
    this.losses++
    for (const tab of this.tabs) {
      tab.hasOldCursor = true
      for (const { upload } of uploadsOf(tab)) upload.mayBeMissed = true
    }
  }

  openTab(from?: Tab): Tab {
    const tab: Omit<Tab, 'page'> & { page: Page | null } = {
      number: ++this.#tabs,
      storage: from?.storage.copy() ?? new MemoryStorage(),
      listeners: new Set(),
      isVisible: true,
      page: null,
      upload: from?.upload ?? null,
      points: from?.points ?? null,
      proof: from?.proof ?? null,
      proofPoints: from?.proofPoints ?? null,
      wasCleared: from?.wasCleared ?? false,
      hasOldCursor: from?.hasOldCursor ?? false,
      hasCursor: from && uploadsOf(from).length > 0 ? from.hasCursor : false,
      isSignedOut: false,
    }
    const opened = tab as Tab
    this.tabs.push(opened)
    opened.page = this.#load(opened)
    opened.page.mount('plain')
    return opened
  }

  /** Another page in the same tab, with the same components. */
  reload(tab: Tab, { isClosed }: { isClosed: boolean }): void {
    const probes = [...tab.page.probes]
    this.#leave(tab, isClosed)
    tab.page = this.#load(tab)
    tab.isSignedOut = false
    // What is kept for the next page is kept with an upload.
    tab.hasCursor &&= uploadsOf(tab).length > 0
    for (const probe of probes) tab.page.mount(probe)
  }

  closeTab(tab: Tab): void {
    this.#leave(tab, false)
    this.tabs.splice(this.tabs.indexOf(tab), 1)
  }

  setVisible(tab: Tab, isVisible: boolean): void {
    tab.isVisible = isVisible
    this.#tell(tab)
  }

  /** The browser freezes what nobody sees. */
  freeze(tab: Tab): void {
    this.setVisible(tab, false)
    tab.page.isFrozen = true
    tab.page.freezes++
  }

  thaw(tab: Tab): void {
    if (!tab.page.isFrozen) return
    tab.page.isFrozen = false
    this.#sharing.pageThawed(tab.page)
    this.wire.flush()
    this.setVisible(tab, true)
  }

  setOnline(isOnline: boolean): void {
    this.isOnline = isOnline
    this.wire.isOnline = isOnline
    for (const tab of this.tabs) this.#tell(tab)
  }

  async end(): Promise<void> {
    try {
      for (const { page } of this.tabs) if (!page.isGone) page.kill()
      await this.time.settle()
      await this.relay.close()
    } finally {
      for (const uninstall of this.#uninstall) uninstall()
    }
  }

  #load(tab: Tab): Page {
    const page: Page = new Page({
      name: `page ${++this.#pages} in tab ${tab.number}`,
      time: this.time,
      storage: tab.storage,
      isStrict: this.setup.isStrict,
      fetchOf: (place) => this.wire.fetchOf(place),
      getToken: () => this.#giveToken(),
      presence: {
        isVisible: () => tab.isVisible,
        isOnline: () => this.isOnline,
        subscribe: (listener) => {
          const entry = { page, listener }
          tab.listeners.add(entry)
          return () => tab.listeners.delete(entry)
        },
      },
      onOutcome: ({ outcome }, attemptId) => this.told.push({ attemptId, outcome, page: page.name }),
      onCommit: (committed, probe, shown) => this.onCommit(this, committed, probe, shown),
      onCrash: (error) => this.faults.push(error),
    })
    return page
  }

  #leave(tab: Tab, isClosed: boolean): void {
    const { page, listeners } = tab
    // An upload that is held when its page goes never leaves.
    for (const { upload } of uploadsOf(tab)) if (upload.letGoAt === null) upload.mayBeMissed = true
    if (isClosed) page.close()
    page.kill()
    listeners.clear()
    this.wire.pageGone(page)
    this.#sharing.pageGone(page)
  }

  #tell({ listeners }: Tab): void {
    for (const { page, listener } of [...listeners]) if (!page.isFrozen) this.time.run(page, listener)
  }

  async #giveToken(): Promise<string> {
    switch (this.token) {
      case 'throws':
        throw new Error('the session is over')
      case 'hangs':
        return new Promise(() => {})
      default:
        return this.token === 'refused' ? 'a-token-of-yesterday' : GOOD_TOKEN
    }
  }

  /** Warnings are for whoever develops; an error is React's, or ours. */
  #installConsole(): () => void {
    const { warn, error } = console
    console.warn = () => {}
    console.error = (...facts: unknown[]) => this.faults.push(new Error(facts.map(String).join(' ')))
    return () => Object.assign(console, { warn, error })
  }

  /** `sessionStorage` is that of the tab whose page is running. */
  #installBrowser(): () => void {
    const current = () => {
      const { place } = this.time
      return place instanceof Page && !place.isGone ? place.storage : this.#lostStorage
    }
    const names = ['sessionStorage', 'localStorage'] as const
    const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
    Object.defineProperty(globalThis, 'sessionStorage', { configurable: true, get: current })
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: () => this.#localStorage })
    return () => {
      for (const [name, descriptor] of before) if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    }
  }
}

/** Chance that repeats (mulberry32). */
function installChance(seed: number): () => void {
  const before = Math.random
  let state = seed
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return () => {
    Math.random = before
  }
}
