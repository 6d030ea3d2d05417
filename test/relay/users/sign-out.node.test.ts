import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt, SignJWT } from 'jose'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type EventStore, memoryStore, StoreUnavailableError } from '../../../src/relay/index.ts'
import { sqliteStore } from '../../../src/relay/stores/sqlite/sqlite.ts'
import { SECRET, serve, silentLogger, tokens, USER } from '../serve.ts'

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-sign-out-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'relay.sqlite')
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
/** The statuses of a stream and of a snapshot. */
async function statuses(url: string, token: string, user = USER): Promise<number[]> {
  const answers = ['text/event-stream', 'application/json'].map(async (accept) => {
    const response = await fetch(`${url}/events/${user}`, { headers: { accept, ...bearer(token) } })
    await response.body?.cancel()
    return response.status
  })
  return Promise.all(answers)
}
const REFUSED = [401, 401]
const TAKEN = [200, 200]

/** A token that is good but for what is given. */
function signed(claims: Record<string, unknown>): Promise<string> {
  const payload = { sub: USER, aud: 'kyc-status', exp: Math.floor(Date.now() / 1000) + 600, ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET))
}

let hours = 0

/** The wall clock stands still until it is set, at a full second of an hour that no other test has. */
function stopWallClock(): (ms: number) => void {
  const now = Date.now() - (Date.now() % 1000) + ++hours * 3_600_000
  vi.useFakeTimers({ toFake: ['Date'], now })
  onTestFinished(() => void vi.useRealTimers())
  return (ms) => vi.setSystemTime(now + ms)
}

/** A store of somebody else's, with nothing but what a store needs. */
function customStore(): EventStore {
  const store = memoryStore()
  return {
    append: (event, deliveryId) => store.append(event, deliveryId),
    since: (user, lastEventId) => store.since(user, lastEventId),
    listen: (listener) => store.listen(listener),
    forget: (user) => store.forget(user),
    close: () => store.close(),
  }
}

describe.each([
  ['memory', () => memoryStore()],
  ['SQLite', () => sqliteStore(newFile())],
  ['custom', customStore],
])('with a %s store', (_, create) => {
  it('ends the streams of a user who logs out, refuses tokens of before, and takes those of after', async () => {
    const { relay, open, url } = await serve({ store: create() })
    const before = await tokens.issue(USER)
    const [mine, other] = await Promise.all([open(USER, bearer(before)), open('other')])
    await Promise.all([mine.untilSync(), other.untilSync()])
    await relay.disconnect(USER)
    await mine.ended
    expect(mine.retries).toHaveLength(2)
    expect(await statuses(url, before)).toEqual(REFUSED)
    expect(await statuses(url, await tokens.issue(USER))).toEqual(TAKEN)
    expect(await statuses(url, await tokens.issue('other'), 'other')).toEqual(TAKEN)
  })

  it('tells apart tokens that were issued in the second of the log-out, before it and after it', async () => {
    const set = stopWallClock()
    const { relay, url } = await serve({ store: create() })
    set(100)
    const before = await tokens.issue(USER)
    set(300)
    await relay.disconnect(USER)
    set(500)
    const after = await tokens.issue(USER)
    expect(decodeJwt(after).iat).toBe(decodeJwt(before).iat)
    expect(await statuses(url, before)).toEqual(REFUSED)
    expect(await statuses(url, after)).toEqual(TAKEN)
  })

  it('tells them apart in its millisecond, too', async () => {
    stopWallClock()
    const { relay, url } = await serve({ store: create() })
    const before = await tokens.issue(USER)
    await relay.disconnect(USER)
    expect(await statuses(url, before)).toEqual(REFUSED)
    expect(await statuses(url, await tokens.issue(USER))).toEqual(TAKEN)
  })

  it('lifts no log-out by an erasure, which ends streams and refuses no token', async () => {
    const { relay, open, url } = await serve({ store: create() })
    const before = await tokens.issue(USER)
    const other = await tokens.issue('other')
    const stream = await open('other', bearer(other))
    await stream.untilSync()
    await relay.disconnect(USER)
    await Promise.all([relay.forget(USER), relay.forget('other')])
    await stream.ended
    expect(await statuses(url, before)).toEqual(REFUSED)
    expect(await statuses(url, other, 'other')).toEqual(TAKEN)
  })

  it('ends a stream that was allowed before the log-out and begins after it, and sends it nothing', async () => {
    const store = create()
    let isAsked = () => {}
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve
    })
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const since = store.since.bind(store)
    // What was read first is from before the log-out.
    if (store.signedOutAt) {
      const signedOutAt = store.signedOutAt.bind(store)
      store.signedOutAt = async (user) => {
        const at = await signedOutAt(user)
        isAsked()
        await gate
        return at
      }
    } else {
      store.since = async (user, lastEventId) => {
        isAsked()
        await gate
        return since(user, lastEventId)
      }
    }
    const { relay, open, webhook } = await serve({ store })
    await webhook({ externalUserId: USER, status: 'ADDED' })
    const opening = open(USER)
    await asked
    await relay.disconnect(USER)
    goOn()
    const stream = await opening
    expect(await stream.ended).toEqual([])
    expect(stream.retries).toHaveLength(1)
  })

  it("refuses nobody whom the application's own scheme lets in after the log-out, and ends who was let in before", async () => {
    let answer: () => Promise<string> = async () => USER
    const { relay, open } = await serve({
      store: create(),
      subscriptionTokens: undefined as never,
      authorizeSubscriber: () => answer(),
    })
    const stream = await open(USER)
    await stream.untilSync()
    await relay.disconnect(USER)
    await stream.ended
    for (let i = 0; i < 5; i++) {
      const again = await open(USER)
      await again.untilSync()
      again.close()
    }

    let letIn = (_: string) => {}
    const isAsked = new Promise<void>((resolve) => {
      answer = () => {
        resolve()
        return new Promise((let_) => {
          letIn = let_
        })
      }
    })
    const opening = open(USER)
    await isAsked
    await relay.disconnect(USER)
    letIn(USER)
    const late = await opening
    expect(await late.ended).toEqual([])
    expect(late.status).toBe(401)
  })
})

