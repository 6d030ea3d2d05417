import { hydrate, IsRestoringProvider, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, render, renderHook, screen, waitFor } from '@testing-library/react'
import { type ReactNode, Suspense } from 'react'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  createKycStatusClient,
  type KycFileStatus,
  type KycStatusClient,
  KycStatusProvider,
  kycFileStatusOptions,
  kycKeys,
  useKycFileStatus,
  useKycUpload,
  useSuspenseKycFileStatus,
} from '../../src/react/index.ts'
import type { MockRelay } from '../../src/testing/index.ts'
import { setUp, USER } from './render.tsx'

afterEach(cleanup)

/** A page that reads `data` alone; what it has shown is in `seen`. */
function openPage() {
  const { relay, client, provide } = setUp()
  const seen: string[] = []
  const actions = { clear: () => {}, reset: () => {}, reconnect: () => {} }
  function Outcome() {
    const { data } = useKycFileStatus(USER)
    seen.push(data?.outcome ?? 'nothing')
    return <p>{data?.outcome ?? 'nothing'}</p>
  }
  function Actions() {
    const { clear, reconnect } = useKycFileStatus(USER)
    const { reset } = useKycUpload({ externalUserId: USER, upload: async () => {} })
    Object.assign(actions, { clear, reset, reconnect })
    return null
  }
  const queryClient = new QueryClient()
  const app = (one: QueryClient) => (
    <QueryClientProvider client={one}>
      {provide(
        <>
          <Outcome />
          <Actions />
        </>,
      )}
    </QueryClientProvider>
  )
  const { rerender } = render(app(queryClient))
  const swap = (next: QueryClient) => rerender(app(next))
  return { relay, client, queryClient, seen, actions, swap }
}
type Page = ReturnType<typeof openPage>

const keyOf = (client: KycStatusClient) => kycKeys.fileStatus(USER, null, client.url)

/** What no relay has said: its cursor is ahead of all that will come. */
function madeUp(outcome: 'added' | 'error' | 'none', cursor = `${Date.now() + 3_600_000}-0`): KycFileStatus {
  const known = { externalUserId: USER, attemptId: null, doubt: null, cursor }
  const count = { expected: outcome === 'none' ? 0 : 1, added: Number(outcome === 'added') }
  const files = { ...count, failed: Number(outcome === 'error') }
  return outcome === 'none'
    ? { ...known, files, outcome, at: null }
    : { ...known, files, outcome, at: '2026-11-23T12:00:00.000Z' }
}

const touches: [string, (page: Page) => unknown][] = [
  ['clear() of the hook', ({ actions }) => actions.clear()],
  ['clear() of the client', ({ client }) => client.clear(USER)],
  ['reset() of an upload', ({ actions }) => actions.reset()],
  ['reconnect()', ({ actions }) => actions.reconnect()],
  ['queryClient.clear()', ({ queryClient }) => queryClient.clear()],
  ['removeQueries', ({ queryClient }) => queryClient.removeQueries({ queryKey: kycKeys.all })],
  ['removeQueries of all', ({ queryClient }) => queryClient.removeQueries()],
  ['resetQueries', ({ queryClient }) => queryClient.resetQueries({ queryKey: kycKeys.all })],
  ['invalidateQueries', ({ queryClient }) => queryClient.invalidateQueries({ queryKey: kycKeys.all })],
  ['cancelQueries', ({ queryClient }) => queryClient.cancelQueries({ queryKey: kycKeys.all })],
  ['another QueryClient', ({ swap }) => swap(new QueryClient())],
  [
    'another QueryClient that knows something else',
    ({ client, swap }) => {
      const other = new QueryClient()
      other.setQueryData(keyOf(client), madeUp('none'))
      swap(other)
    },
  ],
  [
    'a QueryClient that went and came back',
    ({ queryClient, swap }) => {
      swap(new QueryClient())
      swap(queryClient)
    },
  ],
  ['setQueryData', ({ client, queryClient }) => queryClient.setQueryData(keyOf(client), madeUp('none'))],
  [
    'setQueryData and removeQueries',
    ({ client, queryClient }) => {
      queryClient.setQueryData(keyOf(client), madeUp('none'))
      queryClient.removeQueries({ queryKey: kycKeys.all })
    },
  ],
]

