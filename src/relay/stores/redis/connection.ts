import {
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  createClient,
  createCluster,
  DisconnectsClientError,
  type RedisClusterOptions,
  RootNodesUnavailableError,
  SocketClosedUnexpectedlyError,
} from 'redis'
import { reasonOf } from '../../telemetry/reason.ts'
import { type KeptDelivery, StoreUnavailableError } from '../store.ts'
import type { RedisAddress } from './address.ts'
import {
  type Appended,
  type Entry,
  OLDER_LAYOUT,
  refusedCommand,
  type Stream,
  scripts,
  type UserKeys,
} from './scripts.ts'
import { isMoved, letsGo, NoAnswerError } from './trouble.ts'
import type { Endings } from './watches.ts'

/** How each connection is made, beside its address: `username`, `password`, `socket` with its TLS settings, and so on. */
export type RedisConnectionOptions = Omit<NonNullable<RedisClusterOptions['defaults']>, 'url' | 'database'>

/** The longest that a command may take, in milliseconds, before the provider is told to deliver again. */
const COMMAND_TIMEOUT = 5000
/** The longest that an attempt to connect may take, in milliseconds: the first command waits for it, and tells why it failed. */
const CONNECT_TIMEOUT = 4000
/** The longest wait between two attempts to connect, in milliseconds. */
const MAX_RECONNECT_DELAY = 2000
/** The longest that a cluster may take until it can be used, in milliseconds: one node that is silent would hold it up. */
const CLUSTER_TIMEOUT = 15_000
/** How long a node of a cluster is tried again, in milliseconds, before the others are asked who took its place. */
const CLUSTER_REFRESH_AFTER = 1000

/** What the script that notes an ending writes. */
const ENDING_FIELDS = ['ended', 'signedOutAt', 'signedOutUntil']

/** How long the keys are kept that a check writes, in milliseconds. */
const CHECK_AGE = '1000'

/** What the client says while it has no connection. */
const OFFLINE = [ClientOfflineError, ClientClosedError, DisconnectsClientError, RootNodesUnavailableError]

type Client = ReturnType<typeof createOne>
type Cluster = ReturnType<typeof createMany>

/** A client, from its making until it is let go of. Its subscriptions go with it. */
type Line = {
  /** It has had a connection. */
  wasReady: boolean
  /** It was tried, and may be used. */
  isExamined: boolean
  isLetGo: boolean
} & ({ isCluster: false; client: Client } | { isCluster: true; client: Cluster })

export interface RedisConnectionSettings {
  addresses: readonly [RedisAddress, ...RedisAddress[]]
  options: RedisConnectionOptions
  /** Keys of nobody, other ones each time, to try what works. They expire soon. */
  checkKeys: () => UserKeys & { endings: string }
  /** What the name of each key begins with. */
  keyPrefix: string
  /**
   * Called each time that a connection has been made.
   *
   * @param isNew - it has none of the subscriptions of an earlier one.
   */
  onReady: (isNew: boolean) => void
}

/**
 * Redis, or a cluster of it, as the store uses it. It connects by itself, and comes back by itself.
 *
 * A node that says that it can't serve, or says nothing, is let go of: its connection is closed, and the next one is looked
 * for. A single client is replaced by a new one. A cluster keeps its client, because the other nodes still serve.
 */
export class RedisConnection {
  readonly #settings: RedisConnectionSettings
  #isCluster: boolean
  #line: Line
  /** Why Redis can't be used; `null` while it can be, and before an attempt has failed. */
  #trouble: unknown = null
  /** The same for single nodes of a cluster, by address. */
  readonly #nodeTroubles = new Map<string, unknown>()
  /** They wait for the outcome of the first attempt to connect. */
  #waiting: (() => void)[] = []
  /** How many lines in a row were let go of before one of them could be used. */
  #letGoes = 0
  #nextAttempt: ReturnType<typeof setTimeout> | undefined
  #checking: Promise<void> | null = null
  #isClosed = false

  constructor(settings: RedisConnectionSettings) {
    this.#settings = settings
    this.#isCluster = settings.addresses.length > 1
    this.#line = this.#open()
  }

  async append(keys: UserKeys, ...args: string[]): Promise<Appended | null> {
    return this.#do('write', keys.events, (client) => client.appendEvent(keys, ...args))
  }

  async read(keys: UserKeys, ...args: [positionKept: string, kept: string]): Promise<Stream> {
    return this.#do('read', keys.events, (client) => client.readEvents(keys, ...args))
  }

  /** @param deleted - the highest id that had been deleted when they were read. */
  async drop({ events }: UserKeys, deleted: string, ids: readonly string[]): Promise<void> {
    await this.#do('write', events, (client) => client.dropEvents(events, deleted, ids))
  }

