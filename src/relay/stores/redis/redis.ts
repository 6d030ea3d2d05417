import { type EventId, parseEventId } from '../../../protocol/event-id.ts'
import { InvalidOptionsError } from '../../../protocol/invalid-options.ts'
import { isTrimDue, outdated, parseHistory } from '../history.ts'
import { replay } from '../replay.ts'
import type { EventStore, History, Kept, KeptDelivery, NewEvent, Replay, SignOut, StoredEvent } from '../store.ts'
import { userKey } from '../user-key.ts'
import { parseAddress, type RedisAddress } from './address.ts'
import { RedisConnection, type RedisConnectionOptions } from './connection.ts'
import type { Appended, Entry, Stream, UserKeys } from './scripts.ts'
import { ENDED, Watches } from './watches.ts'

export type { EventStore, History, Kept, KeptDelivery, NewEvent, RedisConnectionOptions, Replay, SignOut, StoredEvent }

/** The longest time that events are kept: a hundred years, in milliseconds. */
const MAX_AGE = 100 * 365 * 24 * 60 * 60 * 1000

/** How long it is kept that a user was erased, in milliseconds: relays that had lost Redis hear of it within that time. */
const ERASURE_KEPT = 24 * 60 * 60 * 1000

/** No user id is encoded like that. */
const NOBODY = '?'

export interface RedisStoreOptions extends History {
  /** What the name of each key and channel begins with. Default `kyc-upload-status:`. */
  keyPrefix?: string
  /** How each connection is made, beside its address: `username`, `password`, `socket` with TLS settings. */
  connection?: RedisConnectionOptions
}

/**
 * Keeps events in Redis 7 or later, or Valkey, for relays on many machines: a webhook that one of them takes in reaches a
 * stream that another one has. A user's events are a stream, which is trimmed and expires; publish/subscribe only says that
 * there is something to read, so a lost notification loses no event.
 *
 * What `append` has resolved survives the relay. Whether it survives Redis is for Redis' own settings to say: with
 * `appendonly yes` and `appendfsync always` it does, with `everysec` all but the last second.
 *
 * It connects by itself and comes back by itself. Without a connection the provider is told to deliver again, readiness is
 * down, and streams stay open. A node that can't serve (`READONLY` after a failover, `LOADING`, `MASTERDOWN`, `CLUSTERDOWN`,
 * or no answer within 5 s) is let go of, and the next one looked for.
 *
 * @param urls - `redis://` or `rediss://`; several are nodes of one cluster, which may also be named by one of them. In a user
 *   name or password `/`, `?`, `#`, `%`, `:` and `@` are percent-encoded.
 * @throws {InvalidOptionsError} if an option can't work.
 */
export function redisStore(
  urls: string | readonly string[],
  { keyPrefix = 'kyc-upload-status:', connection = {}, ...history }: RedisStoreOptions = {},
): EventStore {
  const [first, ...others] = typeof urls === 'string' ? [urls] : urls
  const addresses: [RedisAddress, ...RedisAddress[]] = [parseAddress(first), ...others.map(parseAddress)]
  if (typeof keyPrefix !== 'string' || /[{}]/.test(keyPrefix)) {
    throw new InvalidOptionsError('redisStore: keyPrefix: expected text without braces, which choose the slot of a key')
  }
  const { maxEvents, maxAge, keepLatest } = parseHistory('redisStore', history)
  const whole = { maxEvents, maxAge: wholeTime(maxAge), keepLatest: wholeTime(keepLatest) }
  return new RedisStore(addresses, { keyPrefix, connection, history: whole })
}

/** Redis takes whole milliseconds, and not any number of them. */
function wholeTime(ms: number): number {
  return Math.min(Math.ceil(ms), MAX_AGE)
}

interface Settings {
  keyPrefix: string
  connection: RedisConnectionOptions
  history: Required<History>
}

class RedisStore implements EventStore {
  readonly #keyPrefix: string
  readonly #history: Required<History>
  readonly #redis: RedisConnection
  readonly #watches: Watches

