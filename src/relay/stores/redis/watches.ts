import { isAfter } from '../../../protocol/event-id.ts'
import type { StoredEvent } from '../../store.ts'
import { Listeners } from '../listeners.ts'

/** How long it takes at most until a user is looked at again, in milliseconds, should a notification have been lost. */
const SWEEP_INTERVAL = 60_000
/** How often some of them are, in milliseconds. */
const SWEEP_TICK = 1000

interface Watch {
  /** What has been told up to here; `null` until it was read for the first time. */
  seen: string | null
  isSubscribed: boolean
  isLooking: boolean
  /** It was said that there is more while it was being looked for. */
  isToLookAgain: boolean
}

/** What watching needs of Redis. */
export interface Watched {
  subscribe(externalUserId: string, notified: () => void): Promise<void>
  unsubscribe(externalUserId: string): Promise<void>
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
  readonly #listeners = new Listeners()
  readonly #sweepTimer: NodeJS.Timeout
  #toSweep: Iterator<string> = [].values()

  constructor(redis: Watched) {
    this.#redis = redis
    this.#sweepTimer = setInterval(() => this.#sweep(), SWEEP_TICK).unref()
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  add(externalUserId: string): void {
    const watch = { seen: null, isSubscribed: false, isLooking: false, isToLookAgain: false }
    this.#watches.set(externalUserId, watch)
  }

  delete(externalUserId: string): void {
    const watch = this.#watches.get(externalUserId)
    this.#watches.delete(externalUserId)
    // While there is no connection there is nothing to take back.
    if (watch?.isSubscribed) this.#redis.unsubscribe(externalUserId).catch(() => {})
  }

  /** Resolves once notifications come in for a user who is watched, so that what is read after that leaves no gap. */
  async subscribe(externalUserId: string): Promise<void> {
    const watch = this.#watches.get(externalUserId)
    if (!watch || watch.isSubscribed) return
    await this.#redis.subscribe(externalUserId, () => void this.#look(externalUserId))
    watch.isSubscribed = true
    // Somebody may have left meanwhile.
    if (!this.#watches.has(externalUserId)) await this.#redis.unsubscribe(externalUserId)
  }

  /** Takes in what was read of a user. Who was listening before is told what is new in it; whoever asked gets it as a replay. */
  take(externalUserId: string, events: readonly StoredEvent[], cursor: string): void {
    const watch = this.#watches.get(externalUserId)
    if (!watch) return
    this.#tell(watch, events)
    if (watch.seen === null || isAfter(cursor, watch.seen)) watch.seen = cursor
  }

  /** Looks at everybody: a connection was gone, and with it what was notified meanwhile. */
  catchUp(): void {
    for (const externalUserId of this.#watches.keys()) {
      void this.subscribe(externalUserId)
        .then(() => this.#look(externalUserId))
        .catch(() => {})
    }
  }

  close(): void {
    clearInterval(this.#sweepTimer)
    this.#watches.clear()
  }

  async #look(externalUserId: string): Promise<void> {
    const watch = this.#watches.get(externalUserId)
    // Before the first time it was read there is nobody to tell.
    if (!watch || watch.seen === null) return
    watch.isToLookAgain = true
    if (watch.isLooking) return
    watch.isLooking = true
    try {
      while (watch.isToLookAgain) {
        watch.isToLookAgain = false
        this.#tell(watch, await this.#redis.after(externalUserId, watch.seen))
      }
    } catch {
      // Once there is a connection again, everybody is looked at.
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
      if (next.done) this.#toSweep = this.#watches.keys()
      else void this.#look(next.value)
    }
  }
}
