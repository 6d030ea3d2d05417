import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type RedisStoreOptions, redisStore } from '../../../src/relay/stores/redis/redis.ts'
import { isMoved, letsGo, NoAnswerError } from '../../../src/relay/stores/redis/trouble.ts'
import { type EventStore, type StoredEvent, StoreUnavailableError } from '../../../src/relay/stores/store.ts'
import { reasonOf } from '../../../src/relay/telemetry/reason.ts'
import { type Stream, serve, tokens, USER } from '../serve.ts'
import { describeWithRedis, RedisServer, startCluster, TcpProxy } from './redis-server.ts'

const open = new Set<EventStore>()

function newStore(urls: string | readonly string[], options: RedisStoreOptions = {}): EventStore {
  const store = redisStore(urls, options)
  open.add(store)
  return store
}

async function readyStore(urls: string | readonly string[], options: RedisStoreOptions = {}): Promise<EventStore> {
  const store = newStore(urls, options)
  await vi.waitFor(() => store.checkWritable?.(), { timeout: 10_000 })
  return store
}

afterEach(async () => {
  for (const store of open) await store.close()
  open.clear()
})

async function startServer(...settings: string[]): Promise<RedisServer> {
  const server = await RedisServer.start(settings)
  onTestFinished(() => server.end())
  return server
}

async function proxyTo(port: number) {
  const proxy = new TcpProxy(port)
  onTestFinished(() => proxy.close())
  return { proxy, url: await proxy.listen() }
}

async function append(store: EventStore, externalUserId: string): Promise<StoredEvent> {
  const stored = await store.append({ externalUserId, frame: 'kyc-file', data: '{}' })
  if (!stored) throw new Error('taken for a repeat')
  return stored
}

/** Tries until it is taken. What was refused was not stored. */
const appendSoon = (store: EventStore, user: string, timeout = 10_000) =>
  vi.waitFor(() => append(store, user), { timeout, interval: 100 })

async function errorOf(promise: Promise<unknown> | undefined): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('it did not reject')
}

const documentation = (page: string) => readFileSync(new URL(`../../../stories/${page}.mdx`, import.meta.url), 'utf8')

async function follow(store: EventStore, externalUserId: string) {
  const heard: string[] = []
  store.listen((told) => told.externalUserId === externalUserId && heard.push(told.id))
  store.watch?.(externalUserId)
  await store.since(externalUserId, null)
  return {
    user: externalUserId,
    hears: (ids: string[]) => vi.waitFor(() => expect(heard).toEqual(ids), { timeout: 5000 }),
    hearsOf: (id: string) => vi.waitFor(() => expect(heard).toContain(id), { timeout: 5000 }),
  }
}

/** So many that it takes most of a minute until the relay looks by itself at whoever is watched next. */
function watchOthers(store: EventStore): void {
  for (let i = 0; i < 600; i++) store.watch?.(`other-${i}`)
}

const channelsOf = async (server: RedisServer, pattern = '*') =>
  (await server.cli('PUBSUB', 'SHARDCHANNELS', pattern)) as string[]