  /** The entries after an id. */
  async after(events: string, id: string): Promise<Entry[]> {
    return this.#do('read', events, (client) => client.readAfter(events, id))
  }

  async delete({ events, deliveries, older }: UserKeys): Promise<void> {
    await this.#do('erase', events, (client) => client.del([events, deliveries, older]))
  }

  /** All events, of whatever age. A user who has none is left without a stream. */
  async kept(keys: UserKeys): Promise<Entry[]> {
    const { events, older } = keys
    return this.#do('read', events, async (client) => {
      if ((await client.exists(older)) === 1) throw new Error(OLDER_LAYOUT)
      return client.readAfter(events, '0-0')
    })
  }

  /** The names of deliveries, in the order in which they came. */
  async deliveries({ deliveries }: UserKeys): Promise<KeptDelivery[]> {
    const named = await this.#do('read', deliveries, (client) => client.zRangeWithScores(deliveries, 0, -1))
    return named.map(({ value, score }) => {
      const [frame = '', ...id] = value.split('\0')
      return { frame, id: id.join('\0'), receivedAt: score }
    })
  }

  async noteEnding(endings: string, ...args: [signedOutAt: string, until: string, kept: string]): Promise<void> {
    await this.#do('end streams', endings, (client) => client.noteEnding(endings, ...args))
  }

  async endings(endings: string): Promise<Endings> {
    const fields = await this.#do('read', endings, (client) => client.hmGet(endings, ENDING_FIELDS))
    const [last = null, at = null, until = null] = fields
    return { last, signedOutAt: at !== null && Number(until) > Date.now() ? Number(at) : null }
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.#do('publish', channel, (client) => client.sPublish(channel, message))
  }

  /** Tries everything that webhooks and streams need. Redis can refuse each of these commands by itself. */
  async check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = null
    })
    await this.#checking
  }

  async #check(line?: Line): Promise<void> {
    const keys = this.#settings.checkKeys()
    const { events, deliveries, endings } = keys
    const attempt = <T>(task: string, command: (client: Line['client']) => Promise<T>) =>
      this.#do(task, events, command, line)
    const listener = () => {}
    // The first read finds no stream, and does other things than the second one.
    await attempt('read', (client) => client.readEvents(keys, CHECK_AGE, CHECK_AGE))
    await attempt('write', (client) => client.appendEvent(keys, 'check', '', CHECK_AGE, CHECK_AGE, 'check'))
    const { deleted, events: read } = await attempt('read', (client) => client.readEvents(keys, CHECK_AGE, CHECK_AGE))
    await attempt('read', (client) => client.readAfter(events, deleted))
    const ids = read.map(({ id }) => id)
    await attempt('write', (client) => client.dropEvents(events, deleted, ids))
    await attempt('read', (client) => client.zRangeWithScores(deliveries, 0, -1))
    await attempt('read', (client) => client.hmGet(endings, ENDING_FIELDS))
    await attempt('end streams', (client) => client.noteEnding(endings, '1', '1', CHECK_AGE))
    // A script that Redis does not know yet is sent by EVAL or EVAL_RO, and called by its name from then on.
    await attempt('run scripts', (client) => client.eval('return 1', { keys: [events] }))
    await attempt('run scripts', (client) => client.evalRo('return 1', { keys: [events] }))
    // The script that appends ignores a refusal of this one.
    await attempt('publish', (client) => client.sPublish(events, ''))
    await attempt('subscribe', (client) => client.sSubscribe(events, listener))
    await attempt('unsubscribe', (client) => client.sUnsubscribe(events, listener))
  }

  /**
   * Takes as long as it takes: a caller that stops waiting ends the subscription later.
   *
   * @returns how to end it, for this listener alone: the channel may have another one by then.
   */
  async subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    const line = await this.#usable()
    await line.client.sSubscribe(channel, listener)
    return async () => {
      // A line that was let go of took its subscriptions with it.
      if (line === this.#line) await line.client.sUnsubscribe(channel, listener)
    }
  }

  /** Waits for a subscription as long as for a command, and no longer. */
  async subscribed(channel: string, subscription: Promise<void>): Promise<void> {
    const line = this.#isUsable() ? this.#line : undefined
    try {
      await inTime(subscription)
    } catch (error) {
      throw this.#failure('subscribe', channel, error, line)
    }
  }

  /** Waits for the commands that were sent. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#nextAttempt)
    this.#settle()
    const { client } = this.#line
    if (this.#isUsable()) await inTime(client.close()).catch(() => client.destroy())
    else client.destroy()
  }

  #open(): Line {
    const { addresses, options } = this.#settings
    const line: Line = {
      ...(this.#isCluster
        ? { isCluster: true, client: createMany(addresses, options) }
        : { isCluster: false, client: createOne(addresses[0], options) }),
      wasReady: false,
      isExamined: false,
      isLetGo: false,
    }
    // An error without a listener would end the process.
    line.client.on('error', (error: unknown) => this.#failed(line, error))
    if (line.isCluster) this.#listenToNodes(line, line.client)
    else line.client.on('ready', () => void this.#examine(line))
    void this.#connect(line)
    return line
  }

  #listenToNodes(line: Line, cluster: Cluster): void {
    const nameOf = ({ host, port }: { host: string; port: number }) => `${host}:${port}`
    cluster.on('node-error', (error: unknown, node) => {
      // A discovery that was under way when the client was destroyed may still open connections.
      if (line.isLetGo || this.#isClosed) cluster.destroy()
      else this.#nodeTroubles.set(nameOf(node), error)
    })
    cluster.on('node-disconnect', (node) => this.#nodeTroubles.delete(nameOf(node)))
    cluster.on('node-ready', (node) => {
      if (line.isLetGo || this.#isClosed) return cluster.destroy()
      this.#nodeTroubles.delete(nameOf(node))
      if (line.isExamined) this.#settings.onReady(false)
    })
  }

  async #connect(line: Line): Promise<void> {
    try {
      // A single client tries again by itself. A cluster gives up when no node answers, and waits when one of them is silent.
      await (line.isCluster ? inTime<unknown>(line.client.connect(), CLUSTER_TIMEOUT) : line.client.connect())
      if (line.isCluster) await this.#examine(line)
    } catch (error) {
      this.#failed(line, error)
      this.#letGo(line)
    }
  }

  /** Finds out what is at the other end before it is used. */
  async #examine(line: Line): Promise<void> {
    line.wasReady = true
    try {
      if (!line.isCluster && (await isNodeOfCluster(line.client))) this.#turnToCluster(line)
      else await this.#check(line)
    } catch (error) {
      // Anything else is met again by the command that needs it.
      if (error instanceof NoAnswerError) this.#letGo(line, error)
    }
    if (line.isLetGo || this.#isClosed || !line.client.isReady) return
    const isNew = !line.isExamined
    line.isExamined = true
    this.#trouble = null
    this.#letGoes = 0
    this.#settle()
    this.#settings.onReady(isNew)
  }

  #failed(line: Line, error: unknown): void {
    if (line.isLetGo || this.#isClosed) return
    if (isMoved(error)) {
      this.#turnToCluster(line)
      return
    }
    // "Offline" and the like say less than the error before them.
    if (this.#trouble === null || !isOffline(error)) this.#trouble = line.wasReady ? error : explained(error)
    this.#settle()
  }

  /** Only one address was given, and a node of a cluster is there. */
  #turnToCluster(line: Line): void {
    if (line.isLetGo || line.isCluster || this.#isClosed) return
    this.#isCluster = true
    line.isLetGo = true
    line.client.destroy()
    this.#line = this.#open()
  }

  /** Closes the connection, and looks for the next one: at once, and later each time that it is no better. */
  #letGo(line: Line, reason: unknown = this.#trouble): void {
    if (line.isLetGo || this.#isClosed) return
    line.isLetGo = true
    this.#trouble = reason
    line.client.destroy()
    const delay = this.#letGoes === 0 ? 0 : reconnectDelay(this.#letGoes)
    this.#letGoes++
    this.#nextAttempt = setTimeout(() => {
      this.#line = this.#open()
    }, delay)
    this.#settle()
  }

  /**
   * Closes the connections to the node that a key belongs to. Its clients try to reach it again, and while they can't, they
   * ask the other nodes who took its place.
   */
  async #letGoOfNode(cluster: Cluster, key: string): Promise<void> {
    // Without an answer by then, it is being connected to already.
    const client = await inTime(cluster.getNodeClientForKey(key), 100).catch(() => null)
    const node = [...cluster.nodeByAddress.values()].find((candidate) => candidate.client === client)
    const subscriber = node && 'pubSub' in node ? node.pubSub?.client : undefined
    for (const connection of [client, subscriber]) {
      if (!connection?.isReady) continue
      connection.destroy()
      void connection.connect().catch(() => {})
    }
  }

  #isUsable(): boolean {
    return this.#line.isExamined && this.#line.client.isReady
  }

  /** The line, or else the reason why there is none. */
  async #usable(): Promise<Line> {
    if (!this.#isUsable() && this.#trouble === null && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    if (this.#isClosed) throw new Error('the store is closed')
    if (!this.#isUsable()) throw this.#trouble
    return this.#line
  }

  /** Wakes those who wait for the first attempt to connect. */
  #settle(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** @param through - a line that is still being examined. */
  async #do<T>(task: string, key: string, command: (client: Line['client']) => Promise<T>, through?: Line): Promise<T> {
    let line = through
    try {
      line ??= await inTime(this.#usable())
      return await inTime(command(line.client))
    } catch (error) {
      throw this.#failure(task, key, error, line)
    }
  }

  /** @param line - the one that the error came from, unless there was none to use. */
  #failure(task: string, key: string, error: unknown, line: Line | undefined): StoreUnavailableError {
    if (line && isMoved(error)) this.#turnToCluster(line)
    if (line && letsGo(error)) {
      if (line.isCluster) void this.#letGoOfNode(line.client, key)
      else this.#letGo(line, error)
    }
    const known = [...this.#nodeTroubles.values()].at(-1) ?? this.#trouble
    const cause = isOffline(error) || error instanceof NoAnswerError ? (known ?? error) : this.#inWords(error)
    return new StoreUnavailableError(`redisStore: can't ${task}: ${reasonOf(cause)}`, { cause })
  }

  #inWords(error: unknown): unknown {
    if (!(error instanceof Error) || !error.message.includes(OLDER_LAYOUT)) return withCommand(error)
    const { keyPrefix } = this.#settings
    return new Error(
      `an earlier version has left keys with the prefix "${keyPrefix}": delete them, wait until they have expired (24 h unless maxAge was longer), or set another keyPrefix`,
      { cause: error },
    )
  }
}

