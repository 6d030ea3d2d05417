import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { createClient, createCluster } from 'redis'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { isAfter, parseEventId } from '../../../src/protocol/event-id.ts'
import { type RedisStoreOptions, redisStore } from '../../../src/relay/stores/redis/redis.ts'
import type { EventStore, StoredEvent } from '../../../src/relay/stores/store.ts'
import { userKey } from '../../../src/relay/stores/user-key.ts'
import { serve, USER } from '../serve.ts'
import { describeWithRedis, RedisServer, startCluster, TcpProxy } from './redis-server.ts'
import { anyWebhook, decisionsOf, eventOf } from './steps.ts'

const open = new Set<EventStore>()
let prefixes = 0
/** Each test has keys of its own. */
const newPrefix = () => `test-${prefixes++}:`

async function openStore(urls: string | readonly string[], options: RedisStoreOptions = {}): Promise<EventStore> {
  const store = redisStore(urls, { keyPrefix: newPrefix(), ...options })
  open.add(store)
  await vi.waitFor(() => store.checkWritable?.(), { timeout: 10_000 })
  return store
}

afterEach(async () => {
  for (const store of open) await store.close()
  open.clear()
})

const event = (externalUserId: string, data = '{}') => ({ externalUserId, frame: 'kyc-file', data })
const ids = (events: readonly StoredEvent[]) => events.map(({ id }) => id)

async function append(store: EventStore, externalUserId: string, data?: string): Promise<StoredEvent> {
  const stored = await store.append(event(externalUserId, data))
  if (!stored) throw new Error('taken for a repeat')
  return stored
}

/** Stores `frame status` of a user, one after the other, received now. */
async function hear(store: EventStore, externalUserId: string, ...words: string[]): Promise<StoredEvent[]> {
  const events: StoredEvent[] = []
  for (const word of words) {
    const [frame = '', status = ''] = word.split(' ')
    const stored = await store.append(eventOf(externalUserId, { frame, status, receivedAt: Date.now() }))
    if (stored) events.push(stored)
  }
  return events
}

/** What is too much is deleted once the webhook was answered. */
async function keeps(store: EventStore, user: string, events: readonly (StoredEvent | undefined)[]): Promise<void> {
  await vi.waitFor(async () => expect((await store.kept?.(user))?.events).toEqual(events), { timeout: 5000 })
}

function errorOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** Follows a user as the relay does: it listens, watches, and reads then. */
async function follow(store: EventStore, externalUserId: string) {
  const heard: StoredEvent[] = []
  store.listen((told) => told.externalUserId === externalUserId && heard.push(told))
  store.watch?.(externalUserId)
  const replay = await store.since(externalUserId, null)
  return {
    heard,
    replay,
    hears: (expected: StoredEvent[]) => vi.waitFor(() => expect(ids(heard)).toEqual(ids(expected)), { timeout: 5000 }),
  }
}

