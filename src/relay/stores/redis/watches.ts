import { isAfter } from '../../../protocol/event-id.ts'
import { Listeners } from '../listeners.ts'
import type { StoredEvent } from '../store.ts'

/** What a notification says of an ending; of an event it has the id. */
export const ENDED = 'ended'

/** How long it takes at most until a user is looked at again, in milliseconds, should a notification have been lost. */
const SWEEP_INTERVAL = 60_000
/** How often some of them are, in milliseconds. */
const SWEEP_TICK = 1000

/** How long after a look that failed the next one comes, in milliseconds. */
const LOOK_AGAIN_AFTER = 1000

/** What there is to look at. A webhook's notification costs no look at endings. */
type Part = 'events' | 'ending'

interface Watch {
  /** Called by each notification. One of its own for each watch, by which it is taken back. */
  readonly notified: (message: string) => void
  /** What has been told up to here; `null` until it was read for the first time. */
  seen: string | null
  /** The last ending that was told, or that there was before any event was read; `undefined` until that is known. */
  lastEnding: string | null | undefined
  /** Under way, or done: the first look at the user's endings. */
  firstEndings: Promise<Endings> | null
  /** Resolves once notifications come in, with how to end them; `null` before it was asked for, and when that failed. */
  subscription: Promise<Unsubscribe> | null
  isLooking: boolean
  /** It was said that there is more, and nobody has looked since. */
  readonly toLookAt: Set<Part>
}

type Unsubscribe = () => Promise<void>

/** What watching needs of Redis. */
export interface Watched {
  subscribe(externalUserId: string, notified: (message: string) => void): Promise<Unsubscribe>
  /** The events of a user after an id. */
  after(externalUserId: string, id: string): Promise<StoredEvent[]>
  /** The endings of a user's streams. */
  endings(externalUserId: string): Promise<Endings>
}

/** What is known of the endings of a user's streams, at log-outs and erasures. */
export interface Endings {
  /** Names the last one: digits, a higher number each time. `null` where there is none, or none any more. */
  last: string | null
  /** The last log-out, in milliseconds since the epoch; `null` where none counts. */
  signedOutAt: number | null
}

/** What was read of a user. */
export interface Read {
  events: readonly StoredEvent[]
  cursor: string
  lastEnding: string | null
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
  readonly #listeners = new Listeners<StoredEvent>()
  readonly #endingListeners = new Listeners<string>()
  readonly #sweepTimer: NodeJS.Timeout
  #toSweep: Iterator<[string, Watch]> = [].values()

  constructor(redis: Watched) {
    this.#redis = redis
    this.#sweepTimer = setInterval(() => this.#sweep(), SWEEP_TICK).unref()
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  listenToEndings(listener: (externalUserId: string) => void): () => void {
    return this.#endingListeners.add(listener)
  }

  add(externalUserId: string): void {
    const watch: Watch = {
      notified: (message) => void this.#look(externalUserId, watch, message === ENDED ? 'ending' : 'events'),
      seen: null,
      lastEnding: undefined,
      firstEndings: null,
      subscription: null,
      isLooking: false,
      toLookAt: new Set(),
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
  take(externalUserId: string, { events, cursor, lastEnding }: Read): void {
    const watch = this.#watches.get(externalUserId)
    if (!watch) return
    this.#tellEnding(externalUserId, watch, lastEnding)
    this.#tell(watch, events)
    if (watch.seen === null || isAfter(cursor, watch.seen)) watch.seen = cursor
    if (watch.toLookAt.size > 0) void this.#look(externalUserId, watch)
  }

  /** Reads the endings of a user. All who read a user for the first time share one look at them. */
  async endings(externalUserId: string): Promise<Endings> {
    const watch = this.#watches.get(externalUserId)
    if (!watch || watch.lastEnding !== undefined) return this.#redis.endings(externalUserId)
    watch.firstEndings ??= this.#redis.endings(externalUserId).then(
      (endings) => {
        watch.lastEnding = endings.last
        return endings
      },
      (error: unknown) => {
        watch.firstEndings = null
        throw error
      },
    )
    return watch.firstEndings
  }

  /** Whether a user is watched of whom it is not known yet which ending was the last. */
  isNew(externalUserId: string): boolean {
    const watch = this.#watches.get(externalUserId)
    return watch !== undefined && watch.lastEnding === undefined
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
        .then(() => this.#look(externalUserId, watch, 'ending', 'events'))
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

  async #look(externalUserId: string, watch: Watch, ...parts: readonly Part[]): Promise<void> {
    for (const part of parts) watch.toLookAt.add(part)
    // Before it was read for the first time nobody knows from where on.
    if (watch.isLooking || watch.seen === null) return
    watch.isLooking = true
    try {
      while (watch.toLookAt.size > 0 && this.#watches.get(externalUserId) === watch) {
        if (watch.toLookAt.delete('ending')) {
          const { last } = await this.#redis.endings(externalUserId)
          this.#tellEnding(externalUserId, watch, last)
        } else {
          watch.toLookAt.delete('events')
          this.#tell(watch, await this.#redis.after(externalUserId, watch.seen))
        }
      }
    } catch {
      const again = () => {
        if (this.#watches.get(externalUserId) === watch) void this.#look(externalUserId, watch, 'ending', 'events')
      }
      setTimeout(again, LOOK_AGAIN_AFTER).unref()
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

  /** An answer may be older than what was told, and an ending that is not there any more has expired. */
  #tellEnding(externalUserId: string, watch: Watch, last: string | null): void {
    if (last === null || Number(last) <= Number(watch.lastEnding ?? 0)) return
    watch.lastEnding = last
    this.#endingListeners.tell(externalUserId)
  }

  /** Looks at some users in turn, so that each has been looked at after the interval. */
  #sweep(): void {
    for (let left = Math.ceil((this.#watches.size * SWEEP_TICK) / SWEEP_INTERVAL); left > 0; left--) {
      const next = this.#toSweep.next()
      if (next.done) this.#toSweep = this.#watches.entries()
      else void this.#look(...next.value, 'ending', 'events')
    }
  }
}
