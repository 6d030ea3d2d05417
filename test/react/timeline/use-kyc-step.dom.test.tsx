import {
  type DehydratedState,
  dehydrate,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
  skipToken,
} from '@tanstack/react-query'
import { act, cleanup, render, renderHook, screen, waitFor } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createKycStatusClient, kycKeys, useKycFileStatus } from '../../../src/react/index.ts'
import {
  type KycStep,
  kycStepOptions,
  kycTimelineKeys,
  kycTimelineOptions,
  useKycStep,
  useKycTimeline,
  useKycVerificationStatus,
  usePoaStatus,
  useSuspenseKycStep,
  useUserBalanceStatus,
} from '../../../src/react/timeline/index.ts'
import { renderError, setUp, USER } from '../render.tsx'

afterEach(cleanup)

const STEPS = ['kyc-file', 'poa', 'kyc-verification', 'user-balance']

function Poa() {
  const { data, status } = usePoaStatus(USER)
  return <p>{data?.state ?? status}</p>
}

describe('useKycStep', () => {
  it('is pending until the relay is heard, then says what is known, then what happens', async () => {
    const { relay, renderUi } = setUp()
    renderUi(<Poa />)
    expect(screen.getByText('pending')).toBeTruthy()
    await screen.findByText('none')
    act(() => relay.emit(USER, { frame: 'poa', status: 'WAITING' }))
    await screen.findByText('in_review')
    act(() => relay.emit(USER, { frame: 'poa', status: 'QUESTIONED' }))
    await screen.findByText('action_needed')
  })

  it('returns TanStack’s result, with the connection and what one can do beside it', async () => {
    const { relay, provide } = setUp()
    relay.emit(USER, { frame: 'poa', status: 'REJECTED' })
    const { result } = renderHook(() => useKycStep(USER, 'poa'), { wrapper: ({ children }) => provide(children) })
    await waitFor(() => expect(result.current.isSuccess).toBe(true))
    expect(result.current).toMatchObject({ status: 'success', error: null, connection: { status: 'open' } })
    expect(result.current.data).toEqual({
      externalUserId: USER,
      step: 'poa',
      state: 'action_needed',
      status: 'REJECTED',
      at: expect.any(String),
      reason: 'other_document',
      attemptId: null,
      cursor: expect.any(String),
    })
    expect(result.current.dataUpdatedAt).toBeGreaterThan(0)
    expect('isOverdue' in result.current).toBe(false)
  })

  it.each([
    ['kyc-verification', 'APPROVED', useKycVerificationStatus],
    ['user-balance', 'ACTIVE', useUserBalanceStatus],
    ['poa', 'APPROVED', usePoaStatus],
  ] as const)('has a name for the step %s', async (frame, status, useNamed) => {
    const { relay, provide } = setUp()
    relay.emit(USER, { frame, status })
    const { result } = renderHook(() => useNamed(USER), { wrapper: ({ children }) => provide(children) })
    await waitFor(() => expect(result.current.data).toMatchObject({ step: frame, state: 'approved', status }))
  })

  it('knows a webhook of one’s own, and the file', async () => {
    const { relay, provide } = setUp()
    relay.emit(USER, { frame: 'credit', status: 'GREEN', state: 'approved' })
    relay.emit(USER, 'ERROR')
    const { result } = renderHook(() => [useKycStep(USER, 'credit'), useKycStep(USER, 'kyc-file')] as const, {
      wrapper: ({ children }) => provide(children),
    })
    await waitFor(() => expect(result.current.map(({ data }) => data?.state)).toEqual(['approved', 'action_needed']))
  })

  it('never shows yesterday’s answer over a new upload, not even for one frame, and goes back with clear', async () => {
    const { relay, provide } = setUp()
    relay.emit(USER, { frame: 'poa', status: 'QUESTIONED' })
    const seen: string[] = []
    const { result } = renderHook(
      () => {
        const poa = usePoaStatus(USER)
        seen.push(`${poa.data?.attemptId ? 'attempt' : 'no attempt'} ${poa.data?.state ?? poa.status}`)
        return poa
      },
      { wrapper: ({ children }) => provide(children) },
    )
    await waitFor(() => expect(result.current.data?.state).toBe('action_needed'))
    seen.length = 0
    await act(() => result.current.beginUpload())
    await waitFor(() => expect(result.current.data?.state).toBe('in_review'))
    expect(new Set(seen)).toEqual(new Set(['attempt in_review']))
    act(() => result.current.clear())
    await waitFor(() => expect(result.current.data).toMatchObject({ state: 'action_needed', attemptId: null }))
    await act(() => result.current.beginUpload())
    act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
    await waitFor(() => expect(result.current.data).toMatchObject({ state: 'approved', status: 'APPROVED' }))
    expect(result.current.data?.attemptId).not.toBeNull()
  })

  it('renders for its step alone, and for what it reads', async () => {
    const { relay, client, renderUi } = setUp()
    const renders = { poa: 0, verification: 0, file: 0, button: 0 }
    function Verification() {
      renders.verification++
      return <i>{useKycVerificationStatus(USER).data?.state}</i>
    }
    function File() {
      renders.file++
      return <b>{useKycFileStatus(USER).data?.outcome}</b>
    }
    function Button() {
      const { beginUpload } = usePoaStatus(USER)
      renders.button++
      return <button type="button" onClick={() => void beginUpload()} />
    }
    function CountedPoa() {
      renders.poa++
      return <p>{usePoaStatus(USER).data?.state}</p>
    }
    renderUi(
      <>
        <CountedPoa />
        <Verification />
        <File />
        <Button />
      </>,
    )
    await waitFor(() => expect(screen.getAllByText('none')).toHaveLength(3))
    const before = { ...renders }
    for (const [status, state] of [
      ['WAITING', 'in_review'],
      ['QUESTIONED', 'action_needed'],
    ] as const) {
      act(() => relay.emit(USER, { frame: 'poa', status }))
      await screen.findByText(state)
    }
    expect(renders).toEqual({ ...before, poa: before.poa + 2 })
    const { requests } = relay
    act(() => relay.drop())
    await waitFor(() => expect(relay.requests).toBe(requests + 1))
    await waitFor(() => expect(client.getState(USER).connection.status).toBe('open'))
    act(() => relay.emit(USER, 'ADDED'))
    await screen.findByText('added')
    expect(renders).toEqual({ ...before, poa: before.poa + 2, file: before.file + 1 })
  })

  it('opens one connection for all hooks and components in StrictMode', async () => {
    const { relay, renderUi } = setUp()
    function All() {
      const timeline = useKycTimeline(USER, { steps: STEPS })
      const { data } = useKycFileStatus(USER)
      return <b>{data && timeline.data?.overall}</b>
    }
    renderUi(
      <StrictMode>
        <Poa />
        <All />
      </StrictMode>,
    )
    await screen.findByText('none')
    await screen.findByText('todo')
    expect(relay.requests).toBe(1)
  })

  it('selects, and opens nothing for nobody', async () => {
    const { relay, provide } = setUp()
    relay.emit(USER, { frame: 'poa', status: 'APPROVED' })
    const select = ({ state }: KycStep) => state === 'approved'
    const { result, rerender } = renderHook(
      ({ user }: { user: string | typeof skipToken }) => usePoaStatus(user, { select }),
      { wrapper: ({ children }) => provide(children), initialProps: { user: skipToken as string | typeof skipToken } },
    )
    expect(result.current).toMatchObject({ status: 'pending', fetchStatus: 'idle' })
    expect(relay.requests).toBe(0)
    rerender({ user: USER })
    await waitFor(() => expect(result.current.data).toBe(true))
  })

  it('sets error when nothing will heal, and comes back with reconnect', async () => {
    const { relay, provide } = setUp()
    relay.respond(403)
    const { result } = renderHook(() => usePoaStatus(USER), { wrapper: ({ children }) => provide(children) })
    await waitFor(() => expect(result.current.error).toMatchObject({ code: 'forbidden' }))
    relay.respond(null)
    act(() => result.current.reconnect())
    await waitFor(() => expect(result.current).toMatchObject({ error: null, data: { state: 'none' } }))
  })

  it('refuses a step that is none', () => {
    const { provide } = setUp()
    function Bad() {
      useKycStep(USER, undefined as never)
      return null
    }
    expect(renderError(provide(<Bad />))).toMatchObject({ message: expect.stringMatching(/^useKycStep: step: /) })
  })
})