describeWithRedis.each(['one Redis', 'a cluster of three'])('the Redis store, on %s', (kind) => {
  let urls: string | readonly string[]
  let end: () => Promise<void>

  beforeAll(async () => {
    if (kind === 'one Redis') {
      const server = await RedisServer.start()
      urls = server.url
      end = () => server.end()
    } else {
      const cluster = await startCluster()
      urls = cluster.urls
      end = cluster.end
    }
  }, 60_000)
  afterAll(() => end())

  it('gives each event an id, and a user its latest event', async () => {
    const store = await openStore(urls)
    const first = await append(store, 'a', '{"n":1}')
    const second = await append(store, 'a', '{"n":2}')
    expect(parseEventId(first.id)).not.toBeNull()
    expect(isAfter(second.id, first.id)).toBe(true)
    expect(await store.since('a', null)).toMatchObject({ events: [second], cursor: second.id, complete: true })
  })

  it('replays what came after a cursor, in order, and keeps users apart', async () => {
    const store = await openStore(urls)
    const users = Array.from({ length: 20 }, (_, i) => `user ${i} {x}`)
    for (const user of users) {
      const [first, second, third] = [await append(store, user), await append(store, user), await append(store, user)]
      expect(await store.since(user, first.id)).toMatchObject({ events: [second, third], complete: true })
    }
    expect((await store.since('nobody', null)).events).toEqual([])
  })

  it('gives a user without events a cursor that loses nothing, from any relay', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const { cursor } = await one.since('a', null)
    expect(await other.since('a', cursor)).toMatchObject({ events: [], cursor, complete: true })
    const stored = await append(other, 'a')
    expect(isAfter(stored.id, cursor)).toBe(true)
    expect(await one.since('a', cursor)).toMatchObject({ events: [stored], cursor: stored.id, complete: true })
  })

  it('does not know the cursors of another store', async () => {
    const [one, other] = [await openStore(urls), await openStore(urls)]
    const { cursor } = await one.since('a', null)
    const stored = await append(other, 'a')
    expect(await other.since('a', cursor)).toMatchObject({ events: [stored], cursor: stored.id, complete: false })
  })

  it('keeps the latest events of a user, and says when it has dropped some', async () => {
    const store = await openStore(urls, { maxEvents: 2 })
    const { cursor } = await store.since('a', null)
    const stored = [await append(store, 'a'), await append(store, 'a')]
    expect(await store.since('a', cursor)).toMatchObject({ events: stored, complete: true })
    stored.push(await append(store, 'a'))
    expect(await store.since('a', cursor)).toMatchObject({ events: [stored[2]], complete: false })
    expect(await store.since('a', stored[0]?.id ?? '')).toMatchObject({ events: stored.slice(1), complete: true })
  })

  it('forgets events after their time, and the delivery with them', async () => {
    const store = await openStore(urls, { maxAge: 300, keepLatest: 300 })
    const stored = await store.append(event('a'), 'delivery')
    expect(await store.append(event('a'), 'delivery')).toBeNull()
    await vi.waitFor(async () => expect((await store.since('a', null)).events).toEqual([]), { timeout: 5000 })
    expect(await store.since('a', stored?.id ?? '')).toMatchObject({ events: [], complete: false })
    await vi.waitFor(async () => expect(await store.append(event('a'), 'delivery')).not.toBeNull(), { timeout: 5000 })
  })

  it('stores a delivery once, whichever relay it comes to', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const answers = await Promise.all([one, other, one, other].map((store) => store.append(event('a'), 'delivery')))
    expect(answers.filter((stored) => stored !== null)).toHaveLength(1)
    expect(await other.append(event('a'), 'another')).not.toBeNull()
  })

  it('takes one name for two users, or for two webhooks of a user, for two deliveries', async () => {
    const store = await openStore(urls)
    const webhooks = [event('a'), event('b'), { ...event('a'), frame: 'user-status' }]
    const stored = await Promise.all(webhooks.map((webhook) => store.append(webhook, 'x')))
    expect(stored).toEqual(webhooks.map((webhook) => expect.objectContaining(webhook)))
    for (const webhook of webhooks) expect(await store.append(webhook, 'x')).toBeNull()
    expect((await store.since('a', stored[0]?.id ?? '')).events).toEqual([stored[2]])
    expect((await store.since('b', null)).events).toEqual([stored[1]])
  })

  it('forgets the deliveries of a user who is forgotten, and of nobody else', async () => {
    const store = await openStore(urls)
    for (const user of ['a', 'b']) await store.append(event(user), 'x')
    await store.forget('a')
    expect(await store.append(event('a'), 'x')).not.toBeNull()
    expect(await store.append(event('b'), 'x')).toBeNull()
  })

  it('erases a user who is to be forgotten, and nobody else', async () => {
    const store = await openStore(urls)
    await store.append(event('a'), 'delivery')
    const other = await append(store, 'b')
    await store.forget('a')
    expect((await store.since('a', null)).events).toEqual([])
    expect((await store.since('b', null)).events).toEqual([other])
    expect(await store.append(event('a'), 'delivery')).not.toBeNull()
  })

  it('takes no cursor from before an erasure, and every one from after it', async () => {
    const store = await openStore(urls)
    const { cursor: none } = await store.since('a', null)
    const { id } = await append(store, 'a')
    // Not in the same millisecond.
    await new Promise((resolve) => setTimeout(resolve, 5))
    await store.forget('a')
    expect(await store.since('a', none)).toMatchObject({ events: [], complete: false })
    expect(await store.since('a', id)).toMatchObject({ events: [], complete: false })
    const { cursor } = await store.since('a', null)
    const stored = await append(store, 'a')
    expect(await store.since('a', cursor)).toMatchObject({ events: [stored], complete: true })
    expect(await store.since('a', id)).toMatchObject({ events: [stored], complete: false })
  })

  it('remembers a log-out until its time, the later one of two, whatever is erased, on each relay', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const now = Date.now()
    expect(await other.signedOutAt?.('a')).toBeNull()
    await one.signOut?.('a', { at: now, until: now + 60_000 })
    await one.signOut?.('a', { at: now - 5000, until: now + 1000 })
    await other.forget('a')
    expect(await other.signedOutAt?.('a')).toBe(now)
    expect(await other.since('a', null)).toMatchObject({ signedOutAt: now })
    expect(await other.since('b', null)).toMatchObject({ signedOutAt: null })
    await one.signOut?.('b', { at: now, until: now + 300 })
    // The erasure is remembered for longer, and the log-out is not.
    await one.forget('b')
    await vi.waitFor(async () => expect(await other.signedOutAt?.('b')).toBeNull(), { timeout: 5000 })
  })

  it('tells each relay of the log-outs and erasures of those who are watched there, once', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const heard: [string, string][] = []
    for (const [name, store] of [
      ['one', one],
      ['other', other],
    ] as const) {
      store.listenToEndings?.((user) => heard.push([name, user]))
      // So many that it takes most of a minute until the store looks by itself at whoever is watched next.
      for (let i = 0; i < 600; i++) store.watch?.(`other-${i}`)
      await follow(store, 'a')
      await follow(store, 'b')
    }
    await other.signOut?.('a', { at: Date.now(), until: Date.now() + 60_000 })
    await one.signOut?.('nobody', { at: Date.now(), until: Date.now() + 60_000 })
    await one.forget('b')
    const expected = ['a', 'b'].flatMap((user) => ['one', 'other'].map((name) => [name, user]))
    await vi.waitFor(
      () =>
        expect(heard.toSorted((x, y) => `${x[1]}`.localeCompare(y[1]) || x[0].localeCompare(y[0]))).toEqual(expected),
      {
        timeout: 5000,
      },
    )
    // Who reads now is told nothing of what was before.
    await Promise.all([one.since('a', null), other.since('b', null)])
    expect(heard).toHaveLength(4)
    await one.forget('b')
    await vi.waitFor(() => expect(heard).toHaveLength(6), { timeout: 5000 })
  })

  it('finds an ending by itself of which it was not notified, and takes one that has expired for none', async () => {
    const keyPrefix = newPrefix()
    const store = await openStore(urls, { keyPrefix })
    const ended: string[] = []
    store.listenToEndings?.((user) => ended.push(user))
    await follow(store, 'a')
    const key = `${keyPrefix}ended:${userKey('a').toString(16)}`
    const client =
      typeof urls === 'string'
        ? createClient({ url: urls })
        : createCluster({ rootNodes: urls.map((url) => ({ url })) })
    await client.connect()
    await client.hSet(key, 'ended', '1')
    await vi.waitFor(() => expect(ended).toEqual(['a']), { timeout: 5000 })
    await client.del(key)
    await store.since('a', null)
    await client.hSet(key, 'ended', '2')
    await vi.waitFor(() => expect(ended).toEqual(['a', 'a']), { timeout: 5000 })
    client.destroy()
  })

  it('ends a stream that reads while its user is erased, so that none keeps what was', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const ended = new Set<string>()
    one.listenToEndings?.((user) => ended.add(user))
    const users = Array.from({ length: 100 }, (_, i) => `user-${i}`)
    await Promise.all(users.map((user) => append(other, user)))
    const found = await Promise.all(
      users.map(async (user) => {
        one.watch?.(user)
        const [{ events }] = await Promise.all([one.since(user, null), other.forget(user)])
        return events.length > 0 ? [user] : []
      }),
    )
    await vi.waitFor(() => expect(found.flat().filter((user) => !ended.has(user))).toEqual([]), { timeout: 5000 })
  })

  it('tells all that is kept of a user, and of nobody else', async () => {
    const store = await openStore(urls)
    const user = 'a {b}'
    const stored = [await store.append(event(user, '{"n":1}'), 'x'), await append(store, user, '{"n":2}')]
    await store.append(event('c'), 'y')
    expect(await store.kept?.(user)).toEqual({
      events: stored,
      deliveries: [{ frame: 'kyc-file', id: 'x', receivedAt: parseEventId(stored[0]?.id ?? '')?.ms }],
    })
    expect(await store.kept?.('nobody')).toEqual({ events: [], deliveries: [] })
    await store.forget(user)
    expect(await store.kept?.(user)).toEqual({ events: [], deliveries: [] })
  })

  it('says that events are missing which a relay has dropped that keeps fewer', async () => {
    const keyPrefix = newPrefix()
    const [few, many] = [await openStore(urls, { keyPrefix, maxEvents: 2 }), await openStore(urls, { keyPrefix })]
    for (const before of ['a cursor', 'no cursor']) {
      const user = `with ${before}`
      const { cursor } = before === 'a cursor' ? await many.since(user, null) : { cursor: '1-0' }
      const stored = [await append(few, user), await append(few, user), await append(few, user)]
      await keeps(many, user, stored.slice(1))
      expect(await many.since(user, cursor)).toMatchObject({ events: stored.slice(2), complete: false })
      expect(await many.since(user, stored[0]?.id ?? '')).toMatchObject({ events: stored.slice(1), complete: true })
      stored.push(await append(few, user))
      await keeps(many, user, stored.slice(2))
      expect(await many.since(user, stored[0]?.id ?? '')).toMatchObject({ complete: false })
      expect(await many.since(user, stored[1]?.id ?? '')).toMatchObject({ events: stored.slice(2), complete: true })
    }
  })

  it('tells a fresh page the latest event of each frame, and the decision before a late repeat, at any relay', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const { cursor } = await one.since('a', null)
    const words = ['kyc-file ERROR', 'poa WAITING', 'kyc-file ADDED', 'poa APPROVED', 'poa WAITING']
    const events = await hear(other, 'a', ...words)
    const [, , added, approved, repeat] = events
    const expected = { events: [added, approved, repeat], cursor: repeat?.id }
    for (const store of [one, other]) {
      expect(await store.since('a', null)).toMatchObject({ ...expected, complete: true })
      expect(await store.since('a', '1-7')).toMatchObject({ ...expected, complete: false })
      for (const [i, from] of [cursor, ...ids(events)].entries()) {
        expect(await store.since('a', from)).toMatchObject({ events: events.slice(i), complete: true })
      }
    }
    expect((await one.kept?.('a'))?.events).toEqual(events)
    await other.forget('a')
    expect((await one.kept?.('a'))?.events).toEqual([])
    for (const from of [null, ...ids(events)]) {
      expect(await one.since('a', from)).toMatchObject({ events: [], complete: from === null })
    }
  })

  it('keeps a decision however many late repeats come after it, and no more than it has to', async () => {
    const store = await openStore(urls)
    const [, approved] = await hear(store, 'a', 'poa WAITING', 'poa APPROVED')
    const repeats = await hear(store, 'a', ...Array.from({ length: 94 }, () => 'poa WAITING'))
    expect(await store.since('a', null)).toMatchObject({ events: [approved, repeats[93]], complete: true })
    expect((await store.since('a', repeats[61]?.id ?? '')).events).toEqual(repeats.slice(62))
    await keeps(store, 'a', [approved, ...repeats.slice(62)])
    expect(await store.since('a', approved?.id ?? '')).toMatchObject({ complete: false })
  })

  it('keeps as many events of each frame, whatever comes in another', async () => {
    const store = await openStore(urls, { maxEvents: 2 })
    const [first] = await hear(store, 'a', 'kyc-verification WAITING')
    const files = await hear(store, 'a', ...Array.from({ length: 9 }, () => 'kyc-file ADDED'))
    await keeps(store, 'a', [first, ...files.slice(7)])
    expect(await store.since('a', first?.id ?? '')).toMatchObject({ events: [first, files[8]], complete: false })
    expect(await store.since('a', files[6]?.id ?? '')).toMatchObject({ events: files.slice(7), complete: true })
  })

  it('takes no cursor that it never gave out to the user', async () => {
    const store = await openStore(urls)
    const { cursor } = await store.since('a', null)
    const ms = parseEventId(cursor)?.ms ?? 0
    const first = await append(store, 'a')
    await new Promise((resolve) => setTimeout(resolve, 5))
    const second = await append(store, 'a')
    const between = `${(parseEventId(second.id)?.ms ?? 0) - 1}-9`
    for (const unknown of [between, `${ms - 1}-0`, `${ms + 60_000}-0`]) {
      expect(await store.since('a', unknown), unknown).toMatchObject({ events: [second], complete: false })
    }
    expect(await store.since('a', cursor)).toMatchObject({ events: [first, second], complete: true })
  })

  it('tells of each event once, in order, whichever relay took it in, and only of who is watched', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const { heard, hears } = await follow(one, 'a')
    const stored: StoredEvent[] = []
    for (let i = 0; i < 30; i++) {
      stored.push(await append(i % 2 === 0 ? one : other, 'a'))
      await append(other, 'b')
    }
    await hears(stored)
    one.unwatch?.('a')
    await append(other, 'a')
    const { replay } = await follow(one, 'c')
    expect(replay.events).toEqual([])
    expect(heard).toHaveLength(30)
  })

  it('goes on telling of a user whose last stream ends and whose next one begins at once', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const users = Array.from({ length: 50 }, (_, i) => `user-${i}`)
    const heard = new Map<string, string[]>()
    one.listen(({ externalUserId, id }) => heard.set(externalUserId, [...(heard.get(externalUserId) ?? []), id]))
    for (const user of users) one.watch?.(user)
    await Promise.all(users.map((user) => one.since(user, null)))
    for (const user of users) {
      one.unwatch?.(user)
      one.watch?.(user)
    }
    await Promise.all(users.map((user) => one.since(user, null)))
    const stored = await Promise.all(users.map((user) => append(other, user)))
    await vi.waitFor(() => expect(users.map((user) => heard.get(user))).toEqual(stored.map(({ id }) => [id])), {
      timeout: 5000,
    })
  })

  it('tells of an event that comes while a user is read for the first time', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const seen = new Map<string, Set<string>>()
    const see = (user: string, id: string) => seen.set(user, (seen.get(user) ?? new Set()).add(id))
    one.listen(({ externalUserId, id }) => see(externalUserId, id))
    const users = Array.from({ length: 300 }, (_, i) => `user-${i}`)
    const stored = await Promise.all(
      users.map(async (user) => {
        one.watch?.(user)
        const [{ id }, { events }] = await Promise.all([append(other, user), one.since(user, null)])
        for (const read of events) see(user, read.id)
        return id
      }),
    )
    await vi.waitFor(() => expect(users.map((user) => [...(seen.get(user) ?? [])])).toEqual(stored.map((id) => [id])), {
      timeout: 5000,
    })
  })

  it('gives a user whom it has long known without events a cursor that is not too old', async () => {
    const store = await openStore(urls, { maxAge: 400 })
    const began = Date.now()
    await vi.waitFor(
      async () => {
        const { cursor } = await store.since('a', null)
        expect(await store.since('a', cursor)).toMatchObject({ complete: true })
        expect(Date.now() - began).toBeGreaterThan(1000)
      },
      { timeout: 5000, interval: 20 },
    )
  })

  it('takes times that are no whole milliseconds', async () => {
    const store = await openStore(urls, { maxAge: 60_000 / 7 })
    expect(await store.append(event('a'), 'delivery')).not.toBeNull()
    expect(await store.append(event('a'), 'delivery')).toBeNull()
    expect((await store.since('a', null)).events).toHaveLength(1)
  })

  it('repeats nothing to who is live when another stream of the user reads', async () => {
    const keyPrefix = newPrefix()
    const [one, other] = [await openStore(urls, { keyPrefix }), await openStore(urls, { keyPrefix })]
    const { hears } = await follow(one, 'a')
    const stored: StoredEvent[] = []
    for (let i = 0; i < 20; i++) {
      const [appended] = await Promise.all([append(other, 'a'), one.since('a', null), one.since('a', null)])
      stored.push(appended)
    }
    await hears(stored)
  })
})

