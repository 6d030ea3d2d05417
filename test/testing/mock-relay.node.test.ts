import { expect, it, vi } from 'vitest'
import { parseEventId } from '../../src/protocol/index.ts'
import { createMockRelay, InvalidOptionsError, type MockRelay, type MockRelayOptions } from '../../src/testing/index.ts'
import { lastIdOf, readerOf, said } from './reader.ts'

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

const path = (relay: MockRelay) => `${relay.url}/events/${USER}`
const openStream = async (relay: MockRelay, init: RequestInit = {}) =>
  readerOf(await relay.fetch(path(relay), { headers: { accept: 'text/event-stream' }, ...init }))
const snapshot = (relay: MockRelay) => relay.fetch(path(relay), { headers: { accept: 'application/json' } })

it('says retry first, then sync, and is live from then on', async () => {
  const relay = createMockRelay({ now: () => 1_763_932_800_000, heartbeat: 5 })
  const line = await openStream(relay)
  expect(await line.frames(1)).toMatch(
    /^retry: 2000\n\nevent: sync\nid: 1763932799999-\d+\ndata: {"cursor":"1763932799999-\d+","now":"2025-11-23T21:20:00.000Z","complete":true,"heartbeat":5}\n\n$/,
  )
  relay.emit(USER, 'ADDED')
  expect(await line.frames(1)).toBe(
    `event: kyc-file\nid: 1763932800000-0\ndata: {"externalUserId":"${USER}","status":"ADDED","receivedAt":"2025-11-23T21:20:00.000Z"}\n\n`,
  )
})

it.each([
  ['stands still', [1000, 1000, 1000]],
  ['steps back', [5000, 1000, 4000, 5001]],
  ['stands at zero', [0, 0]],
  ['has parts of milliseconds', [1.2, 1.7, 2.5]],
])('gives ids that rise while its time %s', async (_, times) => {
  let time = times[0] ?? 0
  const relay = createMockRelay({ now: () => time })
  const line = await openStream(relay)
  const ids = [lastIdOf(await line.frames(1))]
  for (time of times) {
    relay.emit(USER, 'ADDED')
    ids.push(lastIdOf(await line.frames(1)))
  }
  const parsed = ids.map((id) => parseEventId(id) ?? expect.unreachable(id))
  for (const [index, { ms, n }] of parsed.slice(1).entries()) {
    const before = parsed[index] ?? expect.unreachable()
    expect(ms > before.ms || (ms === before.ms && n > before.n), ids.join(' ')).toBe(true)
  }
})

it('lives in the time of fake timers that are set up after it', async () => {
  const relay = createMockRelay()
  vi.useFakeTimers({ now: 1_763_932_800_000 })
  try {
    relay.emit(USER, 'ADDED')
    const { now, events } = await (await snapshot(relay)).json()
    expect(now).toBe('2025-11-23T21:20:00.000Z')
    expect(events[0].id).toBe('1763932800000-0')
  } finally {
    vi.useRealTimers()
  }
})

it('counts what is asked for, what is open, and what was opened', async () => {
  const relay = createMockRelay()
  const counts = () => [relay.requests, relay.opened, relay.connections]
  expect(counts()).toEqual([0, 0, 0])
  const first = await openStream(relay)
  const leave = new AbortController()
  await openStream(relay, { signal: leave.signal })
  expect(counts()).toEqual([2, 2, 2])
  await snapshot(relay)
  expect(counts()).toEqual([3, 2, 2])
  await first.cancel()
  expect(counts()).toEqual([3, 2, 1])
  leave.abort()
  expect(counts()).toEqual([3, 2, 0])
  relay.respond(503)
  await snapshot(relay)
  expect(counts()).toEqual([4, 2, 0])
})

it('shows what has been asked for', async () => {
  const relay = createMockRelay()
  const headers = { accept: 'text/event-stream', 'last-event-id': '1-0', authorization: 'Bearer token' }
  await relay.fetch(path(relay), { headers })
  relay.respond(401)
  await relay.fetch(path(relay))
  await relay.fetch(`${relay.url}/elsewhere`)
  expect(relay.requests).toBe(3)
  expect(relay.received).toEqual([
    { externalUserId: USER, lastEventId: '1-0', authorization: 'Bearer token', accept: 'text/event-stream' },
    { externalUserId: USER, lastEventId: null, authorization: null, accept: null },
  ])
})

it.each<[string, (relay: MockRelay) => Promise<Response>]>([
  ['a URL', (relay) => relay.fetch(new URL(path(relay)))],
  ['text', (relay) => relay.fetch(path(relay), { headers: { accept: 'text/event-stream' } })],
  ['a request', (relay) => relay.fetch(new Request(path(relay)))],
  ['a request and more', (relay) => relay.fetch(new Request(path(relay), { method: 'POST' }), { method: 'GET' })],
  ['a path below the base path of an application', (relay) => relay.fetch(`/kyc/events/${USER}`)],
  ['the URL of another host', (relay) => relay.fetch(`https://relay.example/kyc/events/${USER}?a=b`)],
])('takes %s', async (_, ask) => {
  const relay = createMockRelay()
  const line = readerOf(await ask(relay))
  relay.emit(USER, 'ADDED')
  expect(said(await line.frames(2))).toEqual(['sync complete', 'ADDED'])
})