/** Whether the client has only said that it has no connection, and not why. */
function isOffline(error: unknown): boolean {
  return OFFLINE.some((kind) => error instanceof kind)
}

/** Neither end says that the other one expects TLS, or does not: one hangs up, or both wait. */
function explained(error: unknown): unknown {
  const reason =
    error instanceof SocketClosedUnexpectedlyError
      ? 'the connection was closed before it could be used'
      : error instanceof ConnectionTimeoutError && `no connection within ${CONNECT_TIMEOUT} ms`
  return reason ? new Error(`${reason} (TLS is for rediss:// and not for redis://)`, { cause: error }) : error
}

/** Names the command that is missing in the ACL, where Redis does not. */
function withCommand(error: unknown): unknown {
  const command = error instanceof Error && refusedCommand(error.message)
  return command ? new Error(`NOPERM no permissions to run the '${command}' command`, { cause: error }) : error
}

/** Where this is not allowed, or not known, the first key of another node tells. */
async function isNodeOfCluster(client: Client): Promise<boolean> {
  try {
    return `${await inTime(client.sendCommand(['CLUSTER', 'INFO']))}`.includes('cluster_state:')
  } catch (error) {
    if (error instanceof NoAnswerError) throw error
    return false
  }
}

/** A command that was sent waits for its answer however long that takes; this does not. */
async function inTime<T>(command: Promise<T>, limit = COMMAND_TIMEOUT): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswerError(`no answer within ${limit} ms`)), limit)
  })
  try {
    return await Promise.race([command, late])
  } finally {
    clearTimeout(timer)
  }
}