describe('useKycTimeline', () => {
  it('puts steps on one line, and says what is most pressing', async () => {
    const { relay, provide } = setUp()
    relay.emit(USER, 'ADDED')
    relay.emit(USER, { frame: 'poa', status: 'QUESTIONED' })
    const { result } = renderHook(() => useKycTimeline(USER, { steps: [...STEPS] }), {
      wrapper: ({ children }) => provide(children),
    })
    await waitFor(() => expect(result.current.data?.overall).toBe('action_needed'))
    expect(result.current.data?.steps.map(({ state }) => state)).toEqual(['done', 'action_needed', 'todo', 'todo'])
    act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
    act(() => relay.emit(USER, { frame: 'user-balance', status: 'ACTIVE' }))
    await waitFor(() => expect(result.current.data?.overall).toBe('done'))
    expect(result.current.data?.steps.map(({ state }) => state)).toEqual(['done', 'done', 'not_needed', 'done'])
  })

  it('begins and ends uploads of its steps, and shows what is being sent', async () => {
    const { relay, client, provide } = setUp()
    relay.emit(USER, { frame: 'poa', status: 'REJECTED' })
    const { result } = renderHook(() => useKycTimeline(USER, { steps: ['poa'] }), {
      wrapper: ({ children }) => provide(children),
    })
    const overall = (state: string) => waitFor(() => expect(result.current.data?.overall).toBe(state))
    await overall('action_needed')
    act(() => client.setSending(USER, 'poa', true))
    await overall('sending')
    await act(() => result.current.beginUpload({ step: 'poa' }))
    act(() => client.setSending(USER, 'poa', false))
    await overall('in_review')
    act(() => result.current.clear({ step: 'poa' }))
    await overall('action_needed')
  })

  it('renders for its own steps alone', async () => {
    const { relay, renderUi } = setUp()
    let renders = 0
    function Probe() {
      renders++
      return <p>{useKycTimeline(USER, { steps: ['poa'] }).data?.overall}</p>
    }
    renderUi(
      <>
        <Probe />
        <Other />
      </>,
    )
    function Other() {
      return <i>{useKycStep(USER, 'kyc-verification').data?.state}</i>
    }
    await screen.findByText('todo')
    const before = renders
    act(() => relay.emit(USER, { frame: 'kyc-verification', status: 'APPROVED' }))
    await screen.findByText('approved')
    expect(renders).toBe(before)
  })
})

