import { type DehydratedState, dehydrate, hydrate, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, useLayoutEffect } from 'react'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import {
  createKycStatusClient,
  type KycFileStatus,
  type KycStatusClient,
  KycStatusProvider,
  kycKeys,
  useKycFileStatus,
} from './public-api.ts'
import { RELAY_URL } from './relay-side.ts'
import type { MemoryStorage } from './storage.ts'
import type { Place, VirtualTime } from './virtual-time.ts'

export const USER = 'user-1'
export const OTHER_USER = 'user-2'

/** Two components that read the hook: one as it is, one by `select`. */
export const PROBES = ['plain', 'select'] as const
export type Probe = (typeof PROBES)[number]

/** What a component showed when React had last committed it. */
export interface Shown {
  data: unknown
  status: string
  error: unknown
  /** The status of the connection, where it is read. */
  connection?: string
}

export interface PageOptions {
  name: string
  time: VirtualTime
  storage: MemoryStorage
  isStrict: boolean
  fetchOf: (page: Place) => typeof fetch
  getToken: () => Promise<string>
  presence: { isVisible(): boolean; isOnline(): boolean; subscribe(listener: () => void): () => void }
  onOutcome: (status: KycFileStatus, attemptId: string) => void
  onCommit: (page: Page, probe: Probe, shown: Shown) => void
  onCrash: (error: unknown) => void
}

/** It collects nothing: a cache would go on with it for minutes after its page, and whose timers those are nobody could tell. */
function newQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { gcTime: Number.POSITIVE_INFINITY } } })
}

/** What the second probe selects. */
export function pick({ outcome, attemptId, files }: KycFileStatus): string {
  return `${attemptId ?? 'no attempt'}: ${outcome}, ${files.added}+${files.failed} of ${files.expected}`
}

/** One page in a tab, from its load to its end, with the real client and the real hook. */
export class Page implements Place {
  readonly name: string
  readonly isRelay = false
  readonly loadedAt: number
  readonly storage: MemoryStorage
  isGone = false
  isFrozen = false
  /** How often it was frozen. */
  freezes = 0
  readonly client: KycStatusClient
  readonly shown = new Map<Probe, Shown>()
  /** How often React has committed a probe. */
  commits = 0
  queryClient = newQueryClient()
  readonly #options: PageOptions
  readonly #root: Root
  readonly #probes = new Set<Probe>()
  readonly #queryClients = new Set<QueryClient>()

  constructor(options: PageOptions) {
    const { name, time, storage, fetchOf, getToken, presence, onOutcome, onCrash } = options
    this.#options = options
    this.name = name
    this.loadedAt = time.deviceAge
    this.storage = storage
    this.#queryClients.add(this.queryClient)
    this.client = time.run(this, () =>
      createKycStatusClient({
        url: RELAY_URL,
        fetch: fetchOf(this),
        getToken,
        presence,
        onOutcome: (status, { attemptId }) => onOutcome(status, attemptId),
      }),
    )
    this.#keepInPlace()
    this.#root = createRoot(document.createElement('div'), { onUncaughtError: onCrash })
    this.#render()
  }

  get probes(): ReadonlySet<Probe> {
    return this.#probes
  }

  mount(probe: Probe): void {
    this.#probes.add(probe)
    this.#render()
  }

  unmount(probe: Probe): void {
    this.#probes.delete(probe)
    this.shown.delete(probe)
    this.#render()
  }

  /** Puts another cache in the place of the one that the provider had. */
  swapQueryClient(): void {
    this.queryClient = newQueryClient()
    this.#queryClients.add(this.queryClient)
    this.#render()
  }

  dehydrate(): DehydratedState {
    return dehydrate(this.queryClient)
  }

  hydrate(state: DehydratedState): void {
    hydrate(this.queryClient, state)
  }

  /** Writes over each of our entries in the cache, and leaves to each the attempt that it is about. */
  overwrite(status: KycFileStatus): void {
    for (const { queryKey } of this.queryClient.getQueryCache().findAll({ queryKey: kycKeys.all })) {
      this.queryClient.setQueryData<KycFileStatus>(
        queryKey,
        (before) => before && ({ ...status, attemptId: before.attemptId } as KycFileStatus),
      )
    }
  }

  /** What the application does at its end. */
  close(): void {
    this.#unmountAll()
    this.client.close()
    this.#clearCaches()
  }

  /** What the browser does to a page that it leaves: nothing of it runs any more, and nobody is told. */
  kill(): void {
    this.isGone = true
    this.#unmountAll()
    this.#clearCaches()
  }

  #unmountAll(): void {
    this.#probes.clear()
    this.shown.clear()
    flushSync(() => this.#root.unmount())
  }

  #clearCaches(): void {
    for (const queryClient of this.#queryClients) queryClient.clear()
  }

  #render(): void {
    const probes = [...this.#probes].map((probe) => <ProbeOf key={probe} page={this} probe={probe} />)
    const app = (
      <QueryClientProvider client={this.queryClient}>
        <KycStatusProvider client={this.client}>{probes}</KycStatusProvider>
      </QueryClientProvider>
    )
    flushSync(() => this.#root.render(this.#options.isStrict ? <StrictMode>{app}</StrictMode> : app))
  }

  committed(probe: Probe, shown: Shown): void {
    if (!this.#probes.has(probe)) return
    this.shown.set(probe, shown)
    this.commits++
    this.#options.time.activity++
    this.#options.onCommit(this, probe, shown)
  }

  /** The client runs in this page, whoever calls it; React and the cache, which all pages of the test share, do not. */
  #keepInPlace(): void {
    const { time } = this.#options
    const { client } = this
    const subscribe = client.subscribe.bind(client)
    for (const [name, method] of methodsOf(client)) {
      const value = (...args: unknown[]) => time.run(this, () => method.apply(client, args))
      Object.defineProperty(client, name, { configurable: true, writable: true, value })
    }
    client.subscribe = (externalUserId, listener) => {
      const unsubscribe = time.run(this, () => subscribe(externalUserId, () => time.run(undefined, listener)))
      return () => time.run(this, unsubscribe)
    }
  }
}

function methodsOf(object: object): Map<string, (...args: unknown[]) => unknown> {
  const methods = new Map<string, (...args: unknown[]) => unknown>()
  for (let from = object; from !== Object.prototype; from = Object.getPrototypeOf(from)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
      if (typeof value === 'function' && name !== 'constructor' && !methods.has(name)) methods.set(name, value)
    }
  }
  return methods
}

function ProbeOf({ page, probe }: { page: Page; probe: Probe }) {
  return probe === 'plain' ? <Plain page={page} /> : <Selecting page={page} />
}

function Plain({ page }: { page: Page }) {
  const { data, status, error, connection } = useKycFileStatus(USER)
  useCommitted(page, 'plain', { data, status, error, connection: connection.status })
  return null
}

function Selecting({ page }: { page: Page }) {
  const { data, status, error } = useKycFileStatus(USER, { select: pick })
  useCommitted(page, 'select', { data, status, error })
  return null
}

function useCommitted(page: Page, probe: Probe, shown: Shown) {
  useLayoutEffect(() => page.committed(probe, shown))
}
