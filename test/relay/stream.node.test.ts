import { once } from 'node:events'
import { request } from 'node:http'
import { generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type RelayOptions, StoreUnavailableError } from '../../src/relay/index.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { openStream, SECRET, serve, silentLogger, tokens, USER } from './serve.ts'

const added = { externalUserId: USER, status: 'ADDED' }
const refused = { externalUserId: USER, status: 'ERROR' }
const names = (events: { event?: string | undefined }[]) => events.map(({ event }) => event)

it('has the headers of an event stream that no proxy holds back', async () => {
  const { open } = await serve()
  const { status, headers } = await open(USER)
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
})

it('says sync, and nothing else, to a user without events', async () => {
  const { open } = await serve()
  const stream = await open(USER)
  const [sync, ...others] = await stream.untilSync()
  expect(others).toEqual([])
  expect(JSON.parse(sync?.data ?? '')).toEqual({
    cursor: sync?.id,
    now: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    complete: true,
    heartbeat: 15,
  })
  expect(stream.retries).toEqual([2000])
})

it('shows the latest event first, then says sync with its id', async () => {
  const { open, webhook } = await serve()
  await webhook(refused)
  await webhook(added)
  const [event, sync] = await (await open(USER)).untilSync()
  expect(event?.event).toBe('kyc-file')
  expect(JSON.parse(event?.data ?? '')).toMatchObject(added)
  expect(sync?.id).toBe(event?.id)
})

it('brings an event to every stream of its user while they are open, and to nobody else', async () => {
  const { open, webhook } = await serve()
  const [first, second, other] = await Promise.all([open(USER), open(USER), open('somebody else')])
  await Promise.all([first.untilSync(), second.untilSync(), other.untilSync()])
  await webhook(added)
  expect((await first.next()).event).toBe('kyc-file')
  expect((await second.next()).event).toBe('kyc-file')
  await webhook({ externalUserId: 'somebody else', status: 'ERROR' })
  expect(JSON.parse((await other.next()).data)).toMatchObject({ externalUserId: 'somebody else', status: 'ERROR' })
})

it('replays what came after the last event id, also from a time without events', async () => {
  const { open, webhook } = await serve()
  const first = await open(USER)
  const [{ id: empty = '' } = {}] = await first.untilSync()
  first.close()
  await webhook(refused)
  await webhook(added)

  const second = await open(USER, { 'last-event-id': empty })
  const [one, two, sync] = await second.untilSync()
  expect([one, two].map((event) => JSON.parse(event?.data ?? '').status)).toEqual(['ERROR', 'ADDED'])
  expect(JSON.parse(sync?.data ?? '').complete).toBe(true)

  const third = await open(USER, { 'last-event-id': one?.id ?? '' })
  expect(names(await third.untilSync())).toEqual(['kyc-file', 'sync'])
})

it.each(['1-0', 'nonsense', '99999999999999-0'])(
  'answers the unknown cursor %s with the latest event and an incomplete sync, and stays live',
  async (cursor) => {
    const { open, webhook } = await serve()
    await webhook(refused)
    await webhook(added)
    const stream = await open(USER, { 'last-event-id': cursor })
    const [event, sync] = await stream.untilSync()
    expect(JSON.parse(event?.data ?? '')).toMatchObject(added)
    expect(JSON.parse(sync?.data ?? '').complete).toBe(false)
    await webhook(refused)
    expect(JSON.parse((await stream.next()).data)).toMatchObject(refused)
  },
)

it('tells the time by the clock of its store, or by its own where the store has none', async () => {
  const HOUR = 3_600_000
  const store = memoryStore()
  const { since } = store
  const { open, url, webhook } = await serve({ store })
  await webhook(added)
  const headers = { accept: 'application/json', authorization: `Bearer ${await tokens.issue(USER)}` }
  const told = async () => {
    const sync = JSON.parse((await (await open(USER)).untilSync()).at(-1)?.data ?? '')
    const snapshot = await (await fetch(`${url}/events/${USER}`, { headers })).json()
    return [Date.parse(sync.now), Date.parse(snapshot.now)]
  }
  const ahead = Date.now() + HOUR
  store.since = async (...asked) => ({ ...(await since.apply(store, asked)), now: ahead })
  expect(await told()).toEqual([ahead, ahead])

  const began = Date.now()
  store.since = async (...asked) => {
    const { now: _, ...replay } = await since.apply(store, asked)
    return replay
  }
  for (const now of await told()) expect(now).toBeGreaterThanOrEqual(began)

  store.since = async () => ({ events: [], cursor: `${ahead}-0`, complete: true })
  expect(await told()).toEqual([ahead, ahead])
})

