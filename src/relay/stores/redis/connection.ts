import { createClient, createCluster, type RedisClusterOptions } from 'redis'
import { StoreUnavailableError } from '../store.ts'
import { type Entry, scripts } from './scripts.ts'

/** How each connection is made, beside its address: `username`, `password`, `socket` with its TLS settings, and so on. */
export type RedisConnectionOptions = Omit<NonNullable<RedisClusterOptions['defaults']>, 'url' | 'database'>

/** The longest that a command may take, in milliseconds, before the provider is told to deliver again. */
const COMMAND_TIMEOUT = 5000
/** The longest wait between two attempts to connect, in milliseconds. */
const MAX_RECONNECT_DELAY = 2000

const isCluster = (urls: readonly string[]) => urls.length > 1

/** Redis, or a cluster of it, as the store uses it. It connects by itself, and comes back by itself. */
export class RedisConnection {
  readonly #client: ReturnType<typeof connectTo>
  readonly #isCluster: boolean
  #isClosed = false

  /** @param onReady - called each time that a connection has been made, or made anew. */
  constructor(urls: readonly [string, ...string[]], options: RedisConnectionOptions, onReady: () => void) {
    this.#isCluster = isCluster(urls)
    this.#client = connectTo(urls, {
      // What can't be stored now is refused now: the provider delivers again.
      disableOfflineQueue: true,
      ...options,
      socket: {
        reconnectStrategy: (retries: number) =>
          Math.random() * Math.min(MAX_RECONNECT_DELAY, 50 * 2 ** Math.min(retries, 10)),
        ...options.socket,
      },
    })
    // Without a listener an error would end the process. Whoever uses the connection meets it, too.
    this.#client.on('error', () => {})
    this.#client.on('ready', onReady)
    this.#client.on('node-ready', onReady)
    void this.#connect()
  }

  /** A refused password, too, may be put right while the relay runs. */
  async #connect(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#client.connect()
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, MAX_RECONNECT_DELAY).unref())
      }
    }
  }

  async append(keys: { events: string; deliveries: string }, ...args: string[]): Promise<string | null> {
    return this.#do('write', () => this.#client.appendEvent(keys, ...args))
  }

  async read(events: string, maxAge: string): Promise<{ now: number; last: string; since: string; events: Entry[] }> {
    return this.#do('read', () => this.#client.readEvents(events, maxAge))
  }

  /** The entries after an id. */
  async after(events: string, id: string): Promise<Entry[]> {
    return this.#do('read', () => this.#client.readAfter(events, id))
  }

  async delete(keys: string[]): Promise<void> {
    await this.#do('erase', () => this.#client.del(keys))
  }

  /** Writes something of no consequence, and says so, which are two rights. */
  async tryToWrite(key: string): Promise<void> {
    await this.#do('write', () => this.#client.set(key, '', { expiration: { type: 'PX', value: 1000 } }))
    await this.#do('publish', () => this.#client.sPublish(key, ''))
  }

  /** However long it takes: who gives up waiting for it takes it back later. */
  async subscribe(channel: string, listener: () => void): Promise<void> {
    await this.#client.sSubscribe(channel, listener)
  }

  /** That listener alone: the channel may have another one by then. */
  async unsubscribe(channel: string, listener: () => void): Promise<void> {
    await this.#client.sUnsubscribe(channel, listener)
  }

  /** Waits for something as long as for a command, and no longer. */
  async inTime<T>(task: string, promise: Promise<T>): Promise<T> {
    return this.#do(task, () => promise)
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (!this.#client.isOpen) return
    await inTime(this.#client.close()).catch(() => this.#client.destroy())
  }

  /**
   * A line that has died in silence takes commands, and never answers. Another one is made, with the same subscriptions. Not for
   * a cluster, of which one node would end the lines to all.
   */
  #giveUp(): void {
    if (this.#isCluster || this.#isClosed || !this.#client.isOpen) return
    this.#client.destroy()
    void this.#connect()
  }

  async #do<T>(task: string, command: () => Promise<T>): Promise<T> {
    try {
      return await inTime(command())
    } catch (error) {
      if (error instanceof NoAnswerError) this.#giveUp()
      const reason = error instanceof Error ? error.message : String(error)
      throw new StoreUnavailableError(`redisStore: can't ${task}: ${reason}`, { cause: error })
    }
  }
}

class NoAnswerError extends Error {}

/** A command that was sent waits for its answer however long that takes; this does not. */
async function inTime<T>(command: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswerError(`no answer within ${COMMAND_TIMEOUT} ms`)), COMMAND_TIMEOUT)
  })
  try {
    return await Promise.race([command, late])
  } finally {
    clearTimeout(timer)
  }
}

function connectTo(urls: readonly [string, ...string[]], options: RedisConnectionOptions) {
  const [url] = urls
  if (!isCluster(urls)) return createClient({ ...options, url, scripts })
  // What the first address says of user and encryption holds for every node that the cluster tells of.
  const { username, password, protocol } = new URL(url)
  const defaults = {
    ...options,
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { socket: { ...options.socket, tls: true as const } }),
  }
  return createCluster({ rootNodes: urls.map((node) => ({ url: node })), defaults, scripts })
}