describe('in the query cache', () => {
  const wrap = (queryClient: QueryClient, children: ReactNode) => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  )

  it('each step has its own entry, which others cannot freeze, and which sign-out removes', async () => {
    const { relay, client, provide } = setUp()
    relay.emit(USER, { frame: 'poa', status: 'WAITING' })
    const queryClient = new QueryClient()
    function Timeline() {
      return <i>{useKycTimeline(USER, { steps: STEPS }).data?.overall}</i>
    }
    render(
      wrap(
        queryClient,
        provide(
          <>
            <Poa />
            <Timeline />
          </>,
        ),
      ),
    )
    await waitFor(() => expect(screen.getAllByText('in_review')).toHaveLength(2))
    const key = kycTimelineKeys.step(USER, 'poa', null, client.url)
    expect(kycStepOptions(client, { externalUserId: USER, step: 'poa' }).queryKey).toEqual(key)
    expect(kycTimelineOptions(client, { externalUserId: USER, steps: STEPS }).queryKey).toEqual(
      kycTimelineKeys.timeline(USER, STEPS, null, client.url),
    )
    expect(queryClient.getQueryData(key)).toMatchObject({ state: 'in_review' })

    act(() => void queryClient.setQueryData(key, { state: 'approved' }))
    expect(screen.getAllByText('in_review')).toHaveLength(2)
    act(() => queryClient.clear())
    act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
    await screen.findByText('approved')
    await waitFor(() => expect(queryClient.getQueryData(key)).toMatchObject({ state: 'approved' }))

    act(() => client.signOut())
    expect(screen.getByText('pending')).toBeTruthy()
    await waitFor(() =>
      expect(
        queryClient
          .getQueryCache()
          .findAll({ queryKey: kycKeys.all })
          .map(({ state }) => state.data),
      ).toEqual(expect.not.arrayContaining([expect.anything()])),
    )
  })

  it.each<[string, (queryClient: QueryClient) => unknown]>([
    ['clear()', (queryClient) => queryClient.clear()],
    ['removeQueries', (queryClient) => queryClient.removeQueries({ queryKey: kycKeys.all })],
    ['resetQueries', (queryClient) => queryClient.resetQueries({ queryKey: kycKeys.all })],
    ['invalidateQueries', (queryClient) => queryClient.invalidateQueries({ queryKey: kycKeys.all })],
    [
      'a write of somebody else',
      (queryClient) =>
        queryClient.setQueriesData({ queryKey: kycKeys.all }, { state: 'declined', overall: 'declined' }),
    ],
  ])('shows what happens after %s, and nothing else on the way', async (_, mishap) => {
    const { relay, provide } = setUp()
    relay.emit(USER, { frame: 'poa', status: 'WAITING' })
    const queryClient = new QueryClient()
    const seen = new Set<string>()
    function Both() {
      const poa = usePoaStatus(USER)
      const timeline = useKycTimeline(USER, { steps: ['poa'] })
      const text = `${poa.data?.state ?? poa.status} ${timeline.data?.overall ?? timeline.status}`
      seen.add(text)
      return <p>{text}</p>
    }
    render(wrap(queryClient, provide(<Both />)))
    await screen.findByText('in_review in_review')
    await act(async () => void (await mishap(queryClient)))
    act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
    await screen.findByText('approved done')
    expect([...seen]).toEqual(['pending pending', 'in_review in_review', 'approved done'])
  })

  it('is written once, however many components read it', async () => {
    const { relay, provide } = setUp()
    const queryClient = new QueryClient()
    const names = Array.from({ length: 20 }, (_, i) => `component ${i}`)
    render(wrap(queryClient, provide(names.map((name) => <Poa key={name} />))))
    await waitFor(() => expect(screen.getAllByText('none')).toHaveLength(20))
    const write = vi.spyOn(queryClient, 'setQueryData')
    act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
    await waitFor(() => expect(screen.getAllByText('approved')).toHaveLength(20))
    expect(write).toHaveBeenCalledOnce()
  })

  it('carries what a server has prefetched to the first paint of the page, and then the page goes on', async () => {
    const { relay, client, provide } = setUp()
    relay.emit(USER, { frame: 'poa', status: 'QUESTIONED' })
    const onServer = new QueryClient()
    const server = createKycStatusClient({ url: client.url, fetch: relay.fetch })
    await onServer.prefetchQuery(kycStepOptions(server, { externalUserId: USER, step: 'poa' }))
    await onServer.prefetchQuery(kycTimelineOptions(server, { externalUserId: USER, steps: STEPS }))
    server.close()
    const state: DehydratedState = dehydrate(onServer)
    const seen: string[] = []
    function Both() {
      const poa = usePoaStatus(USER)
      const timeline = useKycTimeline(USER, { steps: STEPS })
      const text = `${poa.data?.state ?? poa.status} ${timeline.data?.overall ?? timeline.status}`
      seen.push(text)
      return <p>{text}</p>
    }
    const app = () => wrap(new QueryClient(), <HydrationBoundary state={state}>{provide(<Both />)}</HydrationBoundary>)
    expect(renderToString(app())).toContain('action_needed action_needed')
    render(app())
    await waitFor(() => expect(client.getState(USER).connection.status).toBe('open'))
    act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
    await screen.findByText('approved todo')
    expect(new Set(seen)).toEqual(new Set(['action_needed action_needed', 'approved todo']))
  })

  it('opens nothing in renderToString', () => {
    const { relay, provide } = setUp()
    expect(renderToString(provide(<Poa />))).toBe('<p>pending</p>')
    expect(relay.requests).toBe(0)
  })
})

describe('useSuspenseKycStep', () => {
  it('suspends until the relay is heard, then says what happens, over one connection', async () => {
    const { relay, renderUi } = setUp()
    function Suspended() {
      return <p>{useSuspenseKycStep(USER, 'poa').data.state}</p>
    }
    renderUi(
      <Suspense fallback={<p>loading</p>}>
        <Suspended />
      </Suspense>,
    )
    expect(screen.getByText('loading')).toBeTruthy()
    await screen.findByText('none')
    act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
    await screen.findByText('approved')
    expect(relay.requests).toBe(1)
  })
})