describe('a token of somebody else', () => {
  it('counts from its iat, in seconds, fractions of them too', async () => {
    const set = stopWallClock()
    const { relay, url } = await serve()
    set(600)
    const second = Math.floor(Date.now() / 1000)
    const issued = async (iat: number) => signed({ iat })
    expect(await statuses(url, await issued(second))).toEqual(TAKEN)
    await relay.disconnect(USER)
    for (const iat of [second - 100, second - 1, second, second + 0.599]) {
      expect(await statuses(url, await issued(iat)), `${iat - second}`).toEqual(REFUSED)
    }
    for (const iat of [second + 0.61, second + 1]) {
      expect(await statuses(url, await issued(iat)), `${iat - second}`).toEqual(TAKEN)
    }
    // Milliseconds of another second are nobody's.
    expect(await statuses(url, await signed({ iat: second - 1, iat_ms: Date.now() + 100 }))).toEqual(REFUSED)
  })

  it('without iat is refused while a log-out is remembered, and until then', async () => {
    const { relay, url } = await serve()
    const token = await signed({})
    expect(await statuses(url, token)).toEqual(TAKEN)
    await relay.disconnect(USER)
    expect(await statuses(url, token)).toEqual(REFUSED)
    expect(await statuses(url, await signed({ exp: Math.floor(Date.now() / 1000) + 1000 }))).toEqual(REFUSED)
  })
})

it('says in whole seconds when a token was issued and ends, and in a claim of its own the milliseconds', async () => {
  const set = stopWallClock()
  set(789)
  const { iat = 0, exp = 0, iat_ms } = decodeJwt(await tokens.issue(USER, { expiresIn: '90s' }))
  expect(iat).toBe(Math.floor(Date.now() / 1000))
  expect(exp - iat).toBe(90)
  expect(iat_ms).toBe(Date.now())
  expect(await tokens.verify(await tokens.issue(USER))).toMatchObject({ issuedAt: Date.now() })
})

it('still knows a log-out after a restart, with SQLite', async () => {
  const file = newFile()
  const store = sqliteStore(file)
  const first = await serve({ store })
  const before = await tokens.issue(USER)
  await first.relay.disconnect(USER)
  await store.close()
  const { url } = await serve({ store: sqliteStore(file) })
  expect(await statuses(url, before)).toEqual(REFUSED)
  expect(await statuses(url, await tokens.issue(USER))).toEqual(TAKEN)
})

it('reaches each relay that has the store', async () => {
  const store = memoryStore()
  const [one, other] = [await serve({ store }), await serve({ store })]
  const before = await tokens.issue(USER)
  const streams = [await one.open(USER, bearer(before)), await other.open(USER, bearer(before))]
  await Promise.all(streams.map((stream) => stream.untilSync()))
  await one.relay.disconnect(USER)
  await Promise.all(streams.map((stream) => stream.ended))
  expect(await statuses(other.url, before)).toEqual(REFUSED)
  const again = await other.open(USER)
  await again.untilSync()
  await one.relay.forget(USER)
  await again.ended
})

it('lets nobody in unchecked while the store can not say who has logged out', async () => {
  const store = memoryStore()
  const { since } = store
  store.signedOutAt = () => Promise.reject(new StoreUnavailableError('locked'))
  // A store need not say it with what it has read.
  store.since = async (user, lastEventId) => {
    const { signedOutAt: _, ...replay } = await since.call(store, user, lastEventId)
    return replay
  }
  const logger = silentLogger()
  const { open, url, webhook } = await serve({ store, logger })
  await webhook({ externalUserId: USER, status: 'ADDED' })
  const stream = await open(USER)
  expect(stream.status).toBe(200)
  expect(await stream.ended).toEqual([])
  expect(stream.retries).toHaveLength(1)
  expect(logger.error).toHaveBeenCalledOnce()
  const headers = { accept: 'application/json', ...bearer(await tokens.issue(USER)) }
  const response = await fetch(`${url}/events/${USER}`, { headers })
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
})

it('ends the streams that are open here although the log-out can not be stored, and says so', async () => {
  const store = memoryStore()
  store.signOut = () => Promise.reject(new StoreUnavailableError('full'))
  const { open, relay } = await serve({ store })
  const stream = await open(USER)
  await stream.untilSync()
  await expect(relay.disconnect(USER)).rejects.toMatchObject({ code: 'store_unavailable' })
  await stream.ended
})

it('remembers a log-out for as long as a token of before may hold', async () => {
  const store = memoryStore()
  const signOut = vi.spyOn(store, 'signOut')
  const own = { verify: async () => null, issue: async () => '' }
  for (const [subscriptionTokens, seconds] of [
    [tokens, 86_460],
    [own, 86_400],
  ] as const) {
    const { relay } = await serve({ store, subscriptionTokens })
    await relay.disconnect(USER)
    const { at, until } = signOut.mock.lastCall?.[1] ?? { at: 0, until: 0 }
    expect(until - at).toBe(seconds * 1000)
  }
})

it('takes no token that holds for longer than one may, from when it was issued', async () => {
  const now = Math.floor(Date.now() / 1000)
  const iat = now - 9 * 86_400
  expect(await tokens.verify(await signed({ iat, exp: now + 600 }))).toBeNull()
  expect(await tokens.verify(await signed({ iat: now - 86_000, exp: now + 400 }))).not.toBeNull()
})
