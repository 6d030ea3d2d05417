import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import type { KycStatusClientOptions } from '../../src/client/index.ts'
import { fakePage, fakeTime, pass as passInSteps } from './fake-time.ts'
import { mockPage, USER } from './mock-page.ts'

const HOUR = 3_600_000

beforeEach(() => {
  fakeTime()
  // The middle of each wait; the bounds are about the policy, not about luck.
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  onTestFinished(() => void vi.restoreAllMocks())
})

/** Steps that are shorter than any wait. */
const pass = (ms: number) => passInSteps(ms, 250)

function connect(options: Partial<KycStatusClientOptions> = {}) {
  const page = mockPage({ getToken: () => 'token', ...options })
  page.client.subscribe(USER, () => {})
  return page
}

const stream = (text: string) => new Response(text, { headers: { 'content-type': 'text/event-stream' } })
const never = () => new Promise<never>(() => {})

/** What a server does, and how many requests it gets within an hour: at least, and at most. */
it.each<[string, () => Response | Promise<Response>, number, number]>([
  ['ends each stream at once', () => stream(''), 240, 260],
  ['breaks each stream off after some bytes', () => stream('retry: 10\n\nevent: kyc-fi'), 240, 260],
  ['answers 500 for ever', () => new Response(null, { status: 500 }), 240, 260],
  [
    'answers 503 and names a minute',
    () => new Response(null, { status: 503, headers: { 'retry-after': '60' } }),
    55,
    65,
  ],
  ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')), 240, 260],
  ['never answers', never, 240, 260],
  ['answers 401 for ever', () => new Response(null, { status: 401 }), 2, 2],
  ['answers with another type', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), 240, 260],
  ['answers 404', () => new Response(null, { status: 404 }), 240, 260],
  ['answers 403', () => new Response(null, { status: 403 }), 1, 1],
  ['answers 204', () => new Response(null, { status: 204 }), 240, 260],
])('a server that %s is not stormed', async (name, answer, least, most) => {
  const requests = vi.fn<typeof fetch>((_input, init) =>
    Promise.race([
      Promise.resolve().then(answer),
      new Promise<never>((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
    ]),
  )
  connect({ fetch: requests })
  await pass(HOUR)
  const { length } = requests.mock.calls
  console.log(`a server that ${name}: ${length} requests in an hour`)
  expect(length).toBeGreaterThanOrEqual(least)
  expect(length).toBeLessThanOrEqual(most)
})

it('a network that comes and goes every 10 s for an hour costs a request each time that it comes, and loses nothing', async () => {
  const { presence, turn } = fakePage()
  const { relay, state } = connect({ presence })
  for (let flap = 0; flap < HOUR / 20_000; flap++) {
    await pass(10_000)
    turn({ isOnline: false })
    relay.drop()
    relay.emit(USER, flap % 2 === 0 ? 'ERROR' : 'ADDED')
    await pass(10_000)
    turn({ isOnline: true })
    await pass(10)
    expect(state().status?.outcome).toBe(flap % 2 === 0 ? 'error' : 'added')
  }
  console.log(`a network that comes and goes every 10 s: ${relay.requests} requests in an hour`)
  expect(relay.requests).toBe(HOUR / 20_000 + 1)
})

it('a network that breaks each line after 5 s for an hour, and says nothing of it, is asked less and less', async () => {
  const { relay, state } = connect()
  for (let cut = 0; cut < HOUR / 5000; cut++) {
    await pass(5000)
    relay.drop()
  }
  console.log(`a network that breaks each line after 5 s: ${relay.requests} requests in an hour`)
  expect(relay.requests).toBeLessThan(250)
  relay.emit(USER, 'ADDED')
  await pass(40_000)
  expect(state().status?.outcome).toBe('added')
})
