import { Writable } from 'node:stream'
import { dehydrate, HydrationBoundary, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createElement, type ReactNode, Suspense } from 'react'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { renderToReadableStream } from 'react-dom/server.edge'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  createKycStatusClient,
  KycStatusProvider,
  KycUploadStatus,
  kycFileStatusOptions,
  kycKeys,
  useKycFileStatus,
  useSuspenseKycFileStatus,
} from '../../src/react/index.ts'
import {
  KycStepStatus,
  KycTimeline,
  kycStepOptions,
  kycTimelineOptions,
  useSuspenseKycStep,
} from '../../src/react/timeline/index.ts'
import { createMockRelay, type Responder } from '../../src/testing/index.ts'
import { fakeTime, pass, settle } from '../client/fake-time.ts'
import { quiet } from '../quiet.ts'

const USER = 'user'

function setUp() {
  const relay = createMockRelay()
  const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
  onTestFinished(() => client.close())
  const queryClient = new QueryClient()
  onTestFinished(() => queryClient.clear())
  const page = (component: ReactNode) =>
    createElement(
      QueryClientProvider,
      { client: queryClient },
      createElement(KycStatusProvider, { client }, createElement(Suspense, { fallback: 'loading' }, component)),
    )
  return { relay, client, queryClient, page }
}

const Outcome = () => useSuspenseKycFileStatus(USER).data.outcome
const Selected = () => useSuspenseKycFileStatus(USER, { select: ({ outcome }) => outcome }).data

/** What a server sends, once its response has ended. */
function send(element: ReactNode): Promise<{ html: string; errors: unknown[] }> {
  return new Promise((resolve) => {
    let html = ''
    const errors: unknown[] = []
    const response = new Writable({
      write(chunk, _, done) {
        html += chunk
        done()
      },
      final(done) {
        done()
        resolve({ html, errors })
      },
    })
    const { pipe } = renderToPipeableStream(element, {
      onShellReady: () => void pipe(response),
      onError: (error) => void errors.push(error),
    })
  })
}

/** What the relay does while it is down. */
const downs: [string, (relay: ReturnType<typeof createMockRelay>) => void][] = [
  ['cannot be reached', (relay) => relay.respond('network')],
  ['never answers', (relay) => relay.hang()],
  ['answers 503', (relay) => relay.respond(503)],
  ['answers 404', (relay) => relay.respond(404)],
  [
    'answers with a page of HTML',
    (relay) =>
      relay.respond(
        (() => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })) satisfies Responder,
      ),
  ],
  ['opens streams in which nothing ever comes', (relay) => relay.swallow()],
]
/** What it refuses, for good. */
const refusals: typeof downs = [
  ['answers 403', (relay) => relay.respond(403)],
  ['answers 401', (relay) => relay.respond(401)],
]

beforeEach(() => {
  fakeTime()
  quiet()
})