describe.each([
  ['ERROR', 'ADDED'],
  ['ADDED', 'ERROR'],
] as const)('a component that reads data alone and shows %s', (first, second) => {
  const [before, after] = [first.toLowerCase(), second.toLowerCase()]

  it.each(touches)(`shows ${second} after %s, and nothing else on the way`, async (_, touch) => {
    const page = openPage()
    page.relay.emit(USER, first)
    await screen.findByText(before)
    await waitFor(() => expect(page.client.getState(USER).connection.status).toBe('open'))
    page.seen.length = 0
    await act(async () => void (await touch(page)))
    expect(screen.getByText(before)).toBeTruthy()
    act(() => page.relay.emit(USER, second))
    await screen.findByText(after)
    expect(page.seen.filter((outcome) => outcome !== before && outcome !== after)).toEqual([])
    // And it goes on.
    act(() => page.relay.emit(USER, first))
    await screen.findByText(before)
  })
})

describe('a component that waits for an upload', () => {
  const cacheTouches = touches.filter(([name]) => !/clear\(\) of|reset\(\) of/.test(name))

  it.each(cacheTouches)('shows its answer after %s', async (_, touch) => {
    const page = openPage()
    page.relay.emit(USER, 'ERROR')
    await screen.findByText('error')
    await act(async () => void (await page.client.beginUpload(USER, { files: 2 })))
    await screen.findByText('waiting')
    page.seen.length = 0
    await act(async () => void (await touch(page)))
    await waitFor(() => expect(page.client.getState(USER).connection.status).toBe('open'))
    act(() => page.relay.emit(USER, 'ADDED'))
    act(() => page.relay.emit(USER, 'ADDED'))
    await screen.findByText('added')
    expect(page.seen.filter((outcome) => outcome !== 'waiting' && outcome !== 'added')).toEqual([])
  })

  it.each([
    ['clear() of the hook', ({ actions }: Page) => actions.clear()],
    ['clear() of the client', ({ client }: Page) => client.clear(USER)],
    ['reset() of an upload', ({ actions }: Page) => actions.reset()],
  ])('shows what the relay says after %s', async (_, touch) => {
    const page = openPage()
    page.relay.emit(USER, 'ERROR')
    await screen.findByText('error')
    await act(async () => void (await page.client.beginUpload(USER)))
    await screen.findByText('waiting')
    act(() => touch(page))
    await screen.findByText('error')
    act(() => page.relay.emit(USER, 'ADDED'))
    await screen.findByText('added')
  })

  it('shows the next upload after reset() and another QueryClient', async () => {
    const page = openPage()
    page.relay.emit(USER, 'ADDED')
    await screen.findByText('added')
    await act(async () => void (await page.client.beginUpload(USER)))
    act(() => page.actions.reset())
    act(() => page.swap(new QueryClient()))
    await act(async () => void (await page.client.beginUpload(USER)))
    await screen.findByText('waiting')
    act(() => page.relay.emit(USER, 'ERROR'))
    await screen.findByText('error')
  })
})

describe('a component that suspends', () => {
  it.each([
    ['queryClient.clear()', (queryClient: QueryClient) => queryClient.clear()],
    ['removeQueries', (queryClient: QueryClient) => queryClient.removeQueries({ queryKey: kycKeys.all })],
    ['resetQueries', (queryClient: QueryClient) => queryClient.resetQueries({ queryKey: kycKeys.all })],
    ['another QueryClient', (_: QueryClient, swap: (next: QueryClient) => void) => swap(new QueryClient())],
  ])('shows what happens after %s, and does not suspend again', async (_, touch) => {
    const { relay, provide } = setUp()
    relay.emit(USER, 'ERROR')
    let fallbacks = 0
    function Fallback() {
      fallbacks++
      return null
    }
    function Outcome() {
      return <p>{useSuspenseKycFileStatus(USER).data.outcome}</p>
    }
    const app = (one: QueryClient) => (
      <QueryClientProvider client={one}>
        {provide(
          <Suspense fallback={<Fallback />}>
            <Outcome />
          </Suspense>,
        )}
      </QueryClientProvider>
    )
    const queryClient = new QueryClient()
    const { rerender } = render(app(queryClient))
    await screen.findByText('error')
    fallbacks = 0
    await act(async () => void (await touch(queryClient, (next) => rerender(app(next)))))
    act(() => relay.emit(USER, 'ADDED'))
    await screen.findByText('added')
    expect(fallbacks).toBe(0)
  })
})