it('takes an empty last event id for none', async () => {
  const { url, open, webhook } = await serve()
  await webhook(refused)
  await webhook(added)
  const [event, sync] = await (await open(USER, { 'last-event-id': '' })).untilSync()
  expect(JSON.parse(event?.data ?? '')).toMatchObject(added)
  expect(JSON.parse(sync?.data ?? '').complete).toBe(true)

  const authorization = `Bearer ${await tokens.issue(USER)}`
  const headers = { accept: 'application/json', authorization, 'last-event-id': '' }
  const snapshot = await (await fetch(`${url}/events/${USER}`, { headers })).json()
  expect(Object.keys(snapshot).sort()).toEqual(['cursor', 'events', 'now'])
})

it('leaves no gap and repeats nothing while it goes from replay to live', async () => {
  const store = memoryStore()
  const { since } = store
  let read = () => {}
  const reading = new Promise<void>((resolve) => {
    read = resolve
  })
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const { open, webhook } = await serve({ store })
  await webhook(refused)

  // The store reads, then dawdles with its answer; meanwhile one event is in what it read and one is not.
  store.since = async (...args) => {
    const answer = await since.apply(store, args)
    read()
    await released
    return answer
  }
  const opening = open(USER, { 'last-event-id': '1-0' })
  await reading
  await webhook(added)
  release()

  const stream = await opening
  const seen = [...(await stream.untilSync()), await stream.next()]
  expect(names(seen)).toEqual(['kyc-file', 'sync', 'kyc-file'])
  expect(new Set(seen.filter(({ event }) => event === 'kyc-file').map(({ id }) => id)).size).toBe(2)
})

it('does not repeat what was read after it was heard', async () => {
  const store = memoryStore()
  const { since } = store
  const { open, webhook } = await serve({ store })
  let deliver = async () => {}
  store.since = async (...args) => {
    await deliver()
    return since.apply(store, args)
  }
  deliver = async () => {
    deliver = async () => {}
    await webhook(added)
  }
  const stream = await open(USER)
  expect(names(await stream.untilSync())).toEqual(['kyc-file', 'sync'])
  await webhook(refused)
  expect(JSON.parse((await stream.next()).data)).toMatchObject(refused)
})

it('sends a comment once an interval', async () => {
  const { open } = await serve({ heartbeatInterval: 50 })
  const stream = await open(USER)
  expect(JSON.parse((await stream.next()).data).heartbeat).toBe(0.05)
  await vi.waitFor(() => expect(stream.comments.length).toBeGreaterThanOrEqual(3), { interval: 5 })
})

it('ends cleanly within 2 s of the end of its token', async () => {
  const { url } = await serve()
  const now = Math.floor(Date.now() / 1000)
  const token = await tokens.issue(USER, { expiresIn: '2s' })
  const stream = await openStream(`${url}/events/${USER}`, { authorization: `Bearer ${token}` })
  await stream.untilSync()
  await stream.ended
  expect(Date.now()).toBeGreaterThanOrEqual((now + 2) * 1000)
  expect(Date.now()).toBeLessThan((now + 3) * 1000 + 2000)
})

it('takes a token that ended while it was looked at for ended', async () => {
  const ended = { issue: tokens.issue, verify: async () => ({ externalUserId: USER, expiresAt: Date.now() - 5000 }) }
  const { open } = await serve({ subscriptionTokens: ended })
  await (await open(USER)).ended
})

it('ends after its lifetime', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  try {
    const { open } = await serve({ maxLifetime: 60_000 })
    const stream = await open(USER)
    await stream.untilSync()
    vi.advanceTimersByTime(47_000)
    expect(await Promise.race([stream.ended, Promise.resolve('open')])).toBe('open')
    vi.advanceTimersByTime(15_000)
    await stream.ended
  } finally {
    vi.useRealTimers()
  }
})