describeWithRedis('relays with different histories on one Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await RedisServer.start()
  })
  afterAll(() => server.end())

  async function openTwo(first: RedisStoreOptions, second: RedisStoreOptions) {
    const keyPrefix = newPrefix()
    return [
      await openStore(server.url, { keyPrefix, ...first }),
      await openStore(server.url, { keyPrefix, ...second }),
    ] as const
  }

  /** Whatever is called complete is all that was stored after the cursor. */
  async function expectNoFalsePromise(stores: readonly EventStore[], cursor: string, stored: StoredEvent[]) {
    for (const store of stores) {
      for (const from of [cursor, ...ids(stored)]) {
        const { events, complete } = await store.since('a', from)
        if (complete) expect(ids(events), from).toEqual(ids(stored.filter(({ id }) => isAfter(id, from))))
      }
    }
  }

  it.each([
    ['32, then 2', 32, 2],
    ['2, then 32', 2, 32],
  ])('call nothing complete that one of them has dropped: maxEvents %s', async (_, first, second) => {
    const [one, other] = await openTwo({ maxEvents: first }, { maxEvents: second })
    const { cursor } = await one.since('a', null)
    const stored: StoredEvent[] = []
    for (const store of [one, other, one, one, one, other, other, one]) {
      stored.push(await append(store, 'a'))
      await expectNoFalsePromise([one, other], cursor, stored)
    }
    for (const store of [one, other]) {
      expect(await store.since('a', cursor)).toMatchObject({ complete: false })
      expect(await store.since('a', stored[6]?.id ?? '')).toMatchObject({ events: [stored[7]], complete: true })
    }
  })

  it.each([
    ['24 h, then 1 s', 24 * 3_600_000, 1000],
    ['1 s, then 24 h', 1000, 24 * 3_600_000],
  ])('call nothing complete that one of them has dropped: maxAge %s', async (_, first, second) => {
    const [one, other] = await openTwo({ maxAge: first }, { maxAge: second })
    const { cursor } = await one.since('a', null)
    const stored: StoredEvent[] = []
    for (let round = 0; round < 3; round++) {
      stored.push(await append(one, 'a'), await append(other, 'a'))
      await expectNoFalsePromise([one, other], cursor, stored)
      await new Promise((resolve) => setTimeout(resolve, 1200))
      await expectNoFalsePromise([one, other], cursor, stored)
    }
    const [before, after] = [await append(one, 'a'), await append(other, 'a')]
    for (const store of [one, other]) {
      expect(await store.since('a', before.id)).toMatchObject({ events: [after], complete: true })
    }
  })
})

