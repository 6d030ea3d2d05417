import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRelay, type EventStore, memoryStore, partnerApi, type Relay } from '../../src/relay/index.ts'
import { sqliteStore } from '../../src/relay/stores/sqlite/sqlite.ts'
import type { Place, VirtualTime } from './virtual-time.ts'

export type StoreKind = 'memory' | 'sqlite'

export const RELAY_URL = 'http://relay.test'
export const GOOD_TOKEN = 'a-good-token'
const WEBHOOK_TOKEN = 'the-webhook-token'

/** The webhooks that come. */
export type Frame = keyof typeof PATHS
const PATHS = {
  'kyc-file': '/webhook/kyc-files/status',
  poa: '/webhook/poa/status',
  'user-balance': '/webhook/user/status',
} as const
interface Received {
  receivedAt: string
}

/** In memory where the machine has such a folder: that a disk keeps what was written is for other tests. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** The real relay on a real store, called in the process. All of it runs by the relay's clock. */
export class RelaySide {
  readonly #time: VirtualTime
  readonly #kind: StoreKind
  readonly #user: string
  readonly #place: Place = { name: 'relay', isRelay: true, isGone: false, isFrozen: false, loadedAt: 0 }
  readonly #folder: string | null
  #files = 0
  #store: EventStore
  #relay: Relay

  constructor(time: VirtualTime, kind: StoreKind, user: string) {
    this.#time = time
    this.#kind = kind
    this.#user = user
    this.#folder = kind === 'sqlite' ? mkdtempSync(join(FOLDER, 'kyc-model-')) : null
    this.#store = this.run(() => this.#newStore())
    this.#relay = this.run(() => this.#newRelay())
  }

  run<T>(callback: () => T): T {
    return this.#time.run(this.#place, callback)
  }

  fetch(request: Request): Promise<Response> {
    return this.run(() => this.#relay.fetch(request))
  }

  /** What the provider does. */
  async webhook(externalUserId: string, status: string, frame: Frame = 'kyc-file'): Promise<void> {
    const request = new Request(`${RELAY_URL}${PATHS[frame]}`, {
      method: 'POST',
      headers: { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json' },
      body: JSON.stringify({ externalUserId, status }),
    })
    const response = await this.fetch(request)
    this.#time.activity++
    if (response.status !== 200) throw new Error(`the relay answered a webhook with ${response.status}`)
  }

  /** What the relay says of the latest webhook of the user in this frame: its id, and when it was received. */
  async latest(frame: Frame = 'kyc-file'): Promise<{ id: string; receivedAt: string }> {
    const headers = { accept: 'application/json', authorization: `Bearer ${GOOD_TOKEN}` }
    const response = await this.fetch(new Request(`${RELAY_URL}/events/${this.#user}`, { headers }))
    const { events } = (await response.json()) as { events: { id: string; event: string; data: Received }[] }
    const last = events.filter(({ event }) => event === frame).at(-1)
    return { id: last?.id ?? '', receivedAt: last?.data.receivedAt ?? '' }
  }

  /** A new process, with what the one before it had stored or without. */
  async restart({ keepsHistory }: { keepsHistory: boolean }): Promise<void> {
    await this.run(async () => {
      if (!keepsHistory || this.#kind === 'sqlite') {
        if (!keepsHistory) this.#files++
        await this.#store.close()
        this.#store = this.#newStore()
      }
      this.#relay = this.#newRelay()
    })
    // A store that is new may take the time of its first use for that of its beginning.
    await this.latest()
  }

  async close(): Promise<void> {
    await this.run(() => this.#store.close())
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true })
  }

  #newStore(): EventStore {
    return this.#folder ? sqliteStore(join(this.#folder, `${this.#files}.db`)) : memoryStore()
  }

  #newRelay(): Relay {
    return createRelay({
      store: this.#store,
      webhookTokens: [WEBHOOK_TOKEN],
      webhooks: partnerApi({ paths: { poa: PATHS.poa } }),
      // Not by signed tokens: those are verified in another thread, and histories would not repeat.
      authorizeSubscriber: (request) =>
        request.headers.get('authorization') === `Bearer ${GOOD_TOKEN}` ? this.#user : null,
      logger: silent,
    })
  }
}
