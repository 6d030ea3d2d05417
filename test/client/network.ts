import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { ChannelState } from '../../src/client/channel.ts'
import { createKycStatusClient, type KycStatusClient, type KycStatusClientOptions } from '../../src/client/index.ts'
import { createRelay } from '../../src/relay/index.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { sqliteStore } from '../../src/relay/stores/sqlite/sqlite.ts'
import type { EventStore } from '../../src/relay/stores/store.ts'
import { createMockRelay } from '../../src/testing/index.ts'
import { isForStream, USER } from './mock-page.ts'

/** A relay, whichever it is. */
export interface Server {
  fetch: typeof fetch
  /** The provider's webhook comes, and is stored. */
  emit(status: 'ADDED' | 'ERROR', delivery?: string): Promise<void>
}

export function mockServer(relay = createMockRelay()): Server {
  return { fetch: relay.fetch, emit: async (status) => relay.emit(USER, status) }
}

export function relayServer(store: EventStore): Server {
  const relay = createRelay({ store, webhookTokens: ['token'], authorizeSubscriber: () => USER })
  return {
    fetch: (input, init) => relay.fetch(new Request(input, init)),
    async emit(status, delivery) {
      const headers = { authorization: 'token', 'content-type': 'application/json' }
      const request = new Request('http://relay.test/webhook/kyc-files/status', {
        method: 'POST',
        headers: { ...headers, ...(delivery && { 'webhook-id': delivery }) },
        body: JSON.stringify({ externalUserId: USER, status }),
      })
      const { status: answer } = await relay.fetch(request)
      if (answer !== 200) throw new Error(`the relay answered ${answer}`)
    },
  }
}

/** A store that ends with the test. */
export function track<Store extends EventStore>(store: Store): Store {
  onTestFinished(() => store.close())
  return store
}

/** The path of a file that is gone after the test. */
export function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-network-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'events.sqlite')
}

export const servers: [string, () => Server][] = [
  ['the mock relay', mockServer],
  ['memoryStore', () => relayServer(track(memoryStore()))],
  ['sqliteStore', () => relayServer(track(sqliteStore(newFile())))],
]

interface Line {
  isSilent: boolean
  break(): void
}

/** What lies between a page and its relay. */
export class Network {
  server: Server
  /** There is none. */
  isDown = false
  /** What has been asked for. */
  readonly asked: ('stream' | 'snapshot')[] = []
  readonly #lines = new Set<Line>()
  readonly #held = new Map<string, Promise<void>>()

  constructor(server: Server) {
    this.server = server
  }

  /** Each line breaks off. */
  cut(): void {
    for (const line of this.#lines) line.break()
    this.#lines.clear()
  }

  /** Each line stays open, and nothing comes down it any more. */
  silence(): void {
    for (const line of this.#lines) line.isSilent = true
  }

  /** From now on answers of a kind are on their way until they are let through. The relay gives them at once. */
  hold(kind: 'stream' | 'snapshot'): () => void {
    let release = () => {}
    this.#held.set(kind, new Promise((resolve) => (release = resolve)))
    return () => {
      this.#held.delete(kind)
      release()
    }
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const kind = isForStream(init) ? 'stream' : 'snapshot'
    this.asked.push(kind)
    if (this.isDown) throw new TypeError('Failed to fetch')
    const held = this.#held.get(kind)
    const response = await this.server.fetch(input, init)
    await held
    return kind === 'stream' && response.body ? this.#through(response, response.body) : response
  }

  #through(response: Response, body: ReadableStream<Uint8Array>): Response {
    const broken = new AbortController()
    const line: Line = { isSilent: false, break: () => broken.abort(new TypeError('network error')) }
    this.#lines.add(line)
    const gate = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        if (!line.isSilent) controller.enqueue(new Uint8Array(chunk))
      },
    })
    body.pipeTo(gate.writable, { signal: broken.signal }).catch(() => {})
    return new Response(gate.readable, { status: response.status, headers: response.headers })
  }
}

/** What a tab keeps over a reload; Node has none. */
export function stubSessionStorage(): Map<string, string> {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  return kept
}

/** A page on this network. It ends with the test, or when it is closed. */
export function openPage(network: Network, options: Partial<KycStatusClientOptions> = {}): KycStatusClient {
  const client = createKycStatusClient({
    url: 'http://relay.test',
    fetch: network.fetch,
    retry: { base: 1, max: 5 },
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

/** Reads until the test ends, and resolves with the first state that passes. */
export function until(client: KycStatusClient, test: (state: ChannelState) => boolean): Promise<ChannelState> {
  return new Promise((resolve) => {
    const check = () => {
      const state = client.getState(USER)
      if (test(state)) resolve(state)
    }
    onTestFinished(client.subscribe(USER, check))
    check()
  })
}

/** The line comes back, and the relay is heard on another one. */
export async function comeBack(network: Network, client: KycStatusClient): Promise<void> {
  network.isDown = false
  const { length } = network.asked
  network.cut()
  client.reconnect(USER)
  await until(client, (state) => isOpen(state) && network.asked.length > length)
}

export const known = (client: KycStatusClient) => client.getState(USER).status
export const isOpen = ({ connection }: ChannelState): boolean => connection.status === 'open'
export const isOutcome =
  (outcome: string) =>
  ({ status }: ChannelState): boolean =>
    status?.outcome === outcome