it.each<[string, (relay: MockRelay, signal: AbortSignal) => Promise<Response>]>([
  ['of a URL', (relay, signal) => relay.fetch(path(relay), { signal })],
  ['of a request', (relay, signal) => relay.fetch(new Request(path(relay), { signal }))],
])('ends the line when the signal %s aborts, with its reason', async (_, ask) => {
  const relay = createMockRelay()
  const controller = new AbortController()
  const line = readerOf(await ask(relay, controller.signal))
  await line.frames(1)
  const reason = new Error('not wanted any more')
  controller.abort(reason)
  await expect(line.rest()).rejects.toBe(reason)
  expect(relay.connections).toBe(0)
  await expect(ask(relay, controller.signal)).rejects.toBe(reason)
  expect(relay.requests).toBe(1)
})

it('sends a comment on every line, and none by itself', async () => {
  const relay = createMockRelay()
  const [one, two] = [await openStream(relay), await openStream(relay)]
  for (const line of [one, two]) expect(await line.frames(1)).not.toMatch(/^:/m)
  relay.comment()
  relay.closeCleanly()
  for (const line of [one, two]) expect(await line.rest()).toBe(':\n\nretry: 2000\n\n')
})

it('breaks lines as a lost network does, and serves whoever comes back', async () => {
  const relay = createMockRelay()
  const line = await openStream(relay)
  const cursor = lastIdOf(await line.frames(1))
  relay.drop()
  await expect(line.rest()).rejects.toThrow(new TypeError('network error'))
  expect(relay.connections).toBe(0)
  relay.emit(USER, 'ERROR')
  const back = await openStream(relay, { headers: { 'last-event-id': cursor } })
  expect(said(await back.frames(2))).toEqual(['ERROR', 'sync complete'])
})

it('ends lines cleanly after it has said how long to wait', async () => {
  const relay = createMockRelay()
  const line = await openStream(relay)
  await line.frames(1)
  relay.closeCleanly({ retry: 50 })
  expect(await line.rest()).toBe('retry: 50\n\n')
  expect(relay.connections).toBe(0)
})

it('answers with a status from now on, and leaves the lines that are open', async () => {
  const relay = createMockRelay()
  const line = await openStream(relay)
  await line.frames(1)
  relay.respond(403)
  const { status, body } = await relay.fetch(path(relay))
  expect({ status, body }).toEqual({ status: 403, body: null })
  relay.emit(USER, 'ADDED')
  expect(said(await line.frames(1))).toEqual(['ADDED'])
  relay.respond(null)
  expect((await relay.fetch(path(relay))).status).toBe(200)
})

it('fails as there is no network', async () => {
  const relay = createMockRelay()
  relay.respond('network')
  await expect(relay.fetch(path(relay))).rejects.toThrow(TypeError)
})

it('answers with what a function returns, which sees the request', async () => {
  const relay = createMockRelay()
  relay.respond(async (request) => {
    await Promise.resolve()
    return new Response(request.headers.get('authorization'), { status: 429, headers: { 'retry-after': '7' } })
  })
  const response = await relay.fetch(path(relay), { headers: { authorization: 'Bearer token' } })
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('7')
  expect(await response.text()).toBe('Bearer token')
})

it('rejects when it is aborted, also while a function has not answered', async () => {
  const relay = createMockRelay()
  const controller = new AbortController()
  relay.respond(() => new Promise(() => {}))
  const answer = relay.fetch(path(relay), { signal: controller.signal })
  controller.abort()
  await expect(answer).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
})

it('never answers while it hangs, until the request is aborted', async () => {
  const relay = createMockRelay()
  relay.hang()
  const controller = new AbortController()
  const settled = vi.fn()
  const answer = relay.fetch(path(relay), { signal: controller.signal })
  answer.then(settled, settled)
  relay.respond(null)
  await (await openStream(relay)).frames(1)
  expect(settled).not.toHaveBeenCalled()
  controller.abort()
  await expect(answer).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  expect(relay.opened).toBe(1)
})

it('opens streams on which nothing comes, and serves snapshots, behind a proxy that holds streams back', async () => {
  const relay = createMockRelay()
  relay.swallow()
  const line = await openStream(relay)
  relay.emit(USER, 'ADDED')
  relay.comment()
  expect((await (await snapshot(relay)).json()).events).toMatchObject([{ data: { status: 'ADDED' } }])
  expect([relay.opened, relay.connections]).toEqual([1, 1])

  relay.respond(null)
  expect(said(await (await openStream(relay)).frames(2))).toEqual(['ADDED', 'sync complete'])
  relay.closeCleanly()
  expect(await line.rest()).toBe('')
  expect(relay.connections).toBe(0)
})