describeWithRedis('events of days', () => {
  const DAY = 24 * 3_600_000
  let server: RedisServer
  beforeAll(async () => {
    server = await RedisServer.start()
  })
  afterAll(() => server.end())

  /** Puts an event there as if it had come so long ago. Returns its id. */
  async function put(keyPrefix: string, days: number, word: string): Promise<string> {
    const [frame = '', status = ''] = word.split(' ')
    const receivedAt = Date.now() - days * DAY
    const { data } = eventOf('a', { frame, status, receivedAt })
    const key = `${keyPrefix}{a}:history`
    return `${await server.cli('XADD', key, `${receivedAt}-0`, 'frame', frame, 'data', data)}`
  }

  it('are told to who comes back after 8 days, one of each step, and after 31 there is none', async () => {
    const keyPrefix = newPrefix()
    const gone = await put(keyPrefix, 31, 'user-balance ACTIVE')
    const file = await put(keyPrefix, 29, 'kyc-file ADDED')
    const waiting = await put(keyPrefix, 9, 'poa WAITING')
    const later = [await put(keyPrefix, 8, 'poa APPROVED'), await put(keyPrefix, 1.5, 'kyc-verification APPROVED')]
    const store = await openStore(server.url, { keyPrefix })
    const from = async (cursor: string | null) => {
      const { events, complete } = await store.since('a', cursor)
      return [ids(events), complete]
    }
    for (const _ of ['before what is too old is deleted', 'after that']) {
      expect(await from(null)).toEqual([[file, ...later], true])
      expect(await from(waiting)).toEqual([later, true])
      expect(await from(file)).toEqual([[file, ...later], false])
      expect(await from(gone)).toEqual([[file, ...later], false])
      await vi.waitFor(async () => expect(ids((await store.kept?.('a'))?.events ?? [])).toEqual([file, ...later]))
    }
  })

  it('that are too old are deleted with the next webhook, if no stream has done it', async () => {
    const keyPrefix = newPrefix()
    await put(keyPrefix, 31, 'user-balance ACTIVE')
    const store = await openStore(server.url, { keyPrefix })
    const stored = await append(store, 'a')
    await keeps(store, 'a', [stored])
  })

  it('expire, all of a user, 30 days after the last one, and the position of a user without any after a day', async () => {
    const keyPrefix = newPrefix()
    const store = await openStore(server.url, { keyPrefix })
    const left = async () => Number(await server.cli('PTTL', `${keyPrefix}{a}:history`))
    await store.since('a', null)
    expect(Math.abs((await left()) - DAY)).toBeLessThan(60_000)
    await append(store, 'a')
    await store.since('a', null)
    expect(Math.abs((await left()) - 30 * DAY)).toBeLessThan(60_000)
  })

  it('as an earlier version kept them are refused, for their users alone, until they are erased', async () => {
    const keyPrefix = newPrefix()
    const older = `${keyPrefix}{a}:events`
    await server.cli('XADD', older, '*', 'frame', 'kyc-file', 'data', '{}')
    const store = await openStore(server.url, { keyPrefix })
    const refusal = {
      code: 'store_unavailable',
      message: expect.stringMatching(`an earlier version has left keys with the prefix "${keyPrefix}": delete them`),
    }
    await expect(append(store, 'a')).rejects.toMatchObject(refusal)
    await expect(store.since('a', null)).rejects.toMatchObject(refusal)
    await expect(store.kept?.('a')).rejects.toMatchObject(refusal)
    expect(await append(store, 'b')).toBeTruthy()
    await store.forget('a')
    expect(await server.cli('EXISTS', older)).toBe(0)
    const stored = await append(store, 'a')
    expect((await store.since('a', null)).events).toEqual([stored])
  })

  it('bring a fresh page, and one that comes and goes, to what one knows that has followed everything', async () => {
    const keyPrefix = newPrefix()
    const stores = await Promise.all([2, 5].map((maxEvents) => openStore(server.url, { keyPrefix, maxEvents })))
    const step = fc.record({ visits: fc.boolean(), at: fc.nat(1), webhook: anyWebhook(400) })
    let users = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const user = `user ${users++}`
        const everything: StoredEvent[] = []
        let now = Date.now()
        let page: StoredEvent[] = []
        let cursor: string | null = null
        const comeBack = async (store: EventStore | undefined) => {
          const answer = await store?.since(user, cursor)
          if (!answer) return
          page = answer.complete && cursor !== null ? [...page, ...answer.events] : answer.events
          cursor = answer.cursor
        }
        for (const { visits, at, webhook } of steps) {
          now += webhook.wait * 1000
          const { frame, status, ago } = webhook
          const word = { frame, status, receivedAt: now, ...(ago !== null && { occurredAt: now - ago * 1000 }) }
          const stored = await stores[at]?.append(eventOf(user, word))
          if (stored) everything.push(stored)
          if (visits) await comeBack(stores[1 - at])
        }
        for (const store of stores) {
          await comeBack(store)
          expect(decisionsOf((await store.since(user, null)).events)).toEqual(decisionsOf(everything))
          expect(decisionsOf(page)).toEqual(decisionsOf(everything))
        }
      }),
      { numRuns: 50 },
    )
  })
})

