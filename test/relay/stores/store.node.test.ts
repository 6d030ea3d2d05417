import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as fc from 'fast-check'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { isAfter, parseEventId } from '../../../src/protocol/event-id.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { sqliteStore } from '../../../src/relay/stores/sqlite/sqlite.ts'
import type { EventStore, History, StoredEvent } from '../../../src/relay/stores/store.ts'
import { userKey } from '../../../src/relay/stores/user-key.ts'
import { anyWebhook, decisionsOf, eventOf } from './steps.ts'

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

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Both clocks stand still until `pass`. A test that moves the wall clock alone uses `vi.setSystemTime`. */
const stopClocks = (now: number) => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now })
/** Time goes by, on both clocks. */
const pass = (ms: number) => void vi.advanceTimersByTime(ms)

/** Two users of one key. */
const COLLIDING = ['user-129599', 'user-732382'] as const

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
    expect(await store.since('a', null)).toMatchObject({ events: [second], cursor: second.id, complete: true })
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
    expect(await store.since('a', cursor)).toMatchObject({ events: [stored], cursor: stored.id, complete: true })
  })

  it('gives rising ids to events of one millisecond, and when the clock steps back', async () => {
    stopClocks(2_000_000)
    const store = create()
    const stored = [await append(store, 'a'), await append(store, 'a')]
    vi.setSystemTime(1_000_000)
    stored.push(await append(store, 'a'))
    expect(ids(stored)).toEqual(['2000000-0', '2000000-1', '2000000-2'])
  })

  it('puts a cursor before the event of the same millisecond', async () => {
    stopClocks(2_000_000)
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
    stopClocks(2_000_000)
    const store = create({ maxAge: 60_000, keepLatest: 60_000 })
    const { cursor } = await store.since('a', null)
    const { id } = await append(store, 'a')
    pass(61_000)
    await append(store, 'b')
    expect(await store.since('a', null)).toMatchObject({ events: [], complete: true })
    expect(await store.since('a', cursor)).toMatchObject({ events: [], complete: false })
    expect(await store.since('a', id)).toMatchObject({ events: [], complete: true })
  })

  it('forgets them in time, and not before, while the wall clock is behind', async () => {
    stopClocks(2 * DAY)
    const store = create({ maxAge: 60_000, keepLatest: 60_000 })
    await append(store, 'a')
    await store.append(event('b'), 'x')
    vi.setSystemTime(DAY)
    pass(59_000)
    expect((await store.since('a', null)).events).toHaveLength(1)
    expect(await store.append(event('b'), 'x')).toBeNull()
    pass(2000)
    expect((await store.since('a', null)).events).toHaveLength(0)
    expect(await store.append(event('b'), 'x')).not.toBeNull()
  })

  it('takes a cursor after which nothing has come, however old it is', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'], now: 2 * DAY })
    const store = create({ maxAge: HOUR, keepLatest: HOUR })
    const { cursor: none } = await store.since('a', null)
    const { id } = await append(store, 'b')
    await append(store, 'c')
    for (const day of [10, 20, 30, 40]) {
      vi.setSystemTime((2 + day) * DAY)
      pass(61_000)
      await append(store, 'd')
    }
    for (const [user, cursor] of [
      ['a', none],
      ['b', id],
    ] as const) {
      expect(await store.since(user, cursor)).toMatchObject({ events: [], complete: true })
    }
    expect(await store.since('c', none)).toMatchObject({ events: [], complete: false })
    expect(await store.since('d', none)).toMatchObject({ complete: false })
  })

  it('tells the time by the clock that gives ids: it runs on where the wall clock steps back', async () => {
    stopClocks(2 * DAY)
    const store = create()
    const first = await append(store, 'a')
    expect((await store.since('a', null)).now).toBe(2 * DAY)
    vi.setSystemTime(2 * DAY - HOUR)
    pass(1500)
    const { cursor, now } = await store.since('b', null)
    expect(now).toBe(2 * DAY + 1500)
    const second = await append(store, 'a')
    expect(second.id).toBe(`${2 * DAY + 1500}-0`)
    expect(isAfter(cursor, first.id) && isAfter(second.id, cursor)).toBe(true)
    expect((await store.since('a', first.id)).now).toBe(2 * DAY + 1500)
  })

  it('never tells a time that is behind the newest id', async () => {
    const store = create()
    for (let i = 0; i < 100; i++) {
      const { id } = await append(store, 'a')
      for (const user of ['a', 'nobody']) {
        const { now, cursor } = await store.since(user, null)
        expect(now).toBeGreaterThanOrEqual(parseEventId(id)?.ms ?? Number.POSITIVE_INFINITY)
        expect(now).toBeGreaterThanOrEqual(parseEventId(cursor)?.ms ?? Number.POSITIVE_INFINITY)
      }
    }
  })

  it('takes no cursor from before an erasure, and every one from after it', async () => {
    stopClocks(2_000_000)
    const store = create()
    const { cursor: none } = await store.since('a', null)
    const { id } = await append(store, 'a')
    await store.forget('a')
    expect(await store.since('a', none)).toMatchObject({ events: [], complete: false })
    expect(await store.since('a', id)).toMatchObject({ events: [], complete: false })
    const { cursor } = await store.since('a', null)
    expect(await store.since('a', cursor)).toMatchObject({ events: [], complete: true })
    const stored = await append(store, 'a')
    expect(await store.since('a', cursor)).toMatchObject({ events: [stored], complete: true })
    expect(await store.since('a', id)).toMatchObject({ events: [stored], complete: false })
    expect(await store.since('b', none)).toMatchObject({ complete: true })
  })

  it('takes no cursor that it never gave out to the user', async () => {
    stopClocks(2_000_000)
    const store = create()
    const other = await append(store, 'b')
    const { cursor } = await store.since('a', null)
    pass(1000)
    const stored = await append(store, 'a')
    pass(1000)
    expect(await store.since('a', cursor)).toMatchObject({ events: [stored], complete: true })
    for (const unknown of ['2000500-3', '2001500-3', '1999000-0', '2002000-1', '9000000-2000000', other.id]) {
      expect(await store.since('a', unknown), unknown).toMatchObject({ events: [stored], complete: false })
    }
  })

  const cursors: [string, (store: EventStore) => Promise<string>][] = [
    ['position', async (store) => (await store.since('a', null)).cursor],
    ['event', async (store) => (await append(store, 'a')).id],
  ]
  const losses = cursors.flatMap(([kind, cursorOf]) =>
    [2000, HOUR].flatMap((behind) => [
      [kind, behind, 'before', 0, cursorOf] as const,
      [kind, behind, 'after', behind + 35_000, cursorOf] as const,
    ]),
  )

  it.each(losses)(
    'does not know a lost %s of a store without which it begins %i ms behind, %s its clock has passed that',
    async (_kind, behind, _when, wait, cursorOf) => {
      stopClocks(2 * DAY)
      const lost = create()
      const cursor = await cursorOf(lost)
      await lost.close()
      vi.setSystemTime(2 * DAY - behind)
      const store = create()
      const stored = await append(store, 'a')
      pass(wait)
      expect(await store.since('a', cursor)).toMatchObject({ events: [stored], complete: false })
      const later = await append(store, 'a')
      expect(await store.since('a', cursor)).toMatchObject({ events: [later], complete: false })
      expect(await store.since('a', stored.id)).toMatchObject({ events: [later], complete: true })
    },
  )

  it('stores a delivery once, whether its repeat comes at once or later, until it has forgotten it', async () => {
    stopClocks(2_000_000)
    const store = create({ maxAge: 60_000 })
    const [first, repeat] = await Promise.all([store.append(event('a'), 'x'), store.append(event('a'), 'x')])
    expect(repeat).toBeNull()
    expect(await store.append(event('a'), 'x')).toBeNull()
    expect(await store.append(event('a'), 'y')).not.toBeNull()
    expect((await store.since('a', first?.id ?? '')).events).toHaveLength(1)
    pass(130_000)
    await append(store, 'b')
    expect(await store.append(event('a'), 'x')).not.toBeNull()
  })

  it('takes one name for two users, or for two webhooks of a user, for two deliveries', async () => {
    const store = create()
    const webhooks = [event('a'), event('b'), { ...event('a'), frame: 'user-status' }]
    const stored = await Promise.all(webhooks.map((webhook) => store.append(webhook, 'x')))
    expect(stored).toEqual(webhooks.map((webhook) => expect.objectContaining(webhook)))
    for (const webhook of webhooks) expect(await store.append(webhook, 'x')).toBeNull()
    expect((await store.since('a', stored[0]?.id ?? '')).events).toEqual([stored[2]])
    expect((await store.since('b', null)).events).toEqual([stored[1]])
  })

  it('forgets the deliveries of a user who is forgotten, and of nobody else', async () => {
    const store = create()
    for (const user of ['a', 'b']) await store.append(event(user), 'x')
    await store.forget('a')
    expect(await store.append(event('a'), 'x')).not.toBeNull()
    expect(await store.append(event('b'), 'x')).toBeNull()
  })

  it('erases a user who is to be forgotten, and nobody else', async () => {
    const store = create()
    await append(store, 'a')
    const other = await append(store, 'b')
    await store.forget('a')
    expect((await store.since('a', null)).events).toEqual([])
    expect((await store.since('b', null)).events).toEqual([other])
  })

  it('remembers a log-out until its time, the later one of two, whatever is erased', async () => {
    stopClocks(2_000_000)
    const store = create()
    expect(await store.signedOutAt?.('a')).toBeNull()
    await store.signOut?.('a', { at: 2_000_000, until: 2_060_000 })
    await store.signOut?.('a', { at: 1_999_000, until: 2_030_000 })
    await store.forget('a')
    expect(await store.signedOutAt?.('a')).toBe(2_000_000)
    expect(await store.since('a', null)).toMatchObject({ signedOutAt: 2_000_000 })
    expect(await store.since('b', null)).toMatchObject({ signedOutAt: null })
    pass(59_999)
    expect(await store.signedOutAt?.('a')).toBe(2_000_000)
    pass(1)
    expect(await store.signedOutAt?.('a')).toBeNull()
    expect(await store.since('a', null)).toMatchObject({ signedOutAt: null })
  })

  it('shares a log-out between two users of one key, which costs the other one a new token', async () => {
    stopClocks(2_000_000)
    const store = create()
    expect(userKey(COLLIDING[0])).toBe(userKey(COLLIDING[1]))
    await store.signOut?.(COLLIDING[0], { at: 2_000_000, until: 2_060_000 })
    await store.signOut?.(COLLIDING[1], { at: 2_000_500, until: 2_050_000 })
    for (const user of COLLIDING) expect(await store.signedOutAt?.(user)).toBe(2_000_500)
    pass(55_000)
    for (const user of COLLIDING) expect(await store.signedOutAt?.(user)).toBe(2_000_500)
  })

  it('tells listeners of each log-out and each erasure once it is stored, until they stop', async () => {
    const store = create()
    const heard: [string, number | null | undefined, number][] = []
    const later: Promise<unknown>[] = []
    const stop = store.listenToEndings?.((user) => {
      const known = store.signedOutAt?.(user)
      later.push(store.since(user, null).then(({ events }) => heard.push([user, known as number, events.length])))
    })
    await append(store, 'a')
    await store.signOut?.('a', { at: 1000, until: Date.now() + DAY })
    await append(store, 'b')
    await store.forget('b')
    await Promise.all(later)
    expect(heard).toEqual([
      ['a', 1000, 1],
      ['b', null, 0],
    ])
    stop?.()
    await store.forget('a')
    expect(later).toHaveLength(2)
  })

  it('tells all that is kept of a user, and nothing of anybody else', async () => {
    stopClocks(2_000_000)
    const store = create({ maxEvents: 1 })
    const first = await store.append(event('a', '{"n":1}'), 'x')
    pass(1000)
    const second = await store.append({ ...event('a', '{"n":2}'), frame: 'user-status' }, 'y "{"')
    await store.append(event('b'), 'z')
    expect(await store.kept?.('a')).toEqual({
      events: [first, second],
      deliveries: [
        { frame: 'kyc-file', id: 'x', receivedAt: 2_000_000 },
        { frame: 'user-status', id: 'y "{"', receivedAt: 2_001_000 },
      ],
    })
    await store.forget('a')
    expect(await store.kept?.('a')).toEqual({ events: [], deliveries: [] })
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

  it.each([{ maxEvents: 0 }, { maxEvents: 1.5 }, { maxAge: 0 }, { maxage: 1 }, { maxAge: 2, keepLatest: 1 }])(
    'refuses the history %j',
    (history) => {
      expect(() => create(history as History)).toThrow(/maxEvents|maxAge|maxage|keepLatest/)
    },
  )

  it('tells a fresh page the latest event of each frame, and the decision before a late repeat', async () => {
    stopClocks(2_000_000)
    const store = create()
    const events = await hear(
      store,
      'a',
      'kyc-file ERROR',
      'poa WAITING',
      'kyc-file ADDED',
      'poa APPROVED',
      'poa WAITING',
    )
    const [, , added, approved, repeat] = events
    const expected = { events: [added, approved, repeat], cursor: repeat?.id }
    expect(await store.since('a', null)).toMatchObject({ ...expected, complete: true })
    expect(await store.since('a', '1-7')).toMatchObject({ ...expected, complete: false })
    expect((await store.since('b', null)).events).toEqual([])
  })

  it('replays what came after a cursor in every frame, in order', async () => {
    stopClocks(2_000_000)
    const store = create()
    const { cursor } = await store.since('a', null)
    const events = await hear(store, 'a', 'poa WAITING', 'kyc-file ADDED', 'poa APPROVED', 'kyc-verification DENIED')
    for (const [i, from] of [cursor, ...ids(events)].entries()) {
      expect(await store.since('a', from)).toMatchObject({ events: events.slice(i), complete: true })
    }
  })

  it('keeps a decision however many late repeats come after it, and says that some are missing', async () => {
    stopClocks(2_000_000)
    const store = create()
    const [waiting, approved] = await hear(store, 'a', 'poa WAITING', 'poa APPROVED')
    const repeats = await hear(store, 'a', ...Array.from({ length: 100 }, () => 'poa WAITING'))
    expect(await store.since('a', null)).toMatchObject({ events: [approved, repeats[99]], complete: true })
    expect(await store.since('a', approved?.id ?? '')).toMatchObject({ complete: false })
    expect((await store.since('a', repeats[67]?.id ?? '')).events).toEqual(repeats.slice(68))
    const kept = await store.kept?.('a')
    expect(kept?.events.length).toBeLessThanOrEqual(50)
    expect(kept?.events).not.toContainEqual(waiting)
    pass(4 * 60_000)
    const [again] = await hear(store, 'a', 'poa WAITING')
    expect((await store.since('a', null)).events).toEqual([again])
  })

  it('keeps as many events of each frame, whatever comes in another', async () => {
    stopClocks(2_000_000)
    const store = create({ maxEvents: 2 })
    const [first] = await hear(store, 'a', 'kyc-verification WAITING')
    const files = await hear(store, 'a', ...Array.from({ length: 9 }, () => 'kyc-file ADDED'))
    expect((await store.since('a', null)).events).toEqual([first, files[8]])
    // What was dropped of one frame is missing after a cursor of another.
    expect(await store.since('a', first?.id ?? '')).toMatchObject({ events: [first, files[8]], complete: false })
    expect(await store.since('a', files[6]?.id ?? '')).toMatchObject({ events: files.slice(7), complete: true })
  })

  it('tells each step to who comes back after 8 days, and nothing after 31', async () => {
    stopClocks(2 * DAY)
    const store = create()
    const [file, waiting] = await hear(store, 'a', 'kyc-file ADDED', 'poa WAITING')
    pass(DAY)
    const later = await hear(store, 'a', 'kyc-verification APPROVED', 'poa APPROVED')
    pass(7 * DAY)
    await append(store, 'b')
    const back = await store.since('a', waiting?.id ?? '')
    expect(back).toMatchObject({ events: later, complete: true })
    expect(await store.since('a', null)).toMatchObject({ events: [file, ...later], complete: true })
    expect(await store.since('a', file?.id ?? '')).toMatchObject({ events: [file, ...later], complete: false })
    pass(22.5 * DAY)
    await append(store, 'b')
    expect((await store.since('a', null)).events).toEqual(later)
    pass(DAY)
    await append(store, 'b')
    expect(await store.since('a', null)).toMatchObject({ events: [], complete: true })
    expect(await store.since('a', back.cursor)).toMatchObject({ events: [], complete: true })
    expect(await store.since('a', waiting?.id ?? '')).toMatchObject({ events: [], complete: false })
  })

  it('erases every frame of a user', async () => {
    stopClocks(2_000_000)
    const store = create()
    const events = await hear(store, 'a', 'kyc-file ADDED', 'poa WAITING', 'poa APPROVED')
    expect((await store.kept?.('a'))?.events).toEqual(events)
    await store.forget('a')
    expect((await store.kept?.('a'))?.events).toEqual([])
    for (const from of [null, ...ids(events)]) {
      expect(await store.since('a', from)).toMatchObject({ events: [], complete: from === null })
    }
  })

  it('brings a fresh page, and one that comes and goes, to what one knows that has followed everything', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'], now: 2 * DAY })
    const store = create({ maxEvents: 3, maxAge: HOUR, keepLatest: 60 * DAY })
    const visit = fc.record({
      isVisit: fc.boolean(),
      webhook: anyWebhook(400),
      sleep: fc.constantFrom(0, 0, 0, HOUR, DAY),
    })
    let users = 0
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { maxLength: 25 }), async (steps) => {
        const user = `user ${users++}`
        const everything: StoredEvent[] = []
        let page: StoredEvent[] = []
        let cursor: string | null = null
        const comeBack = async () => {
          const answer = await store.since(user, cursor)
          page = answer.complete && cursor !== null ? [...page, ...answer.events] : answer.events
          cursor = answer.cursor
        }
        for (const { isVisit, webhook, sleep } of steps) {
          pass(webhook.wait * 1000)
          // A minute of it is enough for a sweep.
          if (sleep > 0) vi.setSystemTime(Date.now() + sleep - 61_000)
          if (sleep > 0) pass(61_000)
          const { frame, status, ago } = webhook
          const receivedAt = Date.now()
          const word = { frame, status, receivedAt, ...(ago !== null && { occurredAt: receivedAt - ago * 1000 }) }
          const stored = await store.append(eventOf(user, word))
          if (stored) everything.push(stored)
          if (isVisit) await comeBack()
        }
        await comeBack()
        expect(decisionsOf((await store.since(user, null)).events)).toEqual(decisionsOf(everything))
        expect(decisionsOf(page)).toEqual(decisionsOf(everything))
      }),
      { numRuns: 100 },
    )
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
    expect(await second.append(event('b'), 'x')).not.toBeNull()
  })

  it('knows a log-out again after it was closed and opened, and after a kill', async () => {
    for (const [how, end] of ends) {
      const file = newFile()
      const store = sqliteStore(file)
      const until = Date.now() + HOUR
      await store.signOut?.('a', { at: 1000, until })
      const again = track(sqliteStore(await end(store, file)))
      expect(await again.signedOutAt?.('a'), how).toBe(1000)
    }
  })

  it('goes on with higher ids, also if the clock has stepped back while it was closed', async () => {
    const file = newFile()
    stopClocks(2_000_000)
    const first = sqliteStore(file)
    await append(first, 'a')
    await first.close()
    vi.setSystemTime(1_000_000)
    const second = track(sqliteStore(file))
    expect((await append(second, 'a')).id).toBe('2000000-1')
  })

  /** What a process finds that starts after another one has ended so. */
  const ends: [string, (store: EventStore, file: string) => Promise<string>][] = [
    [
      'a clean end',
      async (store, file) => {
        await store.close()
        return file
      },
    ],
    [
      'a kill',
      async (store, file) => {
        const left = newFile()
        track(store)
        for (const end of ['', '-wal']) copyFileSync(file + end, left + end)
        return left
      },
    ],
  ]
  const restarts = ends.flatMap(([how, end]) => [0, 2000, HOUR].map((behind) => [how, behind, end] as const))

  it.each(restarts)(
    'loses nothing for a user without events over %s with the clock %i ms behind',
    async (_, behind, end) => {
      stopClocks(2 * DAY)
      const file = newFile()
      const first = sqliteStore(file)
      const { cursor, now } = await first.since('a', null)
      const left = await end(first, file)
      vi.setSystemTime(2 * DAY - behind)
      const second = track(sqliteStore(left))
      expect(await second.since('a', cursor)).toMatchObject({ events: [], complete: true })
      const stored = await append(second, 'a')
      expect(isAfter(stored.id, cursor)).toBe(true)
      expect(parseEventId(stored.id)?.ms).toBeGreaterThanOrEqual(now ?? Number.POSITIVE_INFINITY)
      expect(await second.since('a', cursor)).toMatchObject({ events: [stored], complete: true })
    },
  )

  it.each(restarts)(
    'gives positions, ids and times that never fall over two times %s with the clock %i ms behind',
    async (_, behind, end) => {
      stopClocks(2 * DAY)
      let file = newFile()
      const positions: string[] = []
      const ids: string[] = []
      const times: number[] = []
      for (let start = 0; start < 3; start++) {
        const store = sqliteStore(file)
        for (const wait of [0, 1, 700, 700]) {
          pass(wait)
          const { cursor, now = 0 } = await store.since('nobody', positions.at(-1) ?? null)
          positions.push(cursor)
          times.push(now)
          // An event that is gone by the next start says nothing of what was given out.
          const { id } = await append(store, 'erased')
          expect(isAfter(id, cursor)).toBe(true)
          ids.push(id)
          await store.forget('erased')
        }
        file = await end(store, file)
        vi.setSystemTime(2 * DAY - behind * (start + 1))
      }
      expect(positions).toEqual(positions.toSorted((one, other) => (isAfter(one, other) ? 1 : -1)))
      for (const [index, id] of ids.slice(1).entries()) expect(isAfter(id, ids[index] ?? ''), ids.join(' ')).toBe(true)
      expect(times).toEqual([...times].sort((one, other) => one - other))
      const store = track(sqliteStore(file))
      for (const cursor of positions) expect(await store.since('nobody', cursor)).toMatchObject({ complete: true })
    },
  )

  it('is not ahead of the wall clock after a clean end, and a second at most after a kill', async () => {
    stopClocks(2 * DAY)
    for (const [how, end] of ends) {
      const file = newFile()
      const store = sqliteStore(file)
      await store.since('a', null)
      const { now = 0 } = await track(sqliteStore(await end(store, file))).since('a', null)
      expect(now - 2 * DAY, how).toBeLessThanOrEqual(how === 'a kill' ? 1000 : 0)
    }
  })

  it('is written to about once in a second because it is read, and not for each stream', async () => {
    stopClocks(2 * DAY)
    const file = newFile()
    const store = track(sqliteStore(file))
    const size = () => statSync(`${file}-wal`).size
    await store.since('a', null)
    const before = size()
    for (let i = 0; i < 900; i++) {
      pass(1)
      await store.since(`user ${i}`, null)
    }
    expect(size()).toBe(before)
    for (let i = 0; i < 900; i++) {
      pass(1)
      await store.since(`user ${i}`, null)
    }
    expect(size() - before).toBeLessThan(3 * 4120)
    expect(size()).toBeGreaterThan(before)
  })

  it('takes no cursor of an event that a copy from before it does not have', async () => {
    stopClocks(2 * DAY)
    const file = newFile()
    const store = sqliteStore(file)
    const { cursor } = await store.since('a', null)
    await store.close()
    const copy = newFile()
    copyFileSync(file, copy)
    pass(HOUR)
    const again = track(sqliteStore(file))
    const { cursor: none } = await again.since('a', null)
    const [{ id }] = [await append(again, 'a'), await append(again, 'a')]
    pass(HOUR)
    const restored = track(sqliteStore(copy))
    expect(await restored.since('a', none)).toMatchObject({ events: [], complete: false })
    expect(await restored.since('a', id)).toMatchObject({ events: [], complete: false })
    expect(await restored.since('a', cursor)).toMatchObject({ events: [], complete: true })
  })

  it('says that events are missing which were dropped when it kept fewer', async () => {
    stopClocks(2 * DAY)
    const file = newFile()
    const few = sqliteStore(file, { maxEvents: 2 })
    const { cursor } = await few.since('a', null)
    const stored: StoredEvent[] = []
    for (const data of ['1', '2', '3', '4']) stored.push(await append(few, 'a', data))
    await append(few, 'b')
    await append(few, 'b')
    await few.close()
    const many = track(sqliteStore(file, { maxEvents: 32 }))
    expect(await many.since('a', cursor)).toMatchObject({ events: stored.slice(3), complete: false })
    expect(await many.since('a', stored[1]?.id ?? '')).toMatchObject({ events: stored.slice(2), complete: true })
    expect(await many.since('b', cursor)).toMatchObject({ complete: true })
  })

  it('does not know any more what was before the oldest mark that it gave up', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'], now: 2 * DAY })
    const file = newFile()
    const first = sqliteStore(file, { maxAge: HOUR, keepLatest: HOUR })
    const { cursor } = await first.since('a', null)
    await append(first, 'b')
    pass(2 * HOUR)
    const { cursor: later } = await first.since('a', null)
    await first.close()
    pass(366 * DAY)
    const second = track(sqliteStore(file, { maxAge: HOUR }))
    expect(await second.since('b', cursor)).toMatchObject({ complete: false })
    expect(await second.since('a', cursor)).toMatchObject({ complete: false })
    expect(await second.since('a', later)).toMatchObject({ complete: true })
  })

  it('refuses a file of another version, and says what to do', async () => {
    const file = newFile()
    await sqliteStore(file).close()
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 3')
    database.close()
    expect(() => sqliteStore(file)).toThrow(
      /^sqliteStore: \S+ can't be used: it was written by another version \(schema 3, this one knows 8\): move it away/,
    )
  })

  it('deletes what is too old, although nothing is written any more', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: 2_000_000 })
    const file = newFile()
    const store = sqliteStore(file, { maxAge: 30_000, keepLatest: 30_000 })
    await Promise.all(Array.from({ length: 1500 }, (_, i) => store.append(event(`user ${i}`), `delivery ${i}`)))
    const signOuts = Array.from({ length: 1500 }, (_, i) => i)
    await Promise.all(signOuts.map((i) => store.signOut?.(`user ${i}`, { at: 2_000_000, until: 2_060_000 })))
    await store.signOut?.('still out', { at: 2_000_000, until: 3_000_000 })
    vi.advanceTimersByTime(61_000)
    await new Promise((resolve) => setImmediate(resolve))
    await store.close()
    const database = new DatabaseSync(file)
    expect(database.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 0 })
    expect(database.prepare('SELECT count(*) AS n FROM deliveries').get()).toEqual({ n: 0 })
    expect(database.prepare('SELECT count(*) AS n FROM signed_out').get()).toEqual({ n: 1 })
    database.close()
  })

  it('keeps in its file what a fresh page is told, and deletes what was before it', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'], now: 2 * DAY })
    const file = newFile()
    const store = sqliteStore(file)
    const users = Array.from({ length: 1200 }, (_, i) => `user ${i}`)
    await Promise.all(users.map((user) => hear(store, user, 'poa WAITING', 'kyc-file ADDED', 'poa APPROVED')))
    const answers = await store.since('user 1199', null)
    const framesOf = async (user: string) => (await store.kept?.(user))?.events.map(({ frame }) => frame)
    vi.setSystemTime(4 * DAY)
    pass(61_000)
    await vi.waitFor(async () => expect(await framesOf('user 1199')).toEqual(['kyc-file', 'poa']))
    expect(await store.since('user 1199', null)).toMatchObject({ events: answers.events, complete: true })
    vi.setSystemTime(33 * DAY)
    pass(61_000)
    await vi.waitFor(async () => expect(await framesOf('user 1199')).toEqual([]))
    await store.close()
    const database = new DatabaseSync(file)
    expect(database.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 0 })
    database.close()
  })

  it('leaves nothing of a user who was forgotten in its files', async () => {
    const file = newFile()
    const store = sqliteStore(file)
    // Enough to split pages, in an order that leaves copies behind.
    const users = Array.from({ length: 400 }, (_, i) => `customer-${(i * 7919) % 10_007}-of-ours`)
    await Promise.all(users.map((user) => store.append(event(user, JSON.stringify({ user })), `named by ${user}`)))
    const forgotten = users.filter((_, i) => i % 40 === 0)
    for (const user of forgotten) await store.signOut?.(user, { at: 1000, until: Date.now() + DAY })
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