describe('a component under a persisted cache that is still being restored', () => {
  it('shows what the relay says, and goes on once it is restored', async () => {
    const { relay, provide } = setUp()
    relay.emit(USER, 'ERROR')
    const queryClient = new QueryClient()
    function Outcome() {
      return <p>{useKycFileStatus(USER).data?.outcome}</p>
    }
    const app = (isRestoring: boolean) => (
      <QueryClientProvider client={queryClient}>
        <IsRestoringProvider value={isRestoring}>{provide(<Outcome />)}</IsRestoringProvider>
      </QueryClientProvider>
    )
    const { rerender } = render(app(true))
    await screen.findByText('error')
    rerender(app(false))
    act(() => relay.emit(USER, 'ADDED'))
    await screen.findByText('added')
  })
})

describe('the parts of a result that follow the client', () => {
  it.each([
    ['removed', (queryClient: QueryClient) => queryClient.removeQueries()],
    [
      'overwritten',
      (queryClient: QueryClient, key: readonly unknown[]) => queryClient.setQueryData(key, madeUp('none')),
    ],
    [
      'set to fail',
      async (queryClient: QueryClient, key: readonly unknown[]) => {
        const options = { queryKey: key, queryFn: () => Promise.reject(new Error('theirs')), retry: false }
        await queryClient.fetchQuery({ ...options, staleTime: 0 }).catch(() => {})
      },
    ],
  ])('agree when the query was %s', async (_, touch) => {
    const { relay, client, provide } = setUp()
    const queryClient = new QueryClient()
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queryClient}>{provide(children)}</QueryClientProvider>
    )
    relay.emit(USER, 'ERROR')
    const select = ({ outcome }: KycFileStatus) => outcome
    const { result } = renderHook(() => [useKycFileStatus(USER), useKycFileStatus(USER, { select })] as const, {
      wrapper,
    })
    await waitFor(() => expect(result.current[1].data).toBe('error'))
    await act(async () => void (await touch(queryClient, keyOf(client))))
    act(() => relay.emit(USER, 'ADDED'))
    await waitFor(() => expect(result.current[0].data?.outcome).toBe('added'))
    const agreed = { status: 'success', isSuccess: true, isPending: false, isError: false, error: null }
    const { updatedAt } = client.getState(USER)
    expect(result.current[0]).toMatchObject({ ...agreed, isPlaceholderData: false, dataUpdatedAt: updatedAt })
    expect(result.current[1]).toMatchObject({ ...agreed, data: 'added', dataUpdatedAt: updatedAt })
  })
})

describe('a status whose cursor is ahead of the relay', () => {
  const dehydrated = (client: KycStatusClient, status: KycFileStatus) => ({
    mutations: [],
    queries: [
      {
        queryKey: keyOf(client),
        queryHash: JSON.stringify(keyOf(client)),
        dehydratedAt: Date.now(),
        state: {
          data: status,
          dataUpdateCount: 1,
          // It was written by a clock that is an hour ahead.
          dataUpdatedAt: Date.now() + 3_600_000,
          error: null,
          errorUpdateCount: 0,
          errorUpdatedAt: 0,
          fetchFailureCount: 0,
          fetchFailureReason: null,
          fetchMeta: null,
          isInvalidated: false,
          status: 'success' as const,
          fetchStatus: 'idle' as const,
        },
      },
    ],
  })
  const pages = (relay: MockRelay, client: KycStatusClient) => {
    const queryClient = new QueryClient()
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queryClient}>
        <KycStatusProvider client={client}>{children}</KycStatusProvider>
      </QueryClientProvider>
    )
    return { relay, queryClient, wrapper }
  }

  it.each([
    ['added', 'none', []],
    ['added', 'error', ['ERROR']],
    ['error', 'added', ['ADDED']],
    ['error', 'none', []],
    ['none', 'added', ['ERROR', 'ADDED']],
  ] as const)('and that says %s gives way to a relay that says %s', async (kept, now, events) => {
    const { relay, client } = setUp()
    for (const event of events) relay.emit(USER, event)
    const { queryClient, wrapper } = pages(relay, client)
    hydrate(queryClient, dehydrated(client, madeUp(kept)))
    const { result } = renderHook(() => useKycFileStatus(USER).data?.outcome, { wrapper })
    expect(result.current).toBe(kept)
    await waitFor(() => expect(result.current).toBe(now))
    expect(queryClient.getQueryData<KycFileStatus>(keyOf(client))?.outcome).toBe(now)
  })

  it.each([
    [
      'restored from disk',
      (queryClient: QueryClient, client: KycStatusClient) => hydrate(queryClient, dehydrated(client, madeUp('none'))),
    ],
    [
      'written by another tab',
      (queryClient: QueryClient, client: KycStatusClient) =>
        queryClient.setQueryData(keyOf(client), madeUp('none'), { updatedAt: Date.now() + 3_600_000 }),
    ],
  ])('changes nothing on the screen when it is %s later on', async (_, write) => {
    const { relay, client } = setUp()
    relay.emit(USER, 'ERROR')
    const { queryClient, wrapper } = pages(relay, client)
    const seen: unknown[] = []
    const { result } = renderHook(
      () => {
        const { data } = useKycFileStatus(USER)
        seen.push(data?.outcome)
        return data?.outcome
      },
      { wrapper },
    )
    await waitFor(() => expect(result.current).toBe('error'))
    await act(async () => void write(queryClient, client))
    act(() => relay.emit(USER, 'ADDED'))
    await waitFor(() => expect(result.current).toBe('added'))
    expect(seen).not.toContain('none')
  })

  it('gives way also through select', async () => {
    const { relay, client } = setUp()
    relay.emit(USER, 'ERROR')
    const { queryClient, wrapper } = pages(relay, client)
    hydrate(queryClient, dehydrated(client, madeUp('added')))
    const select = (status: KycFileStatus) => status.outcome === 'added'
    const { result } = renderHook(() => useKycFileStatus(USER, { select }).data, { wrapper })
    await waitFor(() => expect(result.current).toBe(false))
  })
})

