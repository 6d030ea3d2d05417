import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRelay, memoryStore, partnerApi } from '../../src/relay/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'
import { lastIdOf, readerOf, said } from './reader.ts'

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'
const NOON = Date.parse('2025-11-23T12:00:00.000Z')
const DAY = 24 * 60 * 60 * 1000
const MONTH = 30 * DAY
const TOKEN = 'the-webhook-token'

type Status = 'ADDED' | 'ERROR'

/** What a mock and a relay have in common. */
interface Subject {
  fetch(path: string, init?: RequestInit): Promise<Response>
  webhook(status: Status, user?: string): Promise<void>
  /** The same of another step. */
  step(frame: 'poa' | 'user-balance', status: string): Promise<void>
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: NOON }))
afterEach(() => void vi.useRealTimers())

function mock(): Subject {
  const relay = createMockRelay()
  return {
    fetch: (path, init) => relay.fetch(`${relay.url}${path}`, init),
    webhook: async (status, user = USER) => relay.emit(user, status),
    step: async (frame, status) => relay.emit(USER, { frame, status }),
  }
}

function real(): Subject {
  const store = memoryStore()
  const authorizeSubscriber = ({ url }: Request) => decodeURIComponent(url.replace(/^.*\//, ''))
  const webhooks = partnerApi({ paths: { poa: '/webhook/poa' } })
  const relay = createRelay({ store, webhooks, webhookTokens: [TOKEN], authorizeSubscriber })
  onTestFinished(() => relay.drain({ within: 0 }))
  const post = async (path: string, body: object) => {
    const headers = { authorization: TOKEN, 'content-type': 'application/json' }
    const request = new Request(`http://relay.test${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    const { status } = await relay.fetch(request)
    expect(status).toBe(200)
  }
  return {
    fetch: (path, init) => relay.fetch(new Request(`http://relay.test${path}`, init)),
    webhook: (status, user = USER) => post('/webhook/kyc-files/status', { externalUserId: user, status }),
    step: (frame, status) =>
      post(frame === 'poa' ? '/webhook/poa' : '/webhook/user/status', { externalUserId: USER, status }),
  }
}

function open(subject: Subject, lastEventId?: string, accept = 'text/event-stream', user = USER): Promise<Response> {
  const headers = { accept, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) }
  return subject.fetch(`/events/${encodeURIComponent(user)}`, { headers })
}

/** Opens a stream, reads so many frames, and leaves. */
async function visit(subject: Subject, frames: number, lastEventId?: string, user?: string): Promise<string> {
  const reader = readerOf(await open(subject, lastEventId, undefined, user))
  const text = await reader.frames(frames)
  await reader.cancel()
  return text
}

async function webhooks(subject: Subject, ...statuses: Status[]): Promise<void> {
  for (const status of statuses) await subject.webhook(status)
}

const errors = (count: number) => Array.from({ length: count }, () => 'ERROR' as const)

/** Each ends in what its reader has read. */
const scenarios: [string, (subject: Subject) => Promise<string>, string[]][] = [
  ['a first visit without events', (subject) => visit(subject, 1), ['sync complete']],
  [
    'a first visit after two events',
    async (subject) => {
      await webhooks(subject, 'ERROR', 'ADDED')
      return visit(subject, 2)
    },
    ['ADDED', 'sync complete'],
  ],
  [
    'events while the line is open, and of another user',
    async (subject) => {
      const reader = readerOf(await open(subject))
      const first = await reader.frames(1)
      await webhooks(subject, 'ERROR')
      await subject.webhook('ERROR', 'somebody else')
      await webhooks(subject, 'ADDED')
      return first + (await reader.frames(2))
    },
    ['sync complete', 'ERROR', 'ADDED'],
  ],
  [
    'a return with the id of an event',
    async (subject) => {
      await webhooks(subject, 'ERROR')
      const cursor = lastIdOf(await visit(subject, 2))
      await webhooks(subject, 'ADDED', 'ERROR')
      return visit(subject, 3, cursor)
    },
    ['ADDED', 'ERROR', 'sync complete'],
  ],
  [
    'a first visit after webhooks of three kinds, one of them a late repeat',
    async (subject) => {
      await subject.step('poa', 'WAITING')
      await webhooks(subject, 'ERROR')
      await subject.step('poa', 'QUESTIONED')
      await subject.step('user-balance', 'ACTIVE')
      await webhooks(subject, 'ADDED')
      await subject.step('poa', 'WAITING')
      return visit(subject, 5)
    },
    ['QUESTIONED', 'ACTIVE', 'ADDED', 'WAITING', 'sync complete'],
  ],
  [
    'a return from 40 events of one webhook ago, with one of another in between',
    async (subject) => {
      const cursor = lastIdOf(await visit(subject, 1))
      await subject.step('poa', 'QUESTIONED')
      await webhooks(subject, ...errors(40))
      return visit(subject, 3, cursor)
    },
    ['QUESTIONED', 'ERROR', 'sync incomplete'],
  ],
  [
    'a return to a step after the events of another were dropped',
    async (subject) => {
      await webhooks(subject, ...errors(40))
      const cursor = lastIdOf(await visit(subject, 2))
      await subject.step('poa', 'rejected')
      await subject.step('poa', 'unheard_of')
      return visit(subject, 3, cursor)
    },
    ['rejected', 'unheard_of', 'sync complete'],
  ],
  [
    'a return when nothing has come',
    async (subject) => {
      await webhooks(subject, 'ERROR')
      return visit(subject, 1, lastIdOf(await visit(subject, 2)))
    },
    ['sync complete'],
  ],
  [
    'a return from a time without events, when nothing has come',
    async (subject) => visit(subject, 1, lastIdOf(await visit(subject, 1))),
    ['sync complete'],
  ],
  [
    'a return from a time without events, when two have come in the same millisecond',
    async (subject) => {
      const cursor = lastIdOf(await visit(subject, 1))
      await webhooks(subject, 'ERROR', 'ADDED')
      return visit(subject, 3, cursor)
    },
    ['ERROR', 'ADDED', 'sync complete'],
  ],
  [
    'a return from a time without events, when the clock has stepped back',
    async (subject) => {
      await subject.webhook('ADDED', 'somebody else')
      const cursor = lastIdOf(await visit(subject, 1))
      vi.setSystemTime(NOON - 60_000)
      await webhooks(subject, 'ERROR', 'ADDED')
      return visit(subject, 3, cursor)
    },
    ['ERROR', 'ADDED', 'sync complete'],
  ],
  [
    'ids while the clock steps back and goes on',
    async (subject) => {
      const reader = readerOf(await open(subject))
      const first = await reader.frames(1)
      for (const at of [NOON, NOON - 60_000, NOON, NOON + 1]) {
        vi.setSystemTime(at)
        await webhooks(subject, 'ERROR')
      }
      return first + (await reader.frames(4))
    },
    ['sync complete', 'ERROR', 'ERROR', 'ERROR', 'ERROR'],
  ],
  [
    'a return from 32 events ago',
    async (subject) => {
      await webhooks(subject, 'ADDED')
      const cursor = lastIdOf(await visit(subject, 2))
      await webhooks(subject, ...errors(32))
      return visit(subject, 33, cursor)
    },
    [...errors(32), 'sync complete'],
  ],
  [
    'a return from 33 events ago',
    async (subject) => {
      await webhooks(subject, 'ADDED')
      const cursor = lastIdOf(await visit(subject, 2))
      await webhooks(subject, ...errors(33))
      return visit(subject, 2, cursor)
    },
    ['ERROR', 'sync incomplete'],
  ],
  [
    'a return from a time without events, 32 events ago',
    async (subject) => {
      const cursor = lastIdOf(await visit(subject, 1))
      await webhooks(subject, ...errors(32))
      return visit(subject, 33, cursor)
    },
    [...errors(32), 'sync complete'],
  ],
  [
    'a return from a time without events, 33 events ago',
    async (subject) => {
      const cursor = lastIdOf(await visit(subject, 1))
      await webhooks(subject, ...errors(33))
      return visit(subject, 2, cursor)
    },
    ['ERROR', 'sync incomplete'],
  ],
  [
    'a return after more than a month, when nothing has come',
    async (subject) => {
      await webhooks(subject, 'ADDED')
      const cursor = lastIdOf(await visit(subject, 2))
      vi.setSystemTime(NOON + MONTH + 1)
      return visit(subject, 1, cursor)
    },
    ['sync complete'],
  ],
  [
    'a return after more than a day, when what has come is a day old',
    async (subject) => {
      await webhooks(subject, 'ADDED')
      const cursor = lastIdOf(await visit(subject, 2))
      await webhooks(subject, 'ERROR')
      vi.setSystemTime(NOON + DAY + 1)
      await webhooks(subject, 'ADDED')
      return visit(subject, 2, cursor)
    },
    ['ADDED', 'sync incomplete'],
  ],
  [
    'a return from a time without events, after more than a day',
    async (subject) => {
      const cursor = lastIdOf(await visit(subject, 1))
      vi.setSystemTime(NOON + DAY + 1)
      await webhooks(subject, 'ADDED')
      return visit(subject, 2, cursor)
    },
    ['ADDED', 'sync complete'],
  ],
  [
    'a first visit while the wall clock is behind, and runs on',
    async (subject) => {
      await webhooks(subject, 'ADDED')
      vi.setSystemTime(NOON - 60_000)
      vi.advanceTimersByTime(1500)
      const first = await visit(subject, 2)
      await webhooks(subject, 'ERROR')
      return first + (await visit(subject, 2, lastIdOf(first)))
    },
    ['ADDED', 'sync complete', 'ERROR', 'sync complete'],
  ],
  [
    'a return from a point in time that the relay never gave out',
    async (subject) => {
      await webhooks(subject, 'ERROR')
      vi.setSystemTime(NOON + 1000)
      await webhooks(subject, 'ADDED')
      return visit(subject, 2, `${NOON + 500}-7`)
    },
    ['ADDED', 'sync incomplete'],
  ],
  [
    'a first visit when the last event is a day old',
    async (subject) => {
      await webhooks(subject, 'ERROR', 'ADDED')
      vi.setSystemTime(NOON + DAY + 1)
      return visit(subject, 2)
    },
    ['ADDED', 'sync complete'],
  ],
  [
    'a first visit when the last event is older than 30 days',
    async (subject) => {
      await webhooks(subject, 'ADDED')
      vi.setSystemTime(NOON + MONTH + 1)
      return visit(subject, 1)
    },
    ['sync complete'],
  ],
  [
    'a return with an empty cursor',
    async (subject) => {
      await webhooks(subject, 'ERROR', 'ADDED')
      return visit(subject, 2, '')
    },
    ['ADDED', 'sync complete'],
  ],
  ...['no id', '1-1', `${NOON}-7`, `${NOON + DAY}-0`, `${NOON - 2}-7`, '9007199254740992-0', '01-0'].map(
    (cursor): (typeof scenarios)[number] => [
      `a return with the unknown cursor "${cursor}", and an event after it`,
      async (subject) => {
        await webhooks(subject, 'ERROR', 'ADDED')
        const reader = readerOf(await open(subject, cursor))
        const first = await reader.frames(2)
        await webhooks(subject, 'ERROR')
        return first + (await reader.frames(1))
      },
      ['ADDED', 'sync incomplete', 'ERROR'],
    ],
  ),
  [
    'a cursor of an earlier relay',
    async (subject) => {
      const cursor = lastIdOf(await visit(mock(), 1))
      vi.setSystemTime(NOON + 1)
      await webhooks(subject, 'ADDED')
      return visit(subject, 2, cursor)
    },
    ['ADDED', 'sync incomplete'],
  ],
  ...[2000, DAY / 24].flatMap((behind) =>
    [0, behind + 35_000].map((wait): (typeof scenarios)[number] => [
      `a cursor of an earlier relay, by a clock ${behind} ms behind that, after ${wait} ms`,
      async (subject) => {
        const cursor = lastIdOf(await visit(mock(), 1))
        vi.setSystemTime(NOON - behind)
        await webhooks(subject, 'ADDED')
        vi.advanceTimersByTime(wait)
        return visit(subject, 2, cursor)
      },
      ['ADDED', 'sync incomplete'],
    ]),
  ),
  [
    'the id of another user’s event',
    async (subject) => {
      await subject.webhook('ADDED', 'somebody else')
      const cursor = lastIdOf(await visit(subject, 2, undefined, 'somebody else'))
      await webhooks(subject, 'ERROR')
      return visit(subject, 2, cursor)
    },
    ['ERROR', 'sync incomplete'],
  ],
  [
    'a user whose name is not plain',
    async (subject) => {
      await subject.webhook('ADDED', 'ü/ 1%')
      return visit(subject, 2, undefined, 'ü/ 1%')
    },
    ['ADDED', 'sync complete'],
  ],
]

describe.each([
  ['the mock', mock],
  ['the relay', real],
])('%s', (_, create) => {
  it.each(scenarios)('shows to %s', async (_name, scenario, expected) => {
    expect(said(await scenario(create()))).toEqual(expected)
  })
})

describe('the mock and the relay', () => {
  it.each(scenarios)('write the same, to the letter, to %s', async (_, scenario) => {
    const ofMock = await scenario(mock())
    vi.setSystemTime(NOON)
    expect(ofMock).toBe(await scenario(real()))
  })

  const snapshots: [string, Status[], (subject: Subject) => Promise<string | undefined>][] = [
    ['without events', [], async () => undefined],
    ['of two events', ['ERROR', 'ADDED'], async () => undefined],
    ['after a time without events', ['ERROR', 'ADDED'], async (subject) => lastIdOf(await visit(subject, 1))],
    ['after a cursor that is unknown', ['ERROR', 'ADDED'], async () => '1-1'],
    ['after an empty cursor', ['ERROR', 'ADDED'], async () => ''],
  ]

  it.each(snapshots)('have the same snapshot %s', async (_, statuses, cursorOf) => {
    const bodies: string[] = []
    for (const subject of [mock(), real()]) {
      const cursor = await cursorOf(subject)
      await webhooks(subject, ...statuses)
      const response = await open(subject, cursor, 'application/json')
      expect(response.status).toBe(200)
      bodies.push(await response.text())
    }
    expect(bodies[0]).toBe(bodies[1])
  })

  it.each([
    ['GET', `/events/${USER}`, 'text/event-stream'],
    ['GET', `/events/${USER}`, 'application/json'],
    ['GET', `/events/${USER}`, '*/*'],
    ['GET', `/events/${USER}`, 'application/json, text/event-stream'],
    ['GET', `/events/${USER}`, 'application/json, */*'],
    ['GET', `/events/${USER}`, 'text/html'],
    ['POST', `/events/${USER}`, 'text/event-stream'],
    ['DELETE', `/events/${USER}`, 'text/event-stream'],
    ['HEAD', `/events/${USER}`, 'text/event-stream'],
    ['OPTIONS', `/events/${USER}`, '*/*'],
    ['GET', '/events/', 'text/event-stream'],
    ['GET', '/events/a/b', 'text/event-stream'],
    ['GET', '/events/%ff', 'text/event-stream'],
    ['GET', '/', 'text/event-stream'],
  ])('answer %s %s for %s alike', async (method, path, accept) => {
    const answers = await Promise.all(
      [mock(), real()].map(async (subject) => {
        const { status, headers, body } = await subject.fetch(path, { method, headers: { accept } })
        await body?.cancel()
        const names = ['content-type', 'cache-control', 'x-accel-buffering', 'x-content-type-options', 'allow']
        return { status, headers: names.map((name) => [name, headers.get(name)]) }
      }),
    )
    expect(answers[0]).toEqual(answers[1])
  })
})
