/** An accepted webhook, ready to be stored. */
export interface NewEvent {
  externalUserId: string
  /** The name of its frame in the stream. */
  frame: string
  /** The data of its frame: JSON text. */
  data: string
}

/** A stored webhook. Its id rises strictly for a user and has the shape `<ms>-<n>`. */
export interface StoredEvent extends NewEvent {
  id: string
}

/** What a subscriber gets before it goes live. */
export interface Replay {
  /** In the order of their ids. */
  events: StoredEvent[]
  /** The position after these events: everything that comes later has a higher id. */
  cursor: string
  /** `false` where events may be missing, because the last event id is not known (any more). */
  complete: boolean
  /**
   * Milliseconds since the epoch by the clock that gives ids: never behind the newest one. A store without such a clock
   * leaves it out; it is then the wall clock, or the cursor's time where that is ahead.
   */
  now?: number
  /**
   * When the user last logged out, as `signedOutAt` says it, read after listening began. Left out, the relay asks `signedOutAt`
   * once more.
   */
  signedOutAt?: number | null
}

/** A log-out, in milliseconds since the epoch. */
export interface SignOut {
  /** Subscription tokens that were issued before this are refused. */
  at: number
  /** Until then; they have expired by that time. */
  until: number
}

/** A delivery that had a name, so that a repeat of it is known. */
export interface KeptDelivery {
  frame: string
  /** What the sender called it. */
  id: string
  /** Milliseconds since the epoch. */
  receivedAt: number
}

/** All that a store has of a user. */
export interface Kept {
  /** In the order of their ids. Those that are too old to be sent are among them until they are deleted. */
  events: StoredEvent[]
  /** In the order in which they came. */
  deliveries: KeptDelivery[]
}

/**
 * How much of a user's past is kept: of each frame the last `maxEvents`, for `maxAge`, and for `keepLatest` what a fresh page
 * is told of it. That is the latest event and, where another one decides, as after a late repeat, that one as well.
 */
export interface History {
  /** Events of a frame. Default 32. */
  maxEvents?: number
  /** Milliseconds. Default 24 h. */
  maxAge?: number
  /** Milliseconds, counted from the latest event of a frame; at least `maxAge`. Default 30 days: reviews take days. */
  keepLatest?: number
}

/**
 * Where accepted webhooks are kept. The relay listens first and reads then, so a store has to answer only what has
 * happened (`since`) and tell what happens (`listen`); the relay makes one gap-free stream of the two.
 */
export interface EventStore {
  /**
   * Resolves once the event will survive the end of the process, and rejects with `StoreUnavailableError` if it won't.
   * Resolves with `null`, and stores nothing, if an event of this delivery has been stored within the history's age.
   *
   * @param deliveryId - what the sender calls this delivery, the same for each repeat; `null` where it has no name. The same
   *   name for another user, or in another frame, is another delivery.
   */
  append(event: NewEvent, deliveryId?: string | null): Promise<StoredEvent | null>
  /**
   * The events of a user after `lastEventId`, of every frame; with `null`, or an id that is not known (any more), the latest one
   * of each frame, and where another one decides that one before it.
   */
  since(externalUserId: string, lastEventId: string | null): Promise<Replay>
  /**
   * Calls back for each event, once `since` can return it: of any user, or, by a store that has `watch`, of those who are
   * watched. Returns the way to stop.
   */
  listen(listener: (event: StoredEvent) => void): () => void
  /**
   * Called before `since` for the first stream of a user, and again with `unwatch` after the last one has ended. Left out by a
   * store that hears of every event anyway.
   */
  watch?(externalUserId: string): void
  unwatch?(externalUserId: string): void
  /** Erases a user, and the names of the deliveries for that user. A log-out still holds after it. */
  forget(externalUserId: string): Promise<void>
  /**
   * Notes a log-out. Resolves once it is stored as durably as an event is, and tells those who listen to endings. An earlier
   * log-out never takes the place of a later one.
   *
   * A store that leaves this or `signedOutAt` out knows nothing of log-outs: each relay then remembers those that it was asked
   * for itself, as long as its process lives, and ends its own streams alone.
   */
  signOut?(externalUserId: string, signOut: SignOut): Promise<void>
  /** When the user last logged out, in milliseconds since the epoch; `null` if that is not known, or holds no more. */
  signedOutAt?(externalUserId: string): number | null | Promise<number | null>
  /**
   * Calls back with each user who has logged out or was erased, whichever relay of the store was asked for it; of a store that
   * has `watch`, with those who are watched. Returns the way to stop. Left out, each relay ends its own streams alone.
   */
  listenToEndings?(listener: (externalUserId: string) => void): () => void
  /** All that is kept of a user. Left out by a store that can't tell: the relay answers `501`. */
  kept?(externalUserId: string): Promise<Kept>
  /** Rejects where `append` would. Left out by a store that can always write. */
  checkWritable?(): Promise<void>
  /** Writes what is pending, then lets go of everything. */
  close(): Promise<void>
}

/**
 * A store can't write or read now, and the provider is told to deliver again later. A store behind a network can't always know
 * whether it has stored the event all the same; of a delivery that has a name the repeat is not stored then.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
  readonly code = 'store_unavailable'
}