describe('a Suspense hook without data on a server', () => {
  it.each<[string, (relay: ReturnType<typeof createMockRelay>) => void]>([
    ['is well', () => {}],
    ...downs,
    ...refusals,
  ])('lets the response end with the fallback, and opens nothing, where the relay %s', async (_, prepare) => {
    const { relay, client, page } = setUp()
    prepare(relay)
    const sent = send(page(createElement(Outcome)))
    await settle()
    const { html, errors } = await sent
    expect(html).toContain('loading')
    expect(errors).toEqual([expect.objectContaining({ name: 'KycStatusError', code: 'unavailable' })])
    expect(relay.requests).toBe(0)
    await pass(60_000)
    expect(relay.requests).toBe(0)
    expect(client.getState(USER).connection.status).toBe('idle')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets a response of the web end as well', async () => {
    const { relay, page } = setUp()
    const errors: unknown[] = []
    const stream = await renderToReadableStream(page(createElement(Outcome)), { onError: (e) => void errors.push(e) })
    await stream.allReady
    expect(await new Response(stream).text()).toContain('loading')
    expect(errors).toHaveLength(1)
    expect(relay.requests).toBe(0)
  })

  it('lets renderToString end as well', () => {
    const { relay, page } = setUp()
    expect(renderToString(page(createElement(Outcome)))).toContain('loading')
    expect(relay.requests).toBe(0)
  })

  it('opens nothing for a hundred components', async () => {
    const { relay, page } = setUp()
    const { html } = await send(page(Array.from({ length: 100 }, (_, key) => createElement(Outcome, { key }))))
    expect(html).toContain('loading')
    expect(relay.requests).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('data that was prefetched', () => {
  it.each([
    ['the Suspense hook', Outcome],
    ['the Suspense hook with a select', Selected],
    ['the hook', () => useKycFileStatus(USER).data?.outcome],
  ] as const)('is rendered on the server by %s', async (_, component) => {
    const { relay, client, queryClient, page } = setUp()
    relay.emit(USER, 'ADDED')
    await queryClient.prefetchQuery(kycFileStatusOptions(client, { externalUserId: USER }))
    const { requests } = relay
    const { html, errors } = await send(page(createElement(component)))
    expect(html).toContain('added')
    expect(errors).toEqual([])
    expect(relay.requests).toBe(requests)
  })

  it('is rendered from another query client that was hydrated', async () => {
    const { relay, client, queryClient, page } = setUp()
    relay.emit(USER, 'ERROR')
    const first = new QueryClient()
    await first.prefetchQuery(kycFileStatusOptions(client, { externalUserId: USER }))
    const state = dehydrate(first)
    first.clear()
    expect(queryClient.getQueryData(kycKeys.fileStatus(USER, null, client.url))).toBeUndefined()
    const { html } = await send(page(createElement(HydrationBoundary, { state }, createElement(Outcome))))
    expect(html).toContain('error')
  })

  it("is not another user's", async () => {
    const { relay, client, queryClient, page } = setUp()
    relay.emit('somebody else', 'ADDED')
    await queryClient.prefetchQuery(kycFileStatusOptions(client, { externalUserId: 'somebody else' }))
    const { html } = await send(page(createElement(Outcome)))
    expect(html).toContain('loading')
    expect(html).not.toContain('added')
  })
})

describe.each([...downs, ...refusals])('where the relay %s', (_, prepare) => {
  it('prefetchQuery settles within 3 s on a server, never rejects, and asks no more', async () => {
    const { relay, client, queryClient } = setUp()
    prepare(relay)
    const settled = vi.fn()
    const prefetched = queryClient.prefetchQuery(kycFileStatusOptions(client, { externalUserId: USER })).then(settled)
    await pass(3000)
    expect(settled).toHaveBeenCalledOnce()
    await prefetched
    expect(queryClient.getQueryData(kycKeys.fileStatus(USER, null, client.url))).toBeUndefined()
    // The connection outlives its last reader for a second.
    await pass(1001)
    const { requests } = relay
    await pass(60_000)
    expect(relay.requests).toBe(requests)
    expect(client.getState(USER).connection.status).not.toBe('connecting')
  })

  it('fetchQuery rejects within 3 s on a server', async () => {
    const { relay, client, queryClient } = setUp()
    prepare(relay)
    const rejected = vi.fn()
    const fetched = queryClient.fetchQuery(kycFileStatusOptions(client, { externalUserId: USER })).catch(rejected)
    await pass(3000)
    expect(rejected).toHaveBeenCalledWith(expect.objectContaining({ name: 'KycStatusError' }))
    await fetched
  })

  it('two prefetches at once both settle, and the page is sent with the fallback', async () => {
    const { relay, client, queryClient, page } = setUp()
    prepare(relay)
    const prefetched = Promise.all(
      [USER, 'another user'].map((externalUserId) =>
        queryClient.prefetchQuery(kycFileStatusOptions(client, { externalUserId })),
      ),
    )
    await pass(3000)
    await prefetched
    const { html } = await send(page(createElement(Outcome)))
    expect(html).toContain('loading')
  })
})

it('a prefetch that is given up asks no more', async () => {
  const { relay, client, queryClient } = setUp()
  relay.respond(503)
  const options = kycFileStatusOptions(client, { externalUserId: USER })
  const prefetched = queryClient.prefetchQuery(options)
  await pass(500)
  await queryClient.cancelQueries({ queryKey: options.queryKey })
  await prefetched
  await pass(1001)
  const { requests } = relay
  await pass(60_000)
  expect(relay.requests).toBe(requests)
})

it('components without data render on a server, and open nothing', async () => {
  const { relay, page } = setUp()
  const { html, errors } = await send(page(createElement(KycUploadStatus, { externalUserId: USER })))
  expect(html).toContain('kyc-upload-status')
  expect(errors).toEqual([])
  expect(relay.requests).toBe(0)
})

describe('steps', () => {
  const steps = ['poa', 'kyc-verification']
  const Poa = () => useSuspenseKycStep(USER, 'poa').data.state

  it('that were prefetched are rendered on the server, with the time of the relay', async () => {
    const { relay, client, queryClient, page } = setUp()
    relay.emit(USER, { frame: 'poa', status: 'QUESTIONED' })
    await queryClient.prefetchQuery(kycStepOptions(client, { externalUserId: USER, step: 'poa' }))
    await queryClient.prefetchQuery(kycTimelineOptions(client, { externalUserId: USER, steps }))
    const { requests } = relay
    const { html, errors } = await send(page(createElement(KycTimeline, { externalUserId: USER, steps })))
    expect(errors).toEqual([])
    expect(html).toContain('Action needed')
    expect(html).toMatch(/<time dateTime="[\d-]+T[\d:.]+Z">/i)
    expect((await send(page(createElement(Poa)))).html).toContain('action_needed')
    expect(relay.requests).toBe(requests)
  })

  it('without data are rendered as a list, with a region that is empty, and open nothing', async () => {
    const { relay, page } = setUp()
    const { html, errors } = await send(
      page([
        createElement(KycTimeline, { key: 'timeline', externalUserId: USER, steps }),
        createElement(KycStepStatus, { key: 'card', externalUserId: USER, step: 'poa' }),
      ]),
    )
    expect(errors).toEqual([])
    expect(html.match(/<li /g)).toHaveLength(2)
    expect(html).toMatch(/<div role="status"[^>]*><\/div>/)
    expect(relay.requests).toBe(0)
  })

  it('that suspend without data let the response end with the fallback', async () => {
    const { relay, page } = setUp()
    const { html, errors } = await send(page(createElement(Poa)))
    expect(html).toContain('loading')
    expect(errors).toEqual([expect.objectContaining({ code: 'unavailable' })])
    expect(relay.requests).toBe(0)
  })
})