describeWithRedis('a relay whose Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await RedisServer.start()
  })
  afterAll(() => server.end())

  async function serveThrough(proxy: TcpProxy) {
    const url = await proxy.listen()
    const store = await openStore(url)
    open.delete(store)
    return serve({ store })
  }

  it('can not be reached: asks the provider to deliver again, is not ready, keeps its streams, and is back by itself', async () => {
    const proxy = new TcpProxy(server.port)
    const { url, webhook, open: openStream } = await serveThrough(proxy)
    const stream = await openStream(USER)
    await stream.untilSync()
    const ready = async () => (await fetch(`${url}/readyz`)).status
    expect(await ready()).toBe(200)

    proxy.down()
    await vi.waitFor(async () => expect(await ready()).toBe(503), { timeout: 10_000 })
    const refused = await webhook({ externalUserId: USER, status: 'ADDED' })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('8')

    proxy.up()
    await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 10_000 })
    expect((await webhook({ externalUserId: USER, status: 'ADDED' })).status).toBe(200)
    expect(JSON.parse((await stream.next()).data)).toMatchObject({ status: 'ADDED' })
    stream.close()
    await proxy.close()
  })

  it('was away while another relay took something in: catches up as soon as it is back', async () => {
    const proxy = new TcpProxy(server.port)
    const keyPrefix = newPrefix()
    const store = await openStore(await proxy.listen(), { keyPrefix })
    const other = await openStore(server.url, { keyPrefix })
    const { hears } = await follow(store, 'a')
    const stored: StoredEvent[] = []
    for (let round = 0; round < 3; round++) {
      proxy.down()
      stored.push(await append(other, 'a'), await append(other, 'a'))
      proxy.up()
      await hears(stored)
    }
    await proxy.close()
  })

  it('was away while streams ended: is told of nobody who is not watched when it is back', async () => {
    const proxy = new TcpProxy(server.port)
    const keyPrefix = newPrefix()
    const store = await openStore(await proxy.listen(), { keyPrefix })
    const users = ['a', 'b', 'c']
    for (const user of users) store.watch?.(user)
    await Promise.all(users.map((user) => store.since(user, null)))
    const channels = async () => (await server.cli('PUBSUB', 'SHARDCHANNELS', `${keyPrefix}*`)) as string[]
    expect(await channels()).toHaveLength(3)
    proxy.down()
    for (const user of users) store.unwatch?.(user)
    proxy.up()
    await vi.waitFor(() => store.checkWritable?.(), { timeout: 10_000 })
    await vi.waitFor(async () => expect(await channels()).toEqual([]), { timeout: 5000 })
    await proxy.close()
  })

  it('is on a line that has died in silence: takes another one', async () => {
    const proxy = new TcpProxy(server.port)
    const store = await openStore(await proxy.listen())
    proxy.hold()
    await vi.waitFor(() => store.checkWritable?.(), { timeout: 30_000, interval: 500 })
    await proxy.close()
  }, 60_000)

  it('does not answer: refuses within the time of a command, and does not wait for ever', async () => {
    const proxy = new TcpProxy(server.port)
    const store = await openStore(await proxy.listen())
    proxy.hold()
    await expect(store.append(event('a'))).rejects.toMatchObject({ code: 'store_unavailable' })
    proxy.cut()
    await vi.waitFor(() => store.checkWritable?.(), { timeout: 10_000 })
    await proxy.close()
  }, 20_000)

  it('is not there yet: is ready as soon as it is', async () => {
    const late = await RedisServer.start()
    await late.stop()
    const store = redisStore(late.url, { keyPrefix: newPrefix() })
    open.add(store)
    await expect(store.append(event('a'))).rejects.toMatchObject({ code: 'store_unavailable' })
    await late.start()
    await vi.waitFor(() => store.checkWritable?.(), { timeout: 10_000 })
    expect(await append(store, 'a')).toBeTruthy()
    await store.close()
    await late.end()
  })

  it('wants a password: is refused without it, and taken with it', async () => {
    const locked = await RedisServer.start(['--user', 'relay', 'on', '>secret word', '~*', '&*', '+@all'])
    await locked.cli('ACL', 'SETUSER', 'default', 'off')
    const address = `127.0.0.1:${locked.port}`
    const stranger = redisStore(`redis://${address}`)
    open.add(stranger)
    await expect(stranger.append(event('a'))).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(await append(await openStore(`redis://relay:secret%20word@${address}`), 'a')).toBeTruthy()
    for (const store of open) await store.close()
    open.clear()
    await locked.end()
  })

  it('has a clock that steps back: gives rising ids, and a time that is not behind them', async () => {
    const keyPrefix = newPrefix()
    const store = await openStore(server.url, { keyPrefix })
    const { cursor } = await store.since('a', null)
    // As it was an hour ago, seen from now.
    const ahead = Date.now() + 3_600_000
    await server.cli('XADD', `${keyPrefix}{a}:history`, `${ahead}-0`, 'frame', 'kyc-file', 'data', '{}')
    const { id } = await append(store, 'a')
    expect(id).toBe(`${ahead}-1`)
    expect(await store.since('a', cursor)).toMatchObject({ cursor: id, now: ahead, complete: true })
    expect((await store.since('a', cursor)).events).toHaveLength(2)
    expect((await store.since('b', null)).now).toBeLessThan(ahead)
  })

  it('has ended, and is back: takes the cursor of a user without events', async () => {
    const restarted = await RedisServer.start()
    const keyPrefix = newPrefix()
    const store = await openStore(restarted.url, { keyPrefix, maxEvents: 2 })
    const { cursor } = await store.since('a', null)
    const { cursor: dropped } = await store.since('b', null)
    for (let i = 0; i < 4; i++) await append(store, 'b')
    await restarted.cli('BGREWRITEAOF')
    await vi.waitFor(async () => {
      const info = `${await restarted.cli('INFO', 'persistence')}`
      expect(info).toMatch(/aof_rewrite_in_progress:0/)
      expect(info).toMatch(/aof_rewrites:[1-9]/)
    })
    await restarted.stop()
    await restarted.start()
    await vi.waitFor(() => store.checkWritable?.(), { timeout: 10_000 })
    const stored = await append(store, 'a')
    expect(await store.since('a', cursor)).toMatchObject({ events: [stored], complete: true })
    const other = await openStore(restarted.url, { keyPrefix })
    expect(await other.since('b', dropped)).toMatchObject({ complete: false })
    await store.close()
    await other.close()
    await restarted.end()
  })

  it('has lost its data, and its clock was behind when the next event came: says the same', async () => {
    const keyPrefix = newPrefix()
    const store = await openStore(server.url, { keyPrefix })
    const { cursor: none } = await store.since('a', null)
    const { id } = await append(store, 'b')
    await server.cli('DEL', `${keyPrefix}{a}:history`, `${keyPrefix}{b}:history`)
    for (const [user, cursor] of [
      ['a', none],
      ['b', id],
    ] as const) {
      const behind = (parseEventId(cursor)?.ms ?? 0) - 2000
      await server.cli('XADD', `${keyPrefix}{${user}}:history`, `${behind}-0`, 'frame', 'kyc-file', 'data', '{}')
      expect(await store.since(user, cursor)).toMatchObject({ complete: false })
      await append(store, user)
      expect(await store.since(user, cursor)).toMatchObject({ complete: false })
    }
  })

  it('has lost its data: says that it can not tell what a page has missed', async () => {
    const store = await openStore(server.url)
    const { cursor } = await store.since('a', null)
    await server.cli('FLUSHALL')
    await server.cli('CLIENT', 'KILL', 'TYPE', 'normal')
    await vi.waitFor(() => store.checkWritable?.(), { timeout: 10_000 })
    await vi.waitFor(async () => expect(await store.since('a', cursor)).toMatchObject({ complete: false }))
  })
})