  constructor(addresses: readonly [RedisAddress, ...RedisAddress[]], { keyPrefix, connection, history }: Settings) {
    this.#keyPrefix = keyPrefix
    this.#history = history
    this.#watches = new Watches({
      subscribe: (externalUserId, notified) => this.#redis.subscribe(this.#keys(externalUserId).events, notified),
      after: async (externalUserId, id) => {
        const entries = await this.#redis.after(this.#keys(externalUserId).events, id)
        return entries.map((entry) => toEvent(externalUserId, entry))
      },
      endings: (externalUserId) => this.#redis.endings(this.#endingsOf(externalUserId)),
    })
    this.#redis = new RedisConnection({
      addresses,
      options: connection,
      keyPrefix,
      checkKeys: () => {
        const check = crypto.randomUUID()
        return { ...this.#keysIn(NOBODY, check), endings: `${this.#keyPrefix}ended:${NOBODY}${check}` }
      },
      onReady: (isNew) => this.#watches.catchUp(isNew),
    })
  }

  async append(event: NewEvent, deliveryId: string | null = null): Promise<StoredEvent | null> {
    const { externalUserId, frame, data } = event
    // No frame has a NUL in its name.
    const delivery = deliveryId === null ? '' : `${frame}\0${deliveryId}`
    const appended = await this.#redis.append(this.#keys(externalUserId), frame, data, ...this.#ages(), delivery)
    if (!appended) return null
    // Nobody waits for it, and a later webhook or stream tries again.
    if (this.#isTrimDue(appended)) this.#trim(externalUserId).catch(() => {})
    return { ...event, id: appended.id }
  }

  watch(externalUserId: string): void {
    this.#watches.add(externalUserId)
  }

  unwatch(externalUserId: string): void {
    this.#watches.delete(externalUserId)
  }

  async since(externalUserId: string, lastEventId: string | null): Promise<Replay> {
    const keys = this.#keys(externalUserId)
    await this.#redis.subscribed(keys.events, this.#watches.subscribe(externalUserId))
    const reading = this.#watches.endings(externalUserId)
    // First, so that an erasure which comes while events are read is a new ending, and no stream keeps what was erased.
    if (this.#watches.isNew(externalUserId)) await reading
    const [stream, endings] = await Promise.all([this.#redis.read(keys, ...this.#ages()), reading])
    const kept = stream.events.map((entry) => toEvent(externalUserId, entry))
    const answer = replay(kept, lastEventId, { ...this.#history, ...known(stream) })
    this.#watches.take(externalUserId, { events: kept, cursor: answer.cursor, lastEnding: endings.last })
    this.#drop(externalUserId, stream).catch(() => {})
    return { ...answer, signedOutAt: endings.signedOutAt }
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#watches.listen(listener)
  }

  async forget(externalUserId: string): Promise<void> {
    await this.#redis.delete(this.#keys(externalUserId))
    // Whoever reads from here on finds nothing, so no stream that has what was erased is left out.
    await this.#end(externalUserId, '', '', `${ERASURE_KEPT}`)
  }

  async signOut(externalUserId: string, { at, until }: SignOut): Promise<void> {
    await this.#end(externalUserId, `${at}`, `${until}`, `${Math.max(1, Math.ceil(until - at))}`)
  }

  async signedOutAt(externalUserId: string): Promise<number | null> {
    return (await this.#redis.endings(this.#endingsOf(externalUserId))).signedOutAt
  }

  listenToEndings(listener: (externalUserId: string) => void): () => void {
    return this.#watches.listenToEndings(listener)
  }

  async kept(externalUserId: string): Promise<Kept> {
    const keys = this.#keys(externalUserId)
    const [entries, deliveries] = await Promise.all([this.#redis.kept(keys), this.#redis.deliveries(keys)])
    return { events: entries.map((entry) => toEvent(externalUserId, entry)), deliveries }
  }

  async checkWritable(): Promise<void> {
    await this.#redis.check()
  }

  async close(): Promise<void> {
    this.#watches.close()
    await this.#redis.close()
  }

  #ages(): [maxAge: string, keepLatest: string] {
    const { maxAge, keepLatest } = this.#history
    return [`${maxAge}`, `${keepLatest}`]
  }

  #isTrimDue({ id, count, first }: Appended): boolean {
    return isTrimDue(count, this.#history) || toId(first).ms < toId(id).ms - this.#history.keepLatest
  }

  async #trim(externalUserId: string): Promise<void> {
    // Who was erased meanwhile is left without a position.
    const stream = await this.#redis.read(this.#keys(externalUserId), '0', `${this.#history.keepLatest}`)
    await this.#drop(externalUserId, stream)
  }

  /** Deletes what does not count any more. */
  async #drop(externalUserId: string, { now, deleted, events }: Stream): Promise<void> {
    const kept = events.map((entry) => toEvent(externalUserId, entry))
    const ids = outdated(kept, now, this.#history).map(({ id }) => id)
    if (ids.length > 0) await this.#redis.drop(this.#keys(externalUserId), deleted, ids)
  }

  /** The notification comes second: whoever hears of it finds what it is about. */
  async #end(externalUserId: string, ...args: [signedOutAt: string, until: string, kept: string]): Promise<void> {
    await this.#redis.noteEnding(this.#endingsOf(externalUserId), ...args)
    await this.#redis.publish(this.#keys(externalUserId).events, ENDED)
  }

  /** It outlives an erasure, so it has no name in it. */
  #endingsOf(externalUserId: string): string {
    return `${this.#keyPrefix}ended:${userKey(externalUserId).toString(16).padStart(8, '0')}`
  }

  #keys(externalUserId: string): UserKeys {
    return this.#keysIn(encodeURIComponent(externalUserId))
  }

  /** What belongs to one user is in one slot of a cluster, which the text in braces chooses. */
  #keysIn(slot: string, part?: string): UserKeys {
    const prefix = `${this.#keyPrefix}{${slot}}:${part === undefined ? '' : `${part}:`}`
    return { events: `${prefix}history`, deliveries: `${prefix}deliveries`, older: `${prefix}events` }
  }
}

/** What a cursor is judged by. */
function known({ now, last, deleted, events }: Stream) {
  // Nothing is missing from the event on with which a stream began.
  const since = deleted === '0-0' ? events[0]?.id : undefined
  return { now, position: toId(last), since: toId(since ?? deleted) }
}

function toEvent(externalUserId: string, entry: Entry): StoredEvent {
  return { externalUserId, ...entry }
}

function toId(text: string): EventId {
  return parseEventId(text) ?? { ms: 0, n: 0 }
}
