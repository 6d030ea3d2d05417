import type { SignOuts } from '../access/sign-outs.ts'
import { Problem } from '../http/problem.ts'
import type { EventStore } from '../stores/store.ts'
import type { Hub } from '../streams/hub.ts'
import { goodbye } from '../streams/subscribe.ts'

/** What is kept of a user, as JSON tells it. Times are ISO 8601. */
export interface KeptOfUser {
  externalUserId: string
  events: { id: string; event: string; data: unknown }[]
  deliveries: { frame: string; id: string; receivedAt: string }[]
  signedOutAt: string | null
}

/** What can be done to a user as a whole, on every relay that shares the store. */
export class Users {
  readonly #store: EventStore
  readonly #signOuts: SignOuts
  readonly #hub: Hub

  constructor(store: EventStore, signOuts: SignOuts, hub: Hub) {
    this.#store = store
    this.#signOuts = signOuts
    this.#hub = hub
  }

  /** Ends streams that other relays were asked to end. Returns the way to stop. */
  listen(): () => void {
    return this.#store.listenToEndings?.((externalUserId) => this.#endStreams(externalUserId)) ?? (() => {})
  }

  /** The streams that are open here end whether or not the store can note it. */
  async signOut(externalUserId: string): Promise<void> {
    try {
      await this.#signOuts.add(externalUserId)
    } finally {
      this.#endStreams(externalUserId)
    }
  }

  async erase(externalUserId: string): Promise<void> {
    await this.#store.forget(externalUserId)
    this.#endStreams(externalUserId)
  }

  async kept(externalUserId: string): Promise<KeptOfUser> {
    if (!this.#store.kept) throw new Problem(501, 'The store of this relay can not tell what it keeps of a user.')
    const { events, deliveries } = await this.#store.kept(externalUserId)
    const signedOutAt = await this.#signOuts.at(externalUserId)
    return {
      externalUserId,
      events: events.map(({ id, frame, data }) => ({ id, event: frame, data: JSON.parse(data) })),
      deliveries: deliveries.map(({ frame, id, receivedAt }) => ({ frame, id, receivedAt: toIso(receivedAt) })),
      signedOutAt: signedOutAt === null ? null : toIso(signedOutAt),
    }
  }

  #endStreams(externalUserId: string): void {
    for (const subscriber of this.#hub.subscribers(externalUserId)) subscriber.end('disconnected', goodbye())
  }
}

function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