describe('once the last reader has left and ADDED has come', () => {
  /** The line has been closed: nobody has been reading for longer than a second. */
  async function left() {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { relay, client } = setUp()
    const queryClient = new QueryClient()
    const options = kycFileStatusOptions(client, { externalUserId: USER })
    await queryClient.fetchQuery(options)
    expect(client.getState(USER).status?.outcome).toBe('none')
    await vi.advanceTimersByTimeAsync(1001)
    expect(relay.connections).toBe(0)
    relay.emit(USER, 'ADDED')
    return { relay, client, queryClient, options }
  }

  it('client.ready() says added', async () => {
    const { client } = await left()
    const { status } = await client.ready(USER, new AbortController().signal)
    expect(status?.outcome).toBe('added')
  })

  it('fetchQuery({ staleTime: 0 }) gives added', async () => {
    const { queryClient, options } = await left()
    expect((await queryClient.fetchQuery({ ...options, staleTime: 0 })).outcome).toBe('added')
  })

  it('fetchQuery with the options as they are made then gives added', async () => {
    const { queryClient, client } = await left()
    const options = kycFileStatusOptions(client, { externalUserId: USER })
    expect((await queryClient.fetchQuery(options)).outcome).toBe('added')
  })

  it('prefetchQuery brings added', async () => {
    const { queryClient, options } = await left()
    await queryClient.prefetchQuery(options)
    expect(queryClient.getQueryData(options.queryKey)?.outcome).toBe('added')
  })

  it('prefetchQuery into a cache that was cleared brings added', async () => {
    const { queryClient, options } = await left()
    queryClient.clear()
    await queryClient.prefetchQuery(options)
    expect(queryClient.getQueryData(options.queryKey)?.outcome).toBe('added')
  })

  it('prefetchQuery into another QueryClient brings added', async () => {
    const { options } = await left()
    const other = new QueryClient()
    await other.prefetchQuery(options)
    expect(other.getQueryData(options.queryKey)?.outcome).toBe('added')
  })

  it('a component that comes shows added', async () => {
    const { client } = await left()
    const wrapper = ({ children }: { children: ReactNode }) => (
      <KycStatusProvider client={client}>{children}</KycStatusProvider>
    )
    const { result } = renderHook(() => useKycFileStatus(USER).data?.outcome, { wrapper })
    await act(() => vi.advanceTimersByTimeAsync(100))
    expect(result.current).toBe('added')
  })
})

it('a reload with a restored cache shows what the relay says now', async () => {
  const { relay, client } = setUp()
  relay.emit(USER, 'ERROR')
  const queryClient = new QueryClient()
  await queryClient.prefetchQuery(kycFileStatusOptions(client, { externalUserId: USER }))
  client.close()
  relay.emit(USER, 'ADDED')
  const reloaded = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
  onTestFinished(() => reloaded.close())
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>
      <KycStatusProvider client={reloaded}>{children}</KycStatusProvider>
    </QueryClientProvider>
  )
  const { result } = renderHook(() => useKycFileStatus(USER).data?.outcome, { wrapper })
  await waitFor(() => expect(result.current).toBe('added'))
})
