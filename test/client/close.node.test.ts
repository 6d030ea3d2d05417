import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type EventStreamOptions, type KycStatusClient, openEventStream } from '../../src/client/index.ts'
import { createMockRelay, type MockRelay } from '../../src/testing/index.ts'
import { quiet } from '../quiet.ts'
import { fakePage, fakeTime, pass, settle } from './fake-time.ts'
import { mockPage, USER } from './mock-page.ts'

beforeEach(() => {
  fakeTime()
  quiet()
})

interface Phase {
  relay: MockRelay
  client: KycStatusClient
  turn: ReturnType<typeof fakePage>['turn']
}

/** How a line gets where it is when it is closed. */
const phases: [string, (phase: Phase) => void | Promise<void>][] = [
  ['nobody has come', () => {}],
  [
    'it connects',
    ({ relay, client }) => {
      relay.hang()
      client.subscribe(USER, () => {})
    },
  ],
  [
    'it has been connecting for 7 s',
    async ({ relay, client }) => {
      relay.hang()
      client.subscribe(USER, () => {})
      await pass(7000)
    },
  ],
  [
    'it is open',
    async ({ client }) => {
      client.subscribe(USER, () => {})
      await pass(100)
    },
  ],
  [
    'it waits to connect again',
    async ({ relay, client }) => {
      relay.respond(503)
      client.subscribe(USER, () => {})
      await pass(3000)
    },
  ],
  [
    'it waits because the server has named a time',
    async ({ relay, client }) => {
      relay.respond(() => new Response(null, { status: 503, headers: { 'retry-after': '120' } }))
      client.subscribe(USER, () => {})
      await pass(3000)
    },
  ],
  [
    'it has failed',
    async ({ relay, client }) => {
      relay.respond(403)
      client.subscribe(USER, () => {})
      await pass(100)
    },
  ],
  [
    'it is offline',
    async ({ client, turn }) => {
      client.subscribe(USER, () => {})
      await pass(100)
      turn({ isOnline: false })
      await settle()
    },
  ],
  [
    'the page has just been hidden',
    async ({ client, turn }) => {
      client.subscribe(USER, () => {})
      await pass(100)
      turn({ isVisible: false })
      await settle()
    },
  ],
  [
    'the page has been hidden for a minute',
    async ({ client, turn }) => {
      client.subscribe(USER, () => {})
      await pass(100)
      turn({ isVisible: false })
      await pass(60_000)
    },
  ],
  [
    'it polls',
    async ({ relay, client }) => {
      relay.swallow()
      client.subscribe(USER, () => {})
      await pass(25_000)
    },
  ],
  [
    'the last reader has just left',
    async ({ client }) => {
      const leave = client.subscribe(USER, () => {})
      await pass(100)
      leave()
    },
  ],
  [
    'the last reader has left before it was open',
    ({ relay, client }) => {
      relay.hang()
      client.subscribe(USER, () => {})()
    },
  ],
  [
    'an upload begins',
    async ({ relay, client }) => {
      relay.hang()
      void client.beginUpload(USER)
      await pass(1000)
    },
  ],
  [
    'an upload begins, and the relay refuses',
    async ({ relay, client }) => {
      relay.respond(503)
      client.subscribe(USER, () => {})
      void client.beginUpload(USER)
      await pass(1000)
    },
  ],
  [
    'somebody waits until it is ready',
    async ({ relay, client }) => {
      relay.hang()
      client.ready(USER, new AbortController().signal).catch(() => {})
      await pass(1000)
    },
  ],
  [
    'somebody waits until it has polled again',
    async ({ relay, client }) => {
      relay.swallow()
      client.subscribe(USER, () => {})
      await pass(25_000)
      relay.hang()
      client.ready(USER, new AbortController().signal).catch(() => {})
      await settle()
    },
  ],
  [
    'two users are read',
    async ({ client }) => {
      client.subscribe(USER, () => {})
      client.subscribe('another user', () => {})
      await pass(100)
    },
  ],
  [
    'it was signed out',
    async ({ client }) => {
      client.subscribe(USER, () => {})
      await pass(100)
      client.signOut()
    },
  ],
]

describe.each(phases)('a client that is closed while %s', (_, reach) => {
  async function closed() {
    const { presence, turn } = fakePage()
    const { relay, client } = mockPage({ presence })
    await reach({ relay, client, turn })
    client.close()
    await settle()
    return { relay, client }
  }

  it('leaves no timer', async () => {
    await closed()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no stream, and asks for nothing more, whoever comes', async () => {
    const { relay, client } = await closed()
    expect(relay.connections).toBe(0)
    const { requests } = relay
    relay.respond(null)
    client.subscribe(USER, () => {})
    client.reconnect(USER)
    await client.beginUpload(USER)
    client.signOut()
    await pass(60_000)
    expect(relay.requests).toBe(requests)
    expect(client.getState(USER).error).toMatchObject({ code: 'closed' })
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('a client whose getToken never settles leaves no timer', async () => {
  const { client } = mockPage({ getToken: () => new Promise<never>(() => {}) })
  client.subscribe(USER, () => {})
  await pass(1000)
  client.close()
  await settle()
  expect(vi.getTimerCount()).toBe(0)
})

/** What an event stream waits for when it is ended. */
describe.each<[string, (relay: MockRelay) => EventStreamOptions]>([
  [
    'an answer',
    (relay) => {
      relay.hang()
      return {}
    },
  ],
  ['a message', () => ({})],
  [
    'its next try',
    (relay) => {
      relay.respond(503)
      return { retry: { base: 60_000, max: 60_000 } }
    },
  ],
  ['the network', () => ({ presence: { isVisible: () => true, isOnline: () => false, subscribe: () => () => {} } })],
  ['its headers', () => ({ headers: () => new Promise<never>(() => {}) })],
])('an event stream that waits for %s', (_, prepare) => {
  async function waiting() {
    const relay = createMockRelay()
    const stream = openEventStream(`${relay.url}/events/${USER}`, { fetch: relay.fetch, ...prepare(relay) })
    let isPending = false
    let next: Promise<unknown> = Promise.resolve()
    for (let i = 0; i < 10 && !isPending; i++) {
      isPending = true
      next = stream.next().then(() => {
        isPending = false
      })
      await settle()
    }
    expect(isPending).toBe(true)
    return { relay, stream, next }
  }

  it('ends at once with return(), and so does the next() that is pending', async () => {
    const { relay, stream, next } = await waiting()
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    await next
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(relay.connections).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends at once with throw()', async () => {
    const { stream, next } = await waiting()
    await expect(stream.throw(new Error('enough'))).rejects.toThrow('enough')
    await next
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends once, however often it is told to', async () => {
    const { stream, next } = await waiting()
    await Promise.all([stream.return(), stream.return(), next])
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('an event stream that nobody has read ends with return(), and asks for nothing', async () => {
  const relay = createMockRelay()
  const stream = openEventStream(relay.url, { fetch: relay.fetch })
  expect(await stream.return()).toEqual({ done: true, value: undefined })
  expect(await stream.next()).toEqual({ done: true, value: undefined })
  expect(relay.requests).toBe(0)
})