describe('the Redis store', () => {
  it.each([
    ['', 'expected a URL'],
    [[], 'expected a URL'],
    ['http://127.0.0.1', 'expected a URL'],
    ['127.0.0.1:6379', 'expected a URL'],
    ['redis://', 'expected a URL'],
    ['redis://a,b', 'expected a URL'],
    [['redis://a', 'b'], 'expected a URL'],
    ['redis://127.0.0.1/x', 'the number of a database'],
    ['redis://127.0.0.1/0#x', 'the number of a database'],
  ])('refuses the address %j', (urls, message) => {
    expect(() => redisStore(urls)).toThrow(expect.objectContaining({ code: 'invalid_options' }))
    expect(() => redisStore(urls)).toThrow(message)
  })

  it.each([
    ['redis://u:s3@cret/w#rd@127.0.0.1:6379', '# as %23'],
    ['redis://u:s3#cret@127.0.0.1', '# as %23'],
    ['redis://u:s3/cret@127.0.0.1', '/ as %2F'],
    ['redis://u:1/s3cret@127.0.0.1', '/ as %2F'],
    ['redis://u:1?s3cret@127.0.0.1', '? as %3F'],
    ['redis://u:s3%cret@127.0.0.1', '% as %25'],
  ])(
    'says how to write a password that can not stand in a URL as it is, and does not repeat it: %s',
    (url, message) => {
      const error = errorOf(() => redisStore(url))
      expect(error).toMatchObject({ code: 'invalid_options', message: expect.stringContaining(message) })
      expect(inspect(error, { showHidden: true })).not.toMatch(/s3|cret|rd@/)
    },
  )

  it('refuses keys that would not be in one slot, and a history that can not be', () => {
    expect(() => redisStore('redis://127.0.0.1', { keyPrefix: '{x}' })).toThrow('without braces')
    expect(() => redisStore('redis://127.0.0.1', { maxEvents: 0 })).toThrow('maxEvents')
  })
})