function reconnectDelay(retries: number): number {
  return Math.random() * Math.min(MAX_RECONNECT_DELAY, 50 * 2 ** Math.min(retries, 10))
}

function createOne(address: RedisAddress, options: RedisConnectionOptions) {
  const { host, port, database } = address
  const { socket, ...connection } = connectionOptions(address, options)
  return createClient({
    ...connection,
    socket: { ...socket, host, port },
    ...(database !== undefined && { database }),
    scripts,
  })
}

function createMany(addresses: RedisConnectionSettings['addresses'], options: RedisConnectionOptions) {
  return createCluster({
    rootNodes: addresses.map(({ host, port }) => ({ socket: { host, port } })),
    // What the first address says of user and encryption holds for every node that the cluster tells of.
    defaults: connectionOptions(addresses[0], options),
    topologyRefreshOnReconnectionAttemptStrategy: CLUSTER_REFRESH_AFTER,
    scripts,
  })
}

function connectionOptions({ username, password, tls }: RedisAddress, options: RedisConnectionOptions) {
  const socket = { connectTimeout: CONNECT_TIMEOUT, reconnectStrategy: reconnectDelay, ...options.socket }
  return {
    // What can't be stored now is refused now: the provider delivers again.
    disableOfflineQueue: true,
    ...options,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    socket: tls ? { ...socket, tls: true as const } : socket,
  }
}