describe('many streams', () => {
  /** Opens streams of as many users, and counts what each has received. */
  async function openMany(count: number, options: Partial<RelayOptions>) {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { relay } = await serve(options)
    const state = { heartbeats: 0, ended: 0 }
    const read = async (response: Response) => {
      const reader = response.body?.getReader()
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
        if (new TextDecoder().decode(part.value) === ':\n\n') state.heartbeats++
      }
      state.ended++
    }
    for (let i = 0; i < count; i++) {
      const authorization = `Bearer ${await tokens.issue(`user-${i}`, { expiresIn: '1d' })}`
      void read(await relay.fetch(new Request(`http://relay/events/user-${i}`, { headers: { authorization } })))
    }
    /** How many more of each there are after each of some steps. */
    const advance = async (steps: number, ms: number, what: 'heartbeats' | 'ended') => {
      const more: number[] = []
      for (let step = 0; step < steps; step++) {
        const before = state[what]
        vi.advanceTimersByTime(ms)
        await new Promise((resolve) => setImmediate(resolve))
        more.push(state[what] - before)
      }
      return more
    }
    return advance
  }

  it('get their heartbeats spread over the interval, and each gets one', async () => {
    const advance = await openMany(300, { heartbeatInterval: 15_000 })
    const each = await advance(15, 1000, 'heartbeats')
    expect(each.reduce((sum, n) => sum + n)).toBe(300)
    expect(Math.max(...each)).toBeLessThanOrEqual(20)
  })

  it('that began together end spread over the last fifth of their lifetime', async () => {
    const advance = await openMany(300, { maxLifetime: 100_000 })
    expect(await advance(1, 80_000, 'ended')).toEqual([0])
    const each = await advance(21, 1000, 'ended')
    expect(each.reduce((sum, n) => sum + n)).toBe(300)
    // About 15 a second; all within one would be a stampede.
    expect(Math.max(...each)).toBeLessThan(60)
  })
})

it('ends the streams of a user who is disconnected, and of nobody else', async () => {
  const { open, relay, webhook } = await serve()
  const [mine, other] = await Promise.all([open(USER), open('other')])
  await Promise.all([mine.untilSync(), other.untilSync()])
  await relay.disconnect(USER)
  await mine.ended
  await webhook({ externalUserId: 'other', status: 'ADDED' })
  expect((await other.next()).event).toBe('kyc-file')
})

it('drains: not ready, open streams end with a wait of their own, new ones end at once with 200', async () => {
  const { open, relay, url } = await serve()
  const streams = await Promise.all([open(USER), open(USER), open(USER)])
  await Promise.all(streams.map((stream) => stream.untilSync()))
  const drained = relay.drain({ within: 50 })
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  const late = await open(USER)
  expect(late.status).toBe(200)
  expect(await late.ended).toEqual([])
  expect(late.retries).toHaveLength(1)
  await drained
  await Promise.all(streams.map((stream) => stream.ended))
  expect(new Set(streams.map(({ retries }) => retries.at(-1))).size).toBe(3)
})

it('ends a stream cleanly, with a wait, when the store can not be read', async () => {
  const store = memoryStore()
  store.since = () => Promise.reject(new StoreUnavailableError('locked'))
  const logger = silentLogger()
  const { open } = await serve({ store, logger })
  const stream = await open(USER)
  expect(stream.status).toBe(200)
  expect(await stream.ended).toEqual([])
  expect(stream.retries).toHaveLength(1)
  expect(logger.error).toHaveBeenCalledOnce()
})

it('cuts a reader that leaves more than 64 KiB unread, and nobody else', async () => {
  const { relay, webhook, open } = await serve()
  const externalUserId = 'x'.repeat(256)
  const authorization = `Bearer ${await tokens.issue(externalUserId)}`
  const stuck = await relay.fetch(new Request(`http://relay/events/${externalUserId}`, { headers: { authorization } }))
  const good = await open(externalUserId)
  await good.untilSync()
  for (let i = 0; i < 300; i++) {
    await webhook({ externalUserId, status: 'ADDED' })
    expect((await good.next()).event).toBe('kyc-file')
  }
  await expect(stuck.text()).rejects.toMatchObject({ code: 'slow_reader' })
})

