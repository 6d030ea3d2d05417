import { type EventId, parseEventId } from '../../../protocol/event-id.ts'
import { InvalidOptionsError } from '../../../protocol/invalid-options.ts'
import { parseHistory, replay } from '../replay.ts'
import type { EventStore, History, NewEvent, Replay, StoredEvent } from '../store.ts'
import { RedisConnection, type RedisConnectionOptions } from './connection.ts'
import type { Entry } from './scripts.ts'
import { Watches } from './watches.ts'

export type { EventStore, History, NewEvent, RedisConnectionOptions, Replay, StoredEvent }

/** The longest time that events are kept: a hundred years, in milliseconds. */
const MAX_AGE = 100 * 365 * 24 * 60 * 60 * 1000

export interface RedisStoreOptions extends History {
  /** What the name of each key and channel begins with. Default `kyc-upload-status:`. */
  keyPrefix?: string
  /** How each connection is made, beside its address: `username`, `password`, `socket` with TLS settings. */
  connection?: RedisConnectionOptions
}

/**
 * Keeps events in Redis 7 or later, or Valkey, for relays on many machines: a webhook that one of them takes in reaches a
 * stream that another one has. A user's events are a capped stream that expires; publish/subscribe only says that there is
 * something to read, so a lost notification loses no event.
 *
 * What `append` has resolved survives the relay. Whether it survives Redis is for Redis' own settings to say: with
 * `appendonly yes` and `appendfsync always` it does, with `everysec` all but the last second.
 *
 * It connects by itself and comes back by itself. Without a connection the provider is told to deliver again, readiness is
 * down, and streams stay open.
 *
 * @param urls - `redis://` or `rediss://`; several are nodes of one cluster.
 * @throws {InvalidOptionsError} if an option can't work.
 */
export function redisStore(
  urls: string | readonly string[],
  { keyPrefix = 'kyc-upload-status:', connection = {}, ...history }: RedisStoreOptions = {},
): EventStore {
  const [first, ...others] = typeof urls === 'string' ? [urls] : urls
  if (first === undefined || ![first, ...others].every(isRedisUrl)) {
    throw new InvalidOptionsError('redisStore: expected a URL, redis:// or rediss://, or several of one cluster')
  }
  if (typeof keyPrefix !== 'string' || /[{}]/.test(keyPrefix)) {
    throw new InvalidOptionsError('redisStore: keyPrefix: expected text without braces, which choose the slot of a key')
  }
  const { maxEvents, maxAge } = parseHistory('redisStore', history)
  // Redis takes whole milliseconds, and not any number of them.
  const whole = { maxEvents, maxAge: Math.min(Math.ceil(maxAge), MAX_AGE) }
  return new RedisStore([first, ...others], { keyPrefix, connection, history: whole })
}

function isRedisUrl(url: unknown): boolean {
  return typeof url === 'string' && /^rediss?:\/\//.test(url) && URL.canParse(url)
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

  constructor(urls: readonly [string, ...string[]], { keyPrefix, connection, history }: Settings) {
    this.#keyPrefix = keyPrefix
    this.#history = history
    this.#watches = new Watches({
      subscribe: (externalUserId, notified) => this.#redis.subscribe(this.#events(externalUserId), notified),
      unsubscribe: (externalUserId, notified) => this.#redis.unsubscribe(this.#events(externalUserId), notified),
      after: async (externalUserId, id) =>
        (await this.#redis.after(this.#events(externalUserId), id)).map((entry) => toEvent(externalUserId, entry)),
    })
    this.#redis = new RedisConnection(urls, connection, () => this.#watches.catchUp())
  }

  async append(event: NewEvent, deliveryId: string | null = null): Promise<StoredEvent | null> {
    const { externalUserId, frame, data } = event
    const { maxEvents, maxAge } = this.#history
    const keys = { events: this.#events(externalUserId), deliveries: this.#deliveries(externalUserId) }
    // No frame has a NUL in its name.
    const delivery = deliveryId === null ? '' : `${frame}\0${deliveryId}`
    const id = await this.#redis.append(keys, frame, data, `${maxEvents + 1}`, `${maxAge}`, delivery)
    return id === null ? null : { ...event, id }
  }

  watch(externalUserId: string): void {
    this.#watches.add(externalUserId)
  }

  unwatch(externalUserId: string): void {
    this.#watches.delete(externalUserId)
  }

  async since(externalUserId: string, lastEventId: string | null): Promise<Replay> {
    await this.#redis.inTime('subscribe', this.#watches.subscribe(externalUserId))
    const { now, last, since, events } = await this.#redis.read(this.#events(externalUserId), `${this.#history.maxAge}`)
    const kept = events.map((entry) => toEvent(externalUserId, entry))
    const answer = replay(kept, lastEventId, { ...this.#history, now, position: toId(last), since: toId(since) })
    this.#watches.take(externalUserId, kept, answer.cursor)
    return answer
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#watches.listen(listener)
  }

  async forget(externalUserId: string): Promise<void> {
    await this.#redis.delete([this.#events(externalUserId), this.#deliveries(externalUserId)])
  }

  async checkWritable(): Promise<void> {
    await this.#redis.tryToWrite(`${this.#keyPrefix}check`)
  }

  async close(): Promise<void> {
    this.#watches.close()
    await this.#redis.close()
  }

  /** What belongs to one user is in one slot of a cluster. */
  #key(externalUserId: string, kind: string): string {
    return `${this.#keyPrefix}{${encodeURIComponent(externalUserId)}}:${kind}`
  }

  #events(externalUserId: string): string {
    return this.#key(externalUserId, 'events')
  }

  #deliveries(externalUserId: string): string {
    return this.#key(externalUserId, 'deliveries')
  }
}

function toEvent(externalUserId: string, entry: Entry): StoredEvent {
  return { externalUserId, ...entry }
}

function toId(text: string): EventId {
  return parseEventId(text) ?? { ms: 0, n: 0 }
}
