import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { parseEventId } from '../../../src/protocol/event-id.ts'
import type { EventStore, History, StoredEvent } from '../../../src/relay/store.ts'
import { memoryStore } from '../../../src/relay/stores/memory.ts'
import { sqliteStore } from '../../../src/relay/stores/sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'kyc-store-'))
const open = new Set<EventStore>()
let files = 0

/** Appends an event that is not a repeat. */
async function append(store: EventStore, externalUserId: string, data?: string): Promise<StoredEvent> {
  const stored = await store.append(event(externalUserId, data))
  if (!stored) throw new Error('taken for a repeat')
  return stored
}

function track(store: EventStore): EventStore {
  open.add(store)
  return store
}

afterEach(async () => {
  vi.useRealTimers()
  for (const store of open) await store.close()
  open.clear()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const newFile = () => join(folder, `${files++}.sqlite`)
const event = (externalUserId: string, data = '{}') => ({ externalUserId, frame: 'kyc-file', data })
const ids = (events: readonly StoredEvent[]) => events.map(({ id }) => id)

describe.each([
  ['memory', (history?: History) => track(memoryStore(history))],
  ['SQLite', (history?: History) => track(sqliteStore(newFile(), history))],
])('the %s store', (_, create) => {
  it('gives each event an id, and a user its latest event', async () => {
    const store = create()
    const first = await append(store, 'a', '{"n":1}')
    const second = await append(store, 'a', '{"n":2}')
    expect(parseEventId(first.id)).not.toBeNull()
    expect(await store.since('a', null)).toEqual({ events: [second], cursor: second.id, complete: true })
  })

  it('replays what came after a cursor, in order', async () => {
    const store = create()
    const [first, second, third] = await Promise.all([1, 2, 3].map((n) => append(store, 'a', `{"n":${n}}`)))
    const { events, complete } = await store.since('a', first?.id ?? '')
    expect(events).toEqual([second, third])
    expect(complete).toBe(true)
  })

  it('keeps users apart', async () => {
    const store = create()
    await append(store, 'a')
    expect((await store.since('b', null)).events).toEqual([])
  })

  it('gives a user without events a cursor that loses nothing', async () => {
    const store = create()
    const { cursor } = await store.since('a', null)
    const stored = await append(store, 'a')
    expect(await store.since('a', cursor)).toEqual({ events: [stored], cursor: stored.id, complete: true })
  })

  it('gives rising ids to events of one millisecond, and when the clock steps back', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 2_000_000 })
    const store = create()
    const stored = [await append(store, 'a'), await append(store, 'a')]
    vi.setSystemTime(1_000_000)
    stored.push(await append(store, 'a'))
    expect(ids(stored)).toEqual(['2000000-0', '2000000-1', '2000000-2'])
  })

  it('puts a cursor before the event of the same millisecond', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 2_000_000 })
    const store = create()
    const { cursor } = await store.since('a', null)
    const stored = await append(store, 'a')
    expect((await store.since('a', cursor)).events).toEqual([stored])
  })

  it('keeps the latest events of a user, and says when it has dropped some', async () => {
    const store = create({ maxEvents: 2 })
    const { cursor } = await store.since('a', null)
    const stored = [await append(store, 'a'), await append(store, 'a')]
    expect(await store.since('a', cursor)).toMatchObject({ events: stored, complete: true })
    stored.push(await append(store, 'a'))
    expect(await store.since('a', cursor)).toMatchObject({ events: [stored[2]], complete: false })
    expect(await store.since('a', stored[0]?.id ?? '')).toMatchObject({ events: stored.slice(1), complete: true })
  })

  it('forgets events after their time', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 2_000_000 })
    const store = create({ maxAge: 60_000 })
    const { id } = await append(store, 'a')
    vi.setSystemTime(2_061_000)
    await append(store, 'b')
    expect(await store.since('a', null)).toMatchObject({ events: [], complete: true })
    expect(await store.since('a', id)).toMatchObject({ events: [], complete: false })
  })

  it('stores a delivery once, whether its repeat comes at once or later, until it has forgotten it', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 2_000_000 })
    const store = create({ maxAge: 60_000 })
    const [first, repeat] = await Promise.all([store.append(event('a'), 'x'), store.append(event('a'), 'x')])
    expect(repeat).toBeNull()
    expect(await store.append(event('a'), 'x')).toBeNull()
    expect(await store.append(event('a'), 'y')).not.toBeNull()
    expect((await store.since('a', first?.id ?? '')).events).toHaveLength(1)
    vi.setSystemTime(2_130_000)
    await append(store, 'b')
    expect(await store.append(event('a'), 'x')).not.toBeNull()
  })

  it('erases a user who is to be forgotten, and nobody else', async () => {
    const store = create()
    await append(store, 'a')
    const other = await append(store, 'b')
    await store.forget('a')
    expect((await store.since('a', null)).events).toEqual([])
    expect((await store.since('b', null)).events).toEqual([other])
  })

  it('tells listeners of each event once it can be read, until they stop', async () => {
    const store = create()
    const heard: Promise<string[]>[] = []
    const stop = store.listen(({ externalUserId }) => {
      heard.push(store.since(externalUserId, null).then(({ events }) => ids(events)))
    })
    const stored = await append(store, 'a')
    expect(await Promise.all(heard)).toEqual([[stored.id]])
    stop()
    await append(store, 'a')
    expect(heard).toHaveLength(1)
  })

  it('stores an event, and tells other listeners, whatever one of them throws', async () => {
    const store = create()
    const { error } = console
    console.error = () => {}
    try {
      const heard: string[] = []
      store.listen(() => {
        throw new Error('theirs')
      })
      store.listen(({ id }) => heard.push(id))
      const stored = await Promise.all([append(store, 'a'), append(store, 'b')])
      expect(heard).toEqual(ids(stored))
    } finally {
      console.error = error
    }
  })

  it.each([{ maxEvents: 0 }, { maxEvents: 1.5 }, { maxAge: 0 }, { maxage: 1 }])('refuses the history %j', (history) => {
    expect(() => create(history as History)).toThrow(/maxEvents|maxAge|maxage/)
  })
})