describe('a reply of Redis', () => {
  it.each([
    "READONLY You can't write against a read only replica.",
    'LOADING Redis is loading the dataset in memory',
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'CLUSTERDOWN The cluster is down',
    'CLUSTERDOWN Hash slot not served',
  ])('lets its node go: %s', (message) => {
    expect(letsGo(new Error(message))).toBe(true)
  })

  it.each([
    'WRONGPASS invalid username-password pair or user is disabled.',
    "NOPERM User relay has no permissions to run the 'evalsha' command",
    "OOM command not allowed when used memory > 'maxmemory'.",
    'MISCONF Redis is configured to save RDB snapshots',
    'MOVED 3999 127.0.0.1:6381',
    'connect ECONNREFUSED 127.0.0.1:6379',
    'ReadOnly',
  ])('keeps its node: %s', (message) => {
    expect(letsGo(new Error(message))).toBe(false)
  })

  it('that never comes lets the node go, and one that names another node tells of a cluster', () => {
    expect(letsGo(new NoAnswerError('no answer'))).toBe(true)
    expect(isMoved(new Error('MOVED 3999 127.0.0.1:6381'))).toBe(true)
    expect(letsGo('READONLY')).toBe(false)
  })

  it('is told of each address of a host', () => {
    const errors = [new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')]
    expect(reasonOf(new AggregateError(errors))).toBe('connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1')
  })
})

describeWithRedis('a node that can not serve any more, at an address that stays', () => {
  it('has handed over to its replica: the relay finds that one, and its streams hear again', async () => {
    const [master, replica] = [await startServer(), await startServer()]
    await replica.cli('REPLICAOF', '127.0.0.1', `${master.port}`)
    await vi.waitFor(async () => expect(`${await replica.cli('INFO', 'replication')}`).toContain('link_status:up'), {
      timeout: 20_000,
    })
    const { proxy, url } = await proxyTo(master.port)
    const store = await readyStore(url)
    const { hears } = await follow(store, 'a')
    const before = await append(store, 'a')
    await vi.waitFor(async () => expect(`${await replica.cli('XLEN', 'kyc-upload-status:{a}:history')}`).toBe('1'))

    await master.cli('FAILOVER', 'TIMEOUT', '20000')
    await vi.waitFor(async () => expect(`${await replica.cli('ROLE')}`).toMatch(/^master/), { timeout: 20_000 })
    proxy.leadTo(replica.port)
    await expect(store.append({ externalUserId: 'a', frame: 'kyc-file', data: '{}' })).rejects.toThrow(/READONLY/)
    const after = await appendSoon(store, 'a')
    await vi.waitFor(async () => expect(await channelsOf(replica)).toContain('kyc-upload-status:{a}:history'))
    const other = await append(await readyStore(replica.url), 'a')
    await hears([before.id, after.id, other.id])
  })

  it('has handed over, and no webhook comes here: being asked whether the relay is ready is enough', async () => {
    const [old, next] = [await startServer(), await startServer()]
    const { proxy, url } = await proxyTo(old.port)
    const store = await readyStore(url)
    const { hears } = await follow(store, 'a')
    await old.cli('REPLICAOF', '127.0.0.1', '1')
    await expect(store.checkWritable?.()).rejects.toThrow(/READONLY/)
    // The address leads to the old node for a while.
    await vi.waitFor(() => expect(store.checkWritable?.()).rejects.toThrow(/READONLY/))
    proxy.leadTo(next.port)
    // Nobody asks: it looks by itself.
    await vi.waitFor(async () => expect(await channelsOf(next)).toHaveLength(1), { timeout: 10_000 })
    const { id } = await append(await readyStore(next.url), 'a')
    await hears([id])
  })

  it('has lost its master and does not serve what is old: the relay finds the next one', async () => {
    const [stale, next] = [await startServer('--replica-serve-stale-data', 'no'), await startServer()]
    const { proxy, url } = await proxyTo(stale.port)
    const store = await readyStore(url)
    await stale.cli('REPLICAOF', '127.0.0.1', '1')
    proxy.leadTo(next.port)
    await expect(append(store, 'a')).rejects.toThrow(/MASTERDOWN/)
    expect(await appendSoon(store, 'a')).toBeTruthy()
    expect(await next.cli('XLEN', 'kyc-upload-status:{a}:history')).toBe(1)
  })

  it('is still loading: the relay finds the next one', async () => {
    const [loading, next] = [await startServer('--appendonly', 'no', '--rdbcompression', 'no'), await startServer()]
    await loading.cli('EVAL', "for i = 1, 100 do redis.call('SET', i, string.rep('x', 2000)) end", '0')
    await loading.cli('SAVE')
    await loading.stop()
    await loading.start(['--key-load-delay', '200000', '--loading-process-events-interval-bytes', '1024'])
    const { proxy, url } = await proxyTo(loading.port)
    const store = newStore(url)
    await expect(store.checkWritable?.()).rejects.toThrow(/LOADING/)
    proxy.leadTo(next.port)
    await appendSoon(store, 'a')
    expect(await next.cli('XLEN', 'kyc-upload-status:{a}:history')).toBe(1)
  })
})

describeWithRedis('a cluster', () => {
  const users = Array.from({ length: 12 }, (_, i) => `user-${i}`)

  it('that is named by one address is used as one: every user is stored, read and heard', async () => {
    const cluster = await startCluster()
    onTestFinished(() => cluster.end())
    const [one, other] = [await readyStore(cluster.urls[0] ?? ''), await readyStore(cluster.urls[1] ?? '')]
    const many = Array.from({ length: 60 }, (_, i) => `user-${i}`)
    const heard = new Map<string, string>()
    other.listen(({ externalUserId, id }) => heard.set(externalUserId, id))
    for (const user of many) other.watch?.(user)
    await Promise.all(many.map((user) => other.since(user, null)))
    const stored = await Promise.all(many.map((user) => append(one, user)))
    await vi.waitFor(() => expect(many.map((user) => heard.get(user))).toEqual(stored.map(({ id }) => id)))
  })

  it('that is named by one address, and may not be asked what it is: is found out by the first user elsewhere', async () => {
    const cluster = await startCluster()
    onTestFinished(() => cluster.end())
    for (const node of cluster.nodes) {
      const rights = ['~*', '&*', '+@all', '-cluster|info']
      await node.cli('ACL', 'SETUSER', 'relay', 'on', '>pass', ...rights)
    }
    const store = newStore(`redis://relay:pass@127.0.0.1:${cluster.nodes[0]?.port}`)
    for (let i = 0; i < 20; i++) expect(await appendSoon(store, `user-${i}`)).toBeTruthy()
  })

  it('that has lost a node says so, and is used again, and heard by its streams, once the node is back', async () => {
    const cluster = await startCluster()
    onTestFinished(() => cluster.end())
    const store = await readyStore(cluster.urls)
    const followed = await Promise.all(users.map((user) => follow(store, user)))
    await cluster.nodes[1]?.stop()
    await vi.waitFor(
      async () => {
        for (const user of users) await expect(append(store, user)).rejects.toThrow(/CLUSTERDOWN|ECONNREFUSED/)
      },
      { timeout: 20_000, interval: 200 },
    )
    await cluster.nodes[1]?.start()
    for (const { user, hearsOf } of followed) await hearsOf((await appendSoon(store, user, 20_000)).id)
  })

  it('has a connection that has died in silence: another one is made to that node', async () => {
    const cluster = await startCluster()
    onTestFinished(() => cluster.end())
    const { proxy, url } = await proxyTo(cluster.nodes[0]?.port ?? 0)
    const announced = new URL(url).port
    await cluster.nodes[0]?.cli('CONFIG', 'SET', 'cluster-announce-port', announced)
    for (const node of cluster.nodes) {
      await vi.waitFor(async () => expect(`${await node.cli('CLUSTER', 'NODES')}`).toContain(`:${announced}@`), {
        timeout: 20_000,
      })
    }
    const store = await readyStore(cluster.urls)
    const followed = await Promise.all(users.map((user) => follow(store, user)))
    proxy.hold()
    const stored = await Promise.all(users.map((user) => appendSoon(store, user, 30_000)))
    const other = await readyStore(cluster.urls)
    for (const [i, { user, hearsOf }] of followed.entries()) {
      await hearsOf(stored[i]?.id ?? '')
      await hearsOf((await append(other, user)).id)
    }
  })
})

describeWithRedis('readiness', () => {
  it.each([
    ['xrange', "can't write"],
    ['xinfo', "can't read"],
    ['evalsha', "can't read"],
    ['evalsha_ro', "can't read"],
    ['eval', "can't run scripts"],
    ['eval_ro', "can't run scripts"],
    ['xadd', "can't read"],
    ['exists', "can't read"],
    ['xlen', "can't write"],
    ['xdel', "can't read"],
    ['zadd', "can't write"],
    ['zscore', "can't write"],
    ['zrange', "can't read"],
    ['hmget', "can't read"],
    ['hset', "can't end streams"],
    ['pttl', "can't end streams"],
    ['pexpire', "can't"],
    ['spublish', "can't publish"],
    ['ssubscribe', "can't subscribe"],
    ['sunsubscribe', "can't unsubscribe"],
  ])('says that %s is not allowed, which %s has to be told', async (command, task) => {
    const server = await startServer()
    await server.cli('ACL', 'SETUSER', 'relay', 'on', '>pass', '~*', '&*', '+@all', `-${command}`)
    // The scripts are there, as after a day of work.
    await (await readyStore(server.url)).close()
    const store = newStore(`redis://relay:pass@127.0.0.1:${server.port}`)
    const error = await errorOf(store.checkWritable?.())
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(error.message).toContain(task)
    expect(error.message).toMatch(new RegExp(`NOPERM.*'${command}'`))
    await server.cli('ACL', 'SETUSER', 'relay', '+@all')
    await vi.waitFor(() => store.checkWritable?.(), { timeout: 5000 })
  })

  it('does with the rights that the documentation names, on keys and channels of its own', async () => {
    const server = await startServer()
    const rights = /ACL SETUSER relay on (.*)/.exec(documentation('operations'))?.[1]?.split(' ') ?? []
    await server.cli('ACL', 'SETUSER', 'relay', 'on', ...rights.map((right) => right.replace('>…', '>pass')))
    const store = await readyStore(`redis://relay:pass@127.0.0.1:${server.port}`)
    const { hearsOf } = await follow(store, 'a')
    await hearsOf((await append(store, 'a')).id)
    await store.signOut?.('a', { at: Date.now(), until: Date.now() + 60_000 })
    expect(await store.kept?.('a')).toMatchObject({ events: [{ data: '{}' }] })
    await store.forget('a')
  })

  it('leaves nothing behind, and costs a user nothing', async () => {
    const server = await startServer()
    const store = await readyStore(server.url)
    await Promise.all([store.checkWritable?.(), store.checkWritable?.()])
    await vi.waitFor(async () => expect(await server.cli('DBSIZE')).toBe(0), { timeout: 5000 })
    expect(await channelsOf(server)).toEqual([])
  })
})

describeWithRedis('a relay that was cut off from Redis', () => {
  /** A relay with a stream, whose connections go through a proxy, and one whose don't. */
  async function startTwo() {
    const server = await startServer()
    const { proxy, url } = await proxyTo(server.port)
    const store = newStore(url)
    const [far, near] = [await serve({ store }), await serve({ store: newStore(server.url) })]
    watchOthers(store)
    for (const { url: address } of [far, near]) {
      await vi.waitFor(async () => expect((await fetch(`${address}/readyz`)).status).toBe(200), { timeout: 10_000 })
    }
    const authorization = `Bearer ${await tokens.issue(USER)}`
    const stream = await far.open(USER, { authorization })
    await stream.untilSync()
    return { server, proxy, far, near, stream, authorization }
  }

  /** As soon as there is a connection again, for which it waits 2 s at most. */
  async function endsSoon(stream: Stream): Promise<void> {
    const began = performance.now()
    await stream.ended
    expect(performance.now() - began).toBeLessThan(10_000)
  }

  it('ends the streams of a user who logged out meanwhile as soon as it is back, and refuses the token', async () => {
    const { proxy, far, near, stream, authorization } = await startTwo()
    proxy.down()
    await near.relay.disconnect(USER)
    const cutOff = await far.open(USER, { authorization })
    expect(await cutOff.ended).toEqual([])
    await expect(far.relay.disconnect('other')).rejects.toMatchObject({ code: 'store_unavailable' })
    proxy.up()
    await endsSoon(stream)
    await vi.waitFor(async () => expect((await far.open(USER, { authorization })).status).toBe(401), {
      timeout: 10_000,
    })
    expect((await near.open(USER, { authorization })).status).toBe(401)
    await (await far.open(USER)).untilSync()
  })

  it('ends the streams of a user who was erased meanwhile as soon as it is back', async () => {
    const { proxy, near, stream } = await startTwo()
    proxy.down()
    await near.relay.forget(USER)
    proxy.up()
    await endsSoon(stream)
  })

  it('has its streams ended within 2 s while it is not cut off, and nothing with a name is left', async () => {
    const { server, near, stream } = await startTwo()
    await near.webhook({ externalUserId: USER, status: 'ADDED' })
    await stream.next()
    const asked = performance.now()
    await near.relay.disconnect(USER)
    await stream.ended
    expect(performance.now() - asked).toBeLessThan(2000)
    await near.relay.forget(USER)
    // Those of the checks expire.
    const keys = ((await server.cli('KEYS', '*')) as string[]).filter((key) => !key.includes('?'))
    expect(keys).toEqual([expect.stringMatching(/^kyc-upload-status:ended:[0-9a-f]{8}$/)])
    expect(await server.cli('PTTL', keys[0] ?? '')).toBeGreaterThan(86_400_000 - 60_000)
  })
})

describeWithRedis('why Redis can not be used', () => {
  const REASONS: [why: string, url: (server: RedisServer) => string, reason: RegExp][] = [
    ['a wrong password', ({ port }) => `redis://relay:s3cret-word@127.0.0.1:${port}`, /WRONGPASS/],
    ['no password', ({ port }) => `redis://127.0.0.1:${port}`, /NOAUTH|WRONGPASS/],
    ['nobody listens', () => 'redis://relay:s3cret-word@127.0.0.1:1', /ECONNREFUSED/],
    ['nobody listens at a name', () => 'redis://relay:s3cret-word@localhost:1', /ECONNREFUSED/],
    ['an unknown host', () => 'redis://relay:s3cret-word@redis.invalid', /(ENOTFOUND|EAI_AGAIN).*redis\.invalid/],
    ['TLS where there is none', ({ port }) => `rediss://relay:s3cret-word@127.0.0.1:${port}`, /TLS|SSL/],
  ]

  it.each(REASONS)('is in the message, the cause and the log, without the password: %s', async (_, urlOf, reason) => {
    const server = await startServer()
    await server.cli('ACL', 'SETUSER', 'relay', 'on', '>another word', '~*', '&*', '+@all')
    await server.cli('ACL', 'SETUSER', 'default', 'off')
    const url = urlOf(server)
    for (const urls of [url, [url, url]]) {
      const lines: unknown[] = []
      const log = (fields: object) => lines.push(fields)
      const logger = { debug: () => {}, info: () => {}, warn: log, error: log }
      const relay = await serve({ store: newStore(urls), logger })
      // The first one too, which comes before there is a connection.
      for (let i = 0; i < 3; i++)
        expect((await relay.webhook({ externalUserId: USER, status: 'ADDED' })).status).toBe(503)
      expect((await fetch(`${relay.url}/readyz`)).status).toBe(503)
      expect(lines.length).toBeGreaterThan(3)
      for (const line of lines as { err?: Error }[]) {
        if (!line.err) continue
        expect(line.err.message).toMatch(reason)
        expect(reasonOf(line.err.cause)).toMatch(reason)
      }
      const printed = inspect(lines, { depth: 20, showHidden: true })
      expect(printed).not.toMatch(/s3cret|another word|The client is offline/)
    }
  })

  it('is that the server wants TLS, as far as one can see that without', async () => {
    const hangingUp = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    onTestFinished(() => void hangingUp.close())
    await once(hangingUp, 'listening')
    const store = newStore(`redis://127.0.0.1:${(hangingUp.address() as AddressInfo).port}`)
    await expect(store.checkWritable?.()).rejects.toThrow(/TLS is for rediss|ECONNRESET/)
  })

  it('is what went wrong last, while the relay runs', async () => {
    const server = await startServer()
    const store = await readyStore(server.url)
    await server.stop()
    await vi.waitFor(() => expect(store.checkWritable?.()).rejects.toThrow(/ECONNREFUSED/))
  })
})