describe('who may read it', () => {
  const key = new TextEncoder().encode(SECRET)
  const now = Math.floor(Date.now() / 1000)
  const jwt = () =>
    new SignJWT()
      .setSubject(USER)
      .setAudience('kyc-status')
      .setExpirationTime(now + 600)
  const get = (url: string, authorization?: string) =>
    fetch(`${url}/events/${USER}`, {
      headers: { accept: 'text/event-stream', ...(authorization && { authorization }) },
    })

  it.each([{}, { kid: '../../dev/null' }])(
    'opens to a token that is right, whatever else its header says: %j',
    async (extra) => {
      const { url } = await serve()
      const token = await jwt()
        .setProtectedHeader({ alg: 'HS256', ...extra })
        .sign(key)
      const response = await get(url, `Bearer ${token}`)
      expect(response.status).toBe(200)
      await response.body?.cancel()
    },
  )

  const none = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ sub: USER, aud: 'kyc-status', exp: now + 600 }))}.`
  it.each<[string, () => Promise<string | undefined>]>([
    ['no token', async () => undefined],
    ['no scheme', async () => jwt().setProtectedHeader({ alg: 'HS256' }).sign(key)],
    ['no token behind the scheme', async () => 'Bearer '],
    ['text that is no token', async () => 'Bearer x.y.z'],
    [
      'an expired token',
      async () =>
        `Bearer ${await jwt()
          .setExpirationTime(now - 1)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(key)}`,
    ],
    [
      'a token without an end',
      async () =>
        `Bearer ${await new SignJWT().setSubject(USER).setAudience('kyc-status').setProtectedHeader({ alg: 'HS256' }).sign(key)}`,
    ],
    [
      'a token without a user',
      async () =>
        `Bearer ${await new SignJWT()
          .setAudience('kyc-status')
          .setExpirationTime(now + 600)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(key)}`,
    ],
    [
      'a token for another audience',
      async () => `Bearer ${await jwt().setAudience('other').setProtectedHeader({ alg: 'HS256' }).sign(key)}`,
    ],
    [
      'a token signed with another secret',
      async () => `Bearer ${await jwt().setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32))}`,
    ],
    [
      'a token of another algorithm',
      async () =>
        `Bearer ${await jwt()
          .setProtectedHeader({ alg: 'HS512' })
          .sign(new Uint8Array([...key, ...key]))}`,
    ],
    ['a token without a signature', async () => `Bearer ${none}`],
    [
      'a token that holds for years',
      async () =>
        `Bearer ${await jwt()
          .setExpirationTime(now + 365 * 86_400)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(key)}`,
    ],
    [
      'an RS256 token',
      async () => {
        const { privateKey } = await generateKeyPair('RS256')
        return `Bearer ${await jwt().setProtectedHeader({ alg: 'RS256' }).sign(privateKey)}`
      },
    ],
    ...['../../dev/null', '/dev/null', "x' UNION SELECT 'a", 'http://localhost/key'].map(
      (kid): [string, () => Promise<string>] => [
        `a token that is not ours, whose kid is ${kid}`,
        async () => `Bearer ${await jwt().setProtectedHeader({ alg: 'HS256', kid }).sign(new Uint8Array(32))}`,
      ],
    ),
    [
      'a token that brings its own key along',
      async () => {
        const jwk = { kty: 'oct', k: btoa('\0'.repeat(32)) }
        return `Bearer ${await jwt().setProtectedHeader({ alg: 'HS256', jwk }).sign(new Uint8Array(32))}`
      },
    ],
    [
      'a token with crit',
      async () =>
        `Bearer ${await jwt()
          .setProtectedHeader({ alg: 'HS256', crit: ['b64'], b64: true })
          .sign(key)}`,
    ],
  ])('answers 401 to %s', async (_, authorization) => {
    const { url } = await serve()
    const response = await get(url, await authorization())
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })

  it("answers 403 to another user's stream", async () => {
    const { url } = await serve()
    const response = await get(url, `Bearer ${await tokens.issue('somebody else')}`)
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('somebody')
  })

  it('asks the application where that has a scheme of its own', async () => {
    const { url } = await serve({
      subscriptionTokens: undefined as never,
      authorizeSubscriber: (request) => (request.headers.get('cookie') === 'session=1' ? USER : null),
    })
    const open = await openStream(`${url}/events/${USER}`, { cookie: 'session=1' })
    expect(open.status).toBe(200)
    expect((await openStream(`${url}/events/other`, { cookie: 'session=1' })).status).toBe(403)
    expect((await openStream(`${url}/events/${USER}`, { cookie: 'session=2' })).status).toBe(401)
  })

  it("lets a listed origin's pages read with the cookies of the user, and tells others nothing", async () => {
    const { url } = await serve({
      subscriptionTokens: undefined as never,
      authorizeSubscriber: (request) => (request.headers.get('cookie') === 'session=1' ? USER : null),
      allowedOrigins: ['https://app.example'],
    })
    const ask = async (origin: string) => {
      const headers = { origin, cookie: 'session=1', accept: 'application/json' }
      return (await fetch(`${url}/events/${USER}`, { headers })).headers
    }
    const listed = await ask('https://app.example')
    expect(listed.get('access-control-allow-origin')).toBe('https://app.example')
    expect(listed.get('access-control-allow-credentials')).toBe('true')
    for (const origin of ['https://app.example.evil', 'http://app.example', 'https://APP.example', 'null']) {
      const other = await ask(origin)
      expect(other.get('access-control-allow-origin')).toBeNull()
      expect(other.get('access-control-allow-credentials')).toBeNull()
    }
  })

  it('does not let cookies of other origins in where tokens are what counts', async () => {
    const { url } = await serve({ allowedOrigins: ['https://app.example'] })
    const { headers } = await fetch(`${url}/events/${USER}`, { headers: { origin: 'https://app.example' } })
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('lets a page tell a failure and a malformed path from a dead line', async () => {
    const origin = 'https://app.example'
    const { url } = await serve({
      subscriptionTokens: undefined as never,
      authorizeSubscriber: () => Promise.reject(new Error('the session store is down')),
      allowedOrigins: [origin],
    })
    for (const [path, status] of [
      [USER, 500],
      ['%zz', 400],
    ] as const) {
      const response = await fetch(`${url}/events/${path}`, { headers: { origin } })
      expect(response.status).toBe(status)
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    }
  })

  it('lets pages of listed origins read answers, refusals among them, and no others', async () => {
    const { url } = await serve({ allowedOrigins: ['https://app.example'] })
    const ask = (origin: string, method = 'GET') =>
      fetch(`${url}/events/${USER}`, { method, headers: { origin, 'access-control-request-method': 'GET' } })
    const listed = await ask('https://app.example')
    expect(listed.status).toBe(401)
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(listed.headers.get('vary')).toContain('origin')
    expect((await ask('https://other.example')).headers.get('access-control-allow-origin')).toBeNull()

    const preflight = await ask('https://app.example', 'OPTIONS')
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization, last-event-id')
  })
})

it('answers with a snapshot where JSON is wanted', async () => {
  const { url, webhook, open } = await serve()
  const authorization = `Bearer ${await tokens.issue(USER)}`
  const get = async () => {
    const response = await fetch(`${url}/events/${USER}`, { headers: { accept: 'application/json', authorization } })
    expect(response.headers.get('cache-control')).toBe('no-store')
    return response.json()
  }
  const empty = await get()
  expect(empty).toEqual({ cursor: expect.stringMatching(/^\d+-\d+$/), now: expect.any(String), events: [] })
  await webhook(added)
  const { cursor, events } = await get()
  expect(events).toEqual([{ id: cursor, event: 'kyc-file', data: { ...added, receivedAt: expect.any(String) } }])

  const resumed = await (await open(USER, { 'last-event-id': empty.cursor })).untilSync()
  expect(names(resumed)).toEqual(['kyc-file', 'sync'])
})

it('answers with a snapshot of what came after a last event id', async () => {
  const { url, webhook } = await serve()
  const authorization = `Bearer ${await tokens.issue(USER)}`
  const get = async (lastEventId: string) => {
    const headers = { accept: 'application/json', authorization, 'last-event-id': lastEventId }
    return (await fetch(`${url}/events/${USER}`, { headers })).json()
  }
  const { cursor } = await get('nobody knows this')
  for (const status of ['ERROR', 'ADDED']) await webhook({ externalUserId: USER, status })
  const { events, complete } = await get(cursor)
  expect(events.map(({ data }: { data: { status: string } }) => data.status)).toEqual(['ERROR', 'ADDED'])
  expect(complete).toBe(true)
  expect(await get('nobody knows this')).toMatchObject({ events: events.slice(1), complete: false })
})

it('begins a stream and a snapshot with the latest event of each frame, and the decision before a late repeat', async () => {
  const store = memoryStore()
  const { url, open } = await serve({ store })
  const receivedAt = '2026-11-30T12:00:00.000Z'
  const put = (frame: string, status: string, state?: string) =>
    store.append({
      externalUserId: USER,
      frame,
      data: JSON.stringify({ externalUserId: USER, status, state, receivedAt }),
    })
  await put('kyc-file', 'ERROR')
  await put('poa', 'APPROVED', 'approved')
  await put('kyc-file', 'ADDED')
  await put('poa', 'WAITING', 'in_review')
  const begin = await (await open(USER)).untilSync()
  const wordsOf = (events: { event?: string | undefined; data: string }[]) =>
    events.map(({ event, data }) => `${event} ${JSON.parse(data).status ?? ''}`)
  expect(wordsOf(begin)).toEqual(['poa APPROVED', 'kyc-file ADDED', 'poa WAITING', 'sync '])
  expect(begin.at(-1)?.id).toBe(begin.at(-2)?.id)

  const authorization = `Bearer ${await tokens.issue(USER)}`
  const response = await fetch(`${url}/events/${USER}`, { headers: { accept: 'application/json', authorization } })
  const { cursor, events } = (await response.json()) as { cursor: string; events: { id: string }[] }
  expect([cursor, events.map(({ id }) => id)]).toEqual([begin.at(-1)?.id, begin.slice(0, 3).map(({ id }) => id)])

  const resumed = await (await open(USER, { 'last-event-id': begin[0]?.id ?? '' })).untilSync()
  expect(wordsOf(resumed)).toEqual(['kyc-file ADDED', 'poa WAITING', 'sync '])
})

it('takes any user that a webhook takes, whatever a URL makes of its characters', async () => {
  const { open, webhook } = await serve()
  for (const externalUserId of ['user/1?#%', 'José 🙂', 'a b+c&d']) {
    await webhook({ externalUserId, status: 'ADDED' })
    const [event] = await (await open(externalUserId)).untilSync()
    expect(JSON.parse(event?.data ?? '').externalUserId).toBe(externalUserId)
  }
})

it.each(['POST', 'HEAD', 'PUT'])('answers %s with 405', async (method) => {
  const { url } = await serve()
  const response = await fetch(`${url}/events/${USER}`, { method })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET, OPTIONS')
})

it('answers TRACE with 405', async () => {
  const { url } = await serve()
  const [response] = await once(request(`${url}/events/${USER}`, { method: 'TRACE' }).end(), 'response')
  expect(response.statusCode).toBe(405)
  response.resume()
})

describe('limits', () => {
  it('lets a user have eight streams, and one more get its replay, a wait and a clean end', async () => {
    const { open, webhook } = await serve()
    await webhook(added)
    const streams = await Promise.all(Array.from({ length: 8 }, () => open(USER)))
    await Promise.all(streams.map((stream) => stream.untilSync()))

    const ninth = await open(USER)
    expect(ninth.status).toBe(200)
    expect(names(await ninth.untilSync())).toEqual(['kyc-file', 'sync'])
    expect(await ninth.ended).toEqual([])
    expect(ninth.retries.at(-1)).toBeGreaterThanOrEqual(7500)

    expect((await (await open('other')).untilSync()).length).toBe(1)
    await webhook({ externalUserId: USER, status: 'ERROR' })
    for (const stream of streams) expect((await stream.next()).event).toBe('kyc-file')
  })

  it('replays more than 64 KiB, also where there is no room for the stream', async () => {
    const externalUserId = 'x'.repeat(256)
    const { open, webhook } = await serve({ store: memoryStore({ maxEvents: 1000 }), maxStreamsPerUser: 1 })
    const [sync] = await (await open(externalUserId)).untilSync()
    for (let i = 0; i < 300; i++) await webhook({ externalUserId, status: 'ADDED' })
    const second = await open(externalUserId, { 'last-event-id': sync?.id ?? '' })
    expect(await second.untilSync()).toHaveLength(301)
    expect(await second.ended).toEqual([])
  })

  it('gives the place of a stream that ended to the next one', async () => {
    const { open, webhook } = await serve({ maxStreams: 1 })
    const first = await open('first')
    await first.untilSync()
    expect(await (await open(USER)).ended).toHaveLength(1)
    first.close()
    await vi.waitFor(async () => {
      const stream = await open(USER)
      await stream.untilSync()
      await webhook(added)
      expect((await stream.next()).event).toBe('kyc-file')
    })
  })
})

it('is nowhere but below its base path', async () => {
  const { url, open } = await serve({ basePath: '/kyc' })
  expect((await open(USER)).status).toBe(200)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/other`)).status).toBe(404)
  expect((await fetch(new URL('/healthz', url))).status).toBe(404)
  expect((await fetch(`${url}/events/%ff`)).status).toBe(400)
})