describe('the SQLite store', () => {
  it('has everything again after it was closed and opened', async () => {
    const file = newFile()
    const first = sqliteStore(file)
    const { cursor: none } = await first.since('b', null)
    const { id } = await append(first, 'a')
    await first.close()

    const second = track(sqliteStore(file))
    expect((await second.since('a', null)).cursor).toBe(id)
    const later = await append(second, 'b')
    expect(await second.since('b', none)).toMatchObject({ events: [later], complete: true })
  })

  it('knows a delivery again after it was closed and opened', async () => {
    const file = newFile()
    const first = sqliteStore(file)
    await first.append(event('a'), 'x')
    await first.close()
    const second = track(sqliteStore(file))
    expect(await second.append(event('a'), 'x')).toBeNull()
  })

  it('goes on with higher ids, also if the clock has stepped back while it was closed', async () => {
    const file = newFile()
    vi.useFakeTimers({ toFake: ['Date'], now: 2_000_000 })
    const first = sqliteStore(file)
    await append(first, 'a')
    await first.close()
    vi.setSystemTime(1_000_000)
    const second = track(sqliteStore(file))
    expect((await append(second, 'a')).id).toBe('2000000-1')
  })

  it('loses nothing for a user without events if the clock has stepped back while it was closed', async () => {
    const file = newFile()
    vi.useFakeTimers({ toFake: ['Date'], now: 2_000_000 })
    const first = sqliteStore(file)
    const { cursor } = await first.since('a', null)
    await first.close()
    vi.setSystemTime(1_000_000)
    const second = track(sqliteStore(file))
    const stored = await append(second, 'a')
    expect(await second.since('a', cursor)).toMatchObject({ events: [stored], complete: true })
  })

  it('deletes what is too old, although nothing is written any more', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: 2_000_000 })
    const file = newFile()
    const store = sqliteStore(file, { maxAge: 30_000 })
    await Promise.all(Array.from({ length: 1500 }, (_, i) => store.append(event(`user ${i}`), `delivery ${i}`)))
    vi.advanceTimersByTime(61_000)
    await new Promise((resolve) => setImmediate(resolve))
    await store.close()
    const database = new DatabaseSync(file)
    expect(database.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 0 })
    expect(database.prepare('SELECT count(*) AS n FROM deliveries').get()).toEqual({ n: 0 })
    database.close()
  })

  it('leaves nothing of a user who was forgotten in its files', async () => {
    const file = newFile()
    const store = sqliteStore(file)
    // Enough to split pages, in an order that leaves copies behind.
    const users = Array.from({ length: 400 }, (_, i) => `customer-${(i * 7919) % 10_007}-of-ours`)
    await Promise.all(users.map((user) => store.append(event(user, JSON.stringify({ user })))))
    const forgotten = users.filter((_, i) => i % 40 === 0)
    for (const user of forgotten) await store.forget(user)
    const log = readFileSync(`${file}-wal`)
    await store.close()
    const bytes = `${readFileSync(file, 'latin1')}${log.toString('latin1')}`
    expect(bytes).toContain(users[1])
    expect(forgotten.filter((user) => bytes.includes(user))).toEqual([])
  })

  it('is readable by its owner alone', async () => {
    const file = newFile()
    track(sqliteStore(file))
    for (const name of [file, `${file}-wal`]) expect(statSync(name).mode & 0o077).toBe(0)
  })

  it('refuses a second process at once', () => {
    const file = newFile()
    track(sqliteStore(file))
    expect(() => sqliteStore(file)).toThrow(/another process has it open/)
  })

  it('refuses a file that is no database, and the database of another program', () => {
    const text = newFile()
    writeFileSync(text, 'this is not a database, it is a text of more than a hundred characters '.repeat(9))
    expect(() => sqliteStore(text)).toThrow(/not a database/)

    const foreign = newFile()
    const database = new DatabaseSync(foreign)
    database.exec('CREATE TABLE theirs (x)')
    database.close()
    const before = readFileSync(foreign)
    expect(() => sqliteStore(foreign)).toThrow(/another program/)
    expect(readFileSync(foreign)).toEqual(before)
  })

  it.each(['', ':memory:', 'file:memory?mode=memory'])('refuses %j for a file', (file) => {
    expect(() => sqliteStore(file)).toThrow(/path of a file/)
  })

  it('says that nothing was stored when it can not write', async () => {
    const store = sqliteStore(newFile())
    await store.close()
    await expect(append(store, 'a')).rejects.toMatchObject({ code: 'store_unavailable' })
    await expect(store.checkWritable?.()).rejects.toMatchObject({ code: 'store_unavailable' })
  })
})
