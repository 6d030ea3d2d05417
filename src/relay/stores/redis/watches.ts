import { isAfter } from '../../../protocol/event-id.ts'
import { Listeners } from '../listeners.ts'
import type { StoredEvent } from '../store.ts'

/** How long it takes at most until a user is looked at again, in milliseconds, should a notification have been lost. */
const SWEEP_INTERVAL = 60_000
/** How often some of them are, in milliseconds. */
const SWEEP_TICK = 1000

/** How long after a look that failed the next one comes, in milliseconds. */
const LOOK_AGAIN_AFTER = 1000

interface Watch {
  /** Called by each notification. One of its own for each watch, by which it is taken back. */
  readonly notified: () => void
  /** What has been told up to here; `null` until it was read for the first time. */
  seen: string | null
  /** Resolves once notifications come in, with how to end them; `null` before it was asked for, and when that failed. */
  subscription: Promise<Unsubscribe> | null
  isLooking: boolean
  /** It was said that there is more, and nobody has looked since. */
  isToLookAgain: boolean
}

type Unsubscribe = () => Promise<void>

/** What watching needs of Redis. */
export interface Watched {
  subscribe(externalUserId: string, notified: () => void): Promise<Unsubscribe>
  /** The events of a user after an id. */
  after(externalUserId: string, id: string): Promise<StoredEvent[]>
}

/**
 * The users whose streams are open here. A notification says only "look again"; what there is stands in Redis, and each event
 * is told once, in order, whatever was notified, how often, and in which order answers come.
 */
export class Watches {
  readonly #redis: Watched
  readonly #watches = new Map<string, Watch>()
  /** Subscriptions to users who are not watched any more, and that could not be ended yet. */
  readonly #orphans = new Set<Unsubscribe>()
  readonly #listeners = new Listeners()
  readonly #sweepTimer: NodeJS.Timeout
  #toSweep: Iterator<[string, Watch]> = [].values()

  constructor(redis: Watched) {
    this.#redis = redis
    this.#sweepTimer = setInterval(() => this.#sweep(), SWEEP_TICK).unref()
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  add(externalUserId: string): void {
    const watch: Watch = {
      notified: () => void this.#look(externalUserId, watch),
      seen: null,
      subscription: null,
      isLooking: false,
      isToLookAgain: false,
    }
    this.#watches.set(externalUserId, watch)
  }

  delete(externalUserId: string): void {
    const watch = this.#watches.get(externalUserId)
    this.#watches.delete(externalUserId)
    // A subscription that is still on its way is ended once it is there.
    void watch?.subscription?.then((unsubscribe) => this.#end(unsubscribe)).catch(() => {})
  }

  /** Resolves once notifications come in for a user who is watched, so that what is read after that leaves no gap. */
  async subscribe(externalUserId: string): Promise<void> {
    const watch = this.#watches.get(externalUserId)
    if (!watch) return
    watch.subscription ??= this.#subscribe(externalUserId, watch)
    await watch.subscription
  }

  #subscribe(externalUserId: string, watch: Watch): Promise<Unsubscribe> {
    const subscription = this.#redis.subscribe(externalUserId, watch.notified).catch((error: unknown) => {
      // By then it may have another one, through another connection.
      if (watch.subscription === subscription) watch.subscription = null
      throw error
    })
    return subscription
  }

  /** Takes in what was read of a user. Who was listening before is told what is new in it; whoever asked gets it as a replay. */
  take(externalUserId: string, events: readonly StoredEvent[], cursor: string): void {
    const watch = this.#watches.get(externalUserId)
    if (!watch) return
    this.#tell(watch, events)
    if (watch.seen === null || isAfter(cursor, watch.seen)) watch.seen = cursor
    if (watch.isToLookAgain) void this.#look(externalUserId, watch)
  }

  /**
   * Looks at everybody: a connection was gone, and with it what was notified meanwhile.
   *
   * @param isNew - the subscriptions are gone as well.
   */
  catchUp(isNew: boolean): void {
    for (const unsubscribe of [...this.#orphans]) void this.#end(unsubscribe)
    for (const [externalUserId, watch] of this.#watches) {
      if (isNew) watch.subscription = null
      void this.subscribe(externalUserId)
        .then(() => this.#look(externalUserId, watch))
        .catch(() => {})
    }
  }

  close(): void {
    clearInterval(this.#sweepTimer)
    this.#watches.clear()
  }

  /** Without a connection it can't be done, and the subscription would come back with the next one. */
  async #end(unsubscribe: Unsubscribe): Promise<void> {
    try {
      await unsubscribe()
      this.#orphans.delete(unsubscribe)
    } catch {
      this.#orphans.add(unsubscribe)
    }
  }

  async #look(externalUserId: string, watch: Watch): Promise<void> {
    watch.isToLookAgain = true
    // Before it was read for the first time nobody knows from where on.
    if (watch.isLooking || watch.seen === null) return
    watch.isLooking = true
    try {
      while (watch.isToLookAgain && this.#watches.get(externalUserId) === watch) {
        watch.isToLookAgain = false
        this.#tell(watch, await this.#redis.after(externalUserId, watch.seen))
      }
    } catch {
      setTimeout(() => this.#watches.get(externalUserId) === watch && watch.notified(), LOOK_AGAIN_AFTER).unref()
    } finally {
      watch.isLooking = false
    }
  }

  #tell(watch: Watch, events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (watch.seen === null || !isAfter(event.id, watch.seen)) continue
      watch.seen = event.id
      this.#listeners.tell(event)
    }
  }

  /** Looks at some users in turn, so that each has been looked at after the interval. */
  #sweep(): void {
    for (let left = Math.ceil((this.#watches.size * SWEEP_TICK) / SWEEP_INTERVAL); left > 0; left--) {
      const next = this.#toSweep.next()
      if (next.done) this.#toSweep = this.#watches.entries()
      else void this.#look(...next.value)
    }
  }
}