it('keeps two relays apart', async () => {
  const [one, two] = [createMockRelay(), createMockRelay()]
  expect(one.url).not.toBe(two.url)
  one.emit(USER, 'ADDED')
  expect((await (await snapshot(two)).json()).events).toEqual([])
})

// What no type checker keeps JavaScript from passing.
it.each<[unknown, string]>([
  [{ heartbeat: 0 }, 'heartbeat: expected seconds above 0, 3600 at most'],
  [{ heartbeat: 3601 }, 'heartbeat: expected seconds above 0, 3600 at most'],
  [{ heartbeat: Number.NaN }, 'heartbeat: expected seconds above 0, 3600 at most'],
  [{ heartbeat: '15' }, 'heartbeat: expected seconds above 0, 3600 at most'],
  [{ now: 0 }, 'now: expected a function'],
  [{ now: 0, hearbeat: 15 }, 'now: expected a function; hearbeat: not an option'],
])('refuses the options %j', (options, problem) => {
  expect(() => createMockRelay(options as MockRelayOptions)).toThrow(
    new InvalidOptionsError(`createMockRelay: ${problem}`),
  )
})

it.each<[string, (relay: MockRelay) => void, string]>([
  ['a user that a relay would refuse', (relay) => relay.emit('', 'ADDED'), 'emit: externalUserId: expected 1 to 256'],
  ['a status that there is not', (relay) => relay.emit(USER, 'added' as 'ADDED'), 'emit: status: expected "ADDED"'],
  ['a status of HTTP that is none', (relay) => relay.respond(42), 'respond: expected a status from 200 to 599'],
  ['a wait that is none', (relay) => relay.closeCleanly({ retry: -1 }), 'closeCleanly: retry: expected whole'],
])('refuses %s', (_, act, problem) => {
  expect(() => act(createMockRelay())).toThrow(problem)
})

it.each<[string, Parameters<MockRelay['emit']>[1], string, object]>([
  ['a word of poa', { frame: 'poa', status: 'WAITING' }, 'poa', { status: 'WAITING', state: 'in_review' }],
  [
    'a word that says why',
    { frame: 'poa', status: 'QUESTIONED' },
    'poa',
    { status: 'QUESTIONED', state: 'action_needed', reason: 'unclear' },
  ],
  ['a word in another case', { frame: 'poa', status: 'approved' }, 'poa', { status: 'approved', state: 'approved' }],
  [
    'a word that nobody knows',
    { frame: 'kyc-verification', status: 'DONE' },
    'kyc-verification',
    { status: 'DONE', state: 'unknown' },
  ],
  [
    'another meaning of a word',
    { frame: 'poa', status: 'QUESTIONED', state: 'declined' },
    'poa',
    { status: 'QUESTIONED', state: 'declined' },
  ],
  [
    'all that there is to say',
    { frame: 'mine', status: 'no', state: 'expired', reason: 'late', occurredAt: '2025-11-23T22:00:00+01:00' },
    'mine',
    { status: 'no', state: 'expired', reason: 'late', occurredAt: '2025-11-23T21:00:00.000Z' },
  ],
  ['the file, as an object', { frame: 'kyc-file', status: 'ADDED' }, 'kyc-file', { status: 'ADDED' }],
])('emits %s, as the relay writes it', async (_, webhook, frame, said) => {
  const relay = createMockRelay({ now: () => 1_763_932_800_000 })
  const line = await openStream(relay)
  await line.frames(1)
  relay.emit(USER, webhook)
  const data = JSON.stringify({ externalUserId: USER, ...said, receivedAt: '2025-11-23T21:20:00.000Z' })
  expect(await line.frames(1)).toBe(`event: ${frame}\nid: 1763932800000-0\ndata: ${data}\n\n`)
})

it.each<[string, unknown, string]>([
  ['a frame of one’s own without a state', { frame: 'mine', status: 'done' }, 'emit: state: expected one of'],
  ['a state that there is not', { frame: 'poa', status: 'done', state: 'fine' }, 'emit: state: expected one of'],
  ['a state of the file', { frame: 'kyc-file', status: 'ADDED', state: 'approved' }, 'emit: state: not an option'],
  ['a word of the file that there is not', { frame: 'kyc-file', status: 'DONE' }, 'emit: status: expected "ADDED"'],
  ['the frame sync', { frame: 'sync', status: 'done', state: 'approved' }, 'emit: frame: expected'],
  ['no word', { frame: 'poa' }, 'emit: status: expected a word'],
  ['a time that is none', { frame: 'poa', status: 'WAITING', occurredAt: 'soon' }, 'emit: occurredAt: expected a time'],
  ['nothing', null, 'emit: status: expected "ADDED"'],
])('refuses to emit %s', (_, webhook, problem) => {
  expect(() => createMockRelay().emit(USER, webhook as 'ADDED')).toThrow(problem)
})

it('refuses a time that is none, where it is asked for', () => {
  const relay = createMockRelay({ now: () => Number.NaN })
  expect(() => relay.emit(USER, 'ADDED')).toThrow('createMockRelay: now: expected it to return milliseconds')
})
