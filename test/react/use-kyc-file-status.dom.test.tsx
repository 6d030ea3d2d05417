import { focusManager, onlineManager, QueryClient, QueryClientProvider, skipToken } from '@tanstack/react-query'
import tanstackQuery from '@tanstack/react-query/package.json'
import { act, cleanup, render, renderHook, screen, waitFor } from '@testing-library/react'
import { type ReactNode, StrictMode, version } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { devDependencies, peerDependencies } from '../../package.json'
import {
  type KycFileStatus,
  kycFileStatusOptions,
  kycKeys,
  type UseKycFileStatusOptions,
  useKycFileStatus,
} from '../../src/react/index.ts'
import { renderError, setUp, USER } from './render.tsx'

afterEach(cleanup)

function Outcome({ options }: { options?: UseKycFileStatusOptions }) {
  const { data, status } = useKycFileStatus(USER, options)
  return <p>{data?.outcome ?? status}</p>
}

it(`runs on React ${version} and TanStack Query ${tanstackQuery.version}`, ({ task }) => {
  const oldest = { react: /^18\.2\./, tanstackQuery: peerDependencies['@tanstack/react-query'].replace('^', '') }
  const newest = { react: /^19\./, tanstackQuery: devDependencies['@tanstack/react-query'] }
  const expected = task.file.projectName === 'dom-oldest' ? oldest : newest
  expect(version).toMatch(expected.react)
  expect(tanstackQuery.version).toBe(expected.tanstackQuery)
})

it('is pending until the relay is heard, then says what is known, then what happens', async () => {
  const { relay, renderUi } = setUp()
  renderUi(<Outcome />)
  expect(screen.getByText('pending')).toBeTruthy()
  await screen.findByText('none')
  act(() => relay.emit(USER, 'ERROR'))
  await screen.findByText('error')
  act(() => relay.emit(USER, 'ADDED'))
  await screen.findByText('added')
})

it('gives a refused document as data, and no error', async () => {
  const { relay, client, provide } = setUp()
  relay.emit(USER, 'ERROR')
  const { result } = renderHook(() => useKycFileStatus(USER), { wrapper: ({ children }) => provide(children) })
  await waitFor(() => expect(result.current.isSuccess).toBe(true))
  expect(result.current).toMatchObject({ status: 'success', error: null })
  expect(result.current.data).toMatchObject({
    outcome: 'error',
    files: { expected: 1, added: 0, failed: 1 },
    attemptId: null,
  })
  expect(client.getState(USER).error).toBeNull()
})

it('never shows the old result for a new upload, not even for one frame', async () => {
  const { relay, client, renderUi } = setUp()
  relay.emit(USER, 'ADDED')
  const seen: string[] = []
  function Probe() {
    const { data, status } = useKycFileStatus(USER)
    seen.push(`${data?.attemptId ? 'attempt' : 'no attempt'} ${data?.outcome ?? status}`)
    return <p>{data?.outcome}</p>
  }
  renderUi(<Probe />)
  await screen.findByText('added')

  seen.length = 0
  await act(() => client.beginUpload(USER))
  await screen.findByText('waiting')
  expect(new Set(seen)).toEqual(new Set(['attempt waiting']))
  act(() => relay.emit(USER, 'ERROR'))
  await screen.findByText('error')
})

it('is not overturned by a late duplicate of a refusal', async () => {
  const { relay, client, renderUi } = setUp()
  renderUi(<Outcome />)
  await screen.findByText('none')
  await act(() => client.beginUpload(USER))
  act(() => {
    relay.emit(USER, 'ERROR')
    relay.emit(USER, 'ADDED')
    relay.emit(USER, 'ERROR')
  })
  await screen.findByText('added')
  await waitFor(() => expect(client.getState(USER).status?.files.failed).toBe(2))
  expect(screen.getByText('added')).toBeTruthy()
})

it('opens one connection for a hundred components in StrictMode', async () => {
  const { relay, renderUi } = setUp()
  const components = Array.from({ length: 100 }, () => <Outcome key={crypto.randomUUID()} />)
  renderUi(<StrictMode>{components}</StrictMode>)
  await waitFor(() => expect(screen.getAllByText('none')).toHaveLength(100))
  expect(relay.requests).toBe(1)
})

it('is written to the cache once, however many components read it', async () => {
  const { relay, client, provide } = setUp()
  const queryClient = new QueryClient()
  const names = Array.from({ length: 50 }, (_, i) => `component ${i}`)
  render(
    <QueryClientProvider client={queryClient}>
      {provide(names.map((name) => <Outcome key={name} />))}
    </QueryClientProvider>,
  )
  await waitFor(() => expect(screen.getAllByText('none')).toHaveLength(50))
  const write = vi.spyOn(queryClient, 'setQueryData')
  act(() => relay.emit(USER, 'ADDED'))
  await waitFor(() => expect(screen.getAllByText('added')).toHaveLength(50))
  expect(write).toHaveBeenCalledOnce()
  expect(client.getState(USER).status?.outcome).toBe('added')
})

it('opens nothing in renderToString', () => {
  const { relay, provide } = setUp()
  expect(renderToString(provide(<Outcome />))).toBe('<p>pending</p>')
  expect(relay.requests).toBe(0)
})

it('opens nothing while it is not enabled, and opens when it is', async () => {
  const { relay, provide } = setUp()
  const { rerender } = render(provide(<Outcome options={{ enabled: false }} />))
  await act(async () => {})
  expect(relay.requests).toBe(0)
  rerender(provide(<Outcome options={{ enabled: true }} />))
  await screen.findByText('none')
})

it('is live again after it was away for longer than its connection', async () => {
  const { relay, provide } = setUp()
  const { rerender } = render(provide(<Outcome />))
  await screen.findByText('none')
  rerender(provide(null))
  await waitFor(() => expect(relay.connections).toBe(0), { timeout: 3000 })
  relay.emit(USER, 'ADDED')
  rerender(provide(<Outcome />))
  await screen.findByText('added')
  expect(relay.requests).toBe(2)
})

it('says in connection that the line is lost, keeps what is known, and misses nothing', async () => {
  const { relay, provide } = setUp()
  relay.emit(USER, 'ERROR')
  const { result } = renderHook(() => useKycFileStatus(USER), { wrapper: ({ children }) => provide(children) })
  await waitFor(() => expect(result.current.connection.status).toBe('open'))
  relay.respond('network')
  act(() => relay.drop())
  await waitFor(() => expect(result.current.connection.status).toBe('reconnecting'))
  expect(result.current).toMatchObject({ status: 'success', error: null, data: { outcome: 'error' } })
  relay.emit(USER, 'ADDED')
  relay.respond(null)
  await waitFor(() => expect(result.current.data?.outcome).toBe('added'))
})

it('sets error when nothing will heal, keeps what is known, and comes back with reconnect', async () => {
  const { relay, provide } = setUp()
  relay.emit(USER, 'ADDED')
  const { result } = renderHook(() => useKycFileStatus(USER), { wrapper: ({ children }) => provide(children) })
  await waitFor(() => expect(result.current.data?.outcome).toBe('added'))
  relay.respond(403)
  act(() => relay.drop())
  await waitFor(() => expect(result.current.error).toMatchObject({ code: 'forbidden', status: 403 }))
  expect(result.current.data?.outcome).toBe('added')
  expect(result.current.connection.status).toBe('failed')

  relay.respond(null)
  act(() => result.current.reconnect())
  await waitFor(() => expect(result.current.error).toBeNull())
  expect(result.current.connection.status).toBe('open')
})

it('sets error without data when the relay refuses from the first', async () => {
  const { relay, provide } = setUp()
  relay.respond(403)
  const { result } = renderHook(() => useKycFileStatus(USER), { wrapper: ({ children }) => provide(children) })
  await waitFor(() => expect(result.current.error).toMatchObject({ code: 'forbidden' }))
  expect(result.current.data).toBeUndefined()
})

it('renders for what is read, and for nothing else', async () => {
  const { relay, client, renderUi } = setUp()
  let renders = 0
  function Probe() {
    const { data } = useKycFileStatus(USER)
    renders++
    return <p>{data?.outcome}</p>
  }
  renderUi(<Probe />)
  await screen.findByText('none')
  const before = renders
  for (let i = 0; i < 3; i++) {
    const { requests } = relay
    act(() => relay.drop())
    await waitFor(() => expect(relay.requests).toBe(requests + 1))
    await waitFor(() => expect(client.getState(USER).connection.status).toBe('open'))
  }
  expect(renders).toBe(before)
})

it('makes nobody render who only begins uploads', async () => {
  const { relay, renderUi } = setUp()
  let renders = 0
  function Button() {
    const { beginUpload } = useKycFileStatus(USER)
    renders++
    return <button type="button" onClick={() => void beginUpload()} />
  }
  function Outcome() {
    return <p>{useKycFileStatus(USER).data?.outcome}</p>
  }
  renderUi(
    <>
      <Button />
      <Outcome />
    </>,
  )
  await screen.findByText('none')
  const before = renders
  for (const [status, outcome] of [
    ['ERROR', 'error'],
    ['ADDED', 'added'],
  ] as const) {
    act(() => relay.emit(USER, status))
    await screen.findByText(outcome)
  }
  expect(renders).toBe(before)
})

it('selects', async () => {
  const { relay, provide } = setUp()
  relay.emit(USER, 'ADDED')
  const select = (status: KycFileStatus) => status.outcome === 'added'
  const { result } = renderHook(() => useKycFileStatus(USER, { select }), {
    wrapper: ({ children }) => provide(children),
  })
  await waitFor(() => expect(result.current.data).toBe(true))
})

it('goes on waiting after a reload, and counts what came meanwhile', async () => {
  const { relay, client } = setUp()
  await client.beginUpload(USER, { files: 2 })
  relay.emit(USER, 'ADDED')
  client.close()
  relay.emit(USER, 'ADDED')

  // A new page of the same tab: a new client, the same session storage.
  const { createKycStatusClient, KycStatusProvider } = await import('../../src/react/index.ts')
  const reloaded = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
  onTestFinished(() => reloaded.close())
  const wrapper = ({ children }: { children: ReactNode }) => (
    <KycStatusProvider client={reloaded}>{children}</KycStatusProvider>
  )
  const { result } = renderHook(() => useKycFileStatus(USER), { wrapper })
  expect(result.current.data?.outcome).toBe('waiting')
  await waitFor(() => expect(result.current.data).toMatchObject({ outcome: 'added', files: { added: 2 } }))
})

it('is overdue when an upload waits for too long, which is no failure, and no longer when the answer comes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const { relay, client, provide } = setUp()
  const options = { overdueAfter: 30_000 }
  const { result } = renderHook(() => useKycFileStatus(USER, options), { wrapper: ({ children }) => provide(children) })
  await act(() => client.beginUpload(USER))
  await act(() => vi.advanceTimersByTimeAsync(29_000))
  expect(result.current.isOverdue).toBe(false)
  await act(() => vi.advanceTimersByTimeAsync(1000))
  expect(result.current).toMatchObject({ isOverdue: true, error: null, data: { outcome: 'waiting' } })
  act(() => relay.emit(USER, 'ADDED'))
  await act(() => vi.advanceTimersByTimeAsync(10))
  expect(result.current.isOverdue).toBe(false)
})

it('shows each user what is theirs when the user changes, also through select', async () => {
  const { relay, provide } = setUp()
  relay.emit('b', 'ERROR')
  relay.emit('a', 'ADDED')
  const select = (status: KycFileStatus) => status
  const { result, rerender } = renderHook(({ user }) => useKycFileStatus(user, { select }), {
    wrapper: ({ children }) => provide(children),
    initialProps: { user: 'b' },
  })
  for (const [user, outcome] of [
    ['b', 'error'],
    ['a', 'added'],
    ['b', 'error'],
  ] as const) {
    rerender({ user })
    await waitFor(() => expect(result.current.data).toMatchObject({ externalUserId: user, outcome }))
  }
})

it('takes no user while it is not enabled', () => {
  const { provide } = setUp()
  const options = { enabled: false }
  const { result } = renderHook(() => useKycFileStatus('', options), { wrapper: ({ children }) => provide(children) })
  expect(result.current.status).toBe('pending')
})

it('ends an attempt whose upload did not leave, and shows what was known before', async () => {
  const { relay, client, provide } = setUp()
  relay.emit(USER, 'ERROR')
  const { result } = renderHook(() => useKycFileStatus(USER), { wrapper: ({ children }) => provide(children) })
  await act(() => client.beginUpload(USER))
  await waitFor(() => expect(result.current.data?.outcome).toBe('waiting'))
  act(() => result.current.clear())
  await waitFor(() => expect(result.current.data).toMatchObject({ outcome: 'error', attemptId: null }))
  expect(sessionStorage).toHaveLength(0)
})

it('says the same after a reload as before it, when a duplicate had come late', async () => {
  const { relay, client } = setUp()
  const { createKycStatusClient } = await import('../../src/react/index.ts')
  await client.beginUpload(USER)
  const stop = client.subscribe(USER, () => {})
  relay.emit(USER, 'ADDED')
  relay.emit(USER, 'ERROR')
  await waitFor(() => expect(client.getState(USER).status).toMatchObject({ outcome: 'added', files: { failed: 1 } }))
  stop()
  const reloaded = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
  onTestFinished(() => reloaded.close())
  onTestFinished(reloaded.subscribe(USER, () => {}))
  await waitFor(() => expect(reloaded.getState(USER).connection.status).toBe('open'))
  expect(reloaded.getState(USER).status).toMatchObject({ outcome: 'added', files: { added: 1, failed: 1 } })
})

it('lives in the query cache of the application, under a key that can be found', async () => {
  const { relay, client, provide } = setUp()
  relay.emit(USER, 'ADDED')
  const queryClient = new QueryClient()
  render(<QueryClientProvider client={queryClient}>{provide(<Outcome />)}</QueryClientProvider>)
  await screen.findByText('added')
  expect(queryClient.getQueryData(kycKeys.fileStatus(USER, null, client.url))).toMatchObject({ outcome: 'added' })
  expect(kycFileStatusOptions(client, { externalUserId: USER }).queryKey).toEqual(
    kycKeys.fileStatus(USER, null, client.url),
  )
})

it('settles a prefetch with the first thing the relay says', async () => {
  const { relay, client } = setUp()
  relay.emit(USER, 'ADDED')
  const queryClient = new QueryClient()
  await queryClient.prefetchQuery(kycFileStatusOptions(client, { externalUserId: USER }))
  expect(queryClient.getQueryData(kycKeys.fileStatus(USER, null, client.url))).toMatchObject({ outcome: 'added' })
})

it('opens nothing for nobody, and opens once there is somebody', async () => {
  const { relay, provide } = setUp()
  const { result, rerender } = renderHook(({ user }: { user: string | typeof skipToken }) => useKycFileStatus(user), {
    initialProps: { user: skipToken as string | typeof skipToken },
    wrapper: ({ children }) => provide(children),
  })
  expect(result.current).toMatchObject({ status: 'pending', fetchStatus: 'idle', connection: { status: 'idle' } })
  await expect(result.current.beginUpload()).rejects.toThrow(/externalUserId/)
  expect(relay.requests).toBe(0)
  rerender({ user: USER })
  await waitFor(() => expect(result.current.data?.outcome).toBe('none'))
})

it('shows a placeholder until the relay is heard, and says that it is one', async () => {
  const { relay, provide } = setUp()
  relay.emit(USER, 'ADDED')
  const placeholderData: KycFileStatus = {
    externalUserId: USER,
    attemptId: null,
    files: { expected: 0, added: 0, failed: 0 },
    doubt: null,
    cursor: '0-0',
    outcome: 'none',
    at: null,
  }
  const { result } = renderHook(() => useKycFileStatus(USER, { placeholderData }), {
    wrapper: ({ children }) => provide(children),
  })
  expect(result.current).toMatchObject({ data: { outcome: 'none' }, isPlaceholderData: true })
  await waitFor(() => expect(result.current).toMatchObject({ data: { outcome: 'added' }, isPlaceholderData: false }))
})

it('is overdue after a reload as it was before', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  onTestFinished(() => void vi.useRealTimers())
  const { relay, client } = setUp()
  await client.beginUpload(USER)
  client.close()
  await vi.advanceTimersByTimeAsync(60_001)
  const { createKycStatusClient, KycStatusProvider } = await import('../../src/react/index.ts')
  const reloaded = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
  onTestFinished(() => reloaded.close())
  const { result } = renderHook(() => useKycFileStatus(USER), {
    wrapper: ({ children }) => <KycStatusProvider client={reloaded}>{children}</KycStatusProvider>,
  })
  await waitFor(() => expect(result.current).toMatchObject({ data: { outcome: 'waiting' }, isOverdue: true }))
})

it('makes nobody render when an upload is overdue who does not ask for that', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  onTestFinished(() => void vi.useRealTimers())
  const { client, renderUi } = setUp()
  let renders = 0
  function Probe() {
    const { data } = useKycFileStatus(USER)
    renders++
    return <p>{data?.outcome}</p>
  }
  renderUi(<Probe />)
  await act(async () => void (await client.beginUpload(USER)))
  await screen.findByText('waiting')
  const before = renders
  await act(() => vi.advanceTimersByTimeAsync(61_000))
  expect(renders).toBe(before)
})

it('goes by what TanStack Query has been told of focus and network', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  onTestFinished(() => {
    vi.useRealTimers()
    onlineManager.setOnline(true)
    focusManager.setFocused(undefined)
  })
  const { relay, provide } = setUp()
  const { result } = renderHook(() => useKycFileStatus(USER), { wrapper: ({ children }) => provide(children) })
  await waitFor(() => expect(result.current.connection.status).toBe('open'))
  act(() => onlineManager.setOnline(false))
  await waitFor(() =>
    expect(result.current.connection).toEqual({
      status: 'paused',
      pauseReason: 'offline',
      transport: 'stream',
      heardAt: expect.any(Number),
      cause: null,
    }),
  )
  act(() => onlineManager.setOnline(true))
  await waitFor(() => expect(result.current.connection.status).toBe('open'))

  act(() => focusManager.setFocused(false))
  await act(() => vi.advanceTimersByTimeAsync(30_000))
  expect(result.current.connection).toMatchObject({ status: 'paused', pauseReason: 'hidden' })
  relay.emit(USER, 'ADDED')
  act(() => focusManager.setFocused(true))
  await waitFor(() => expect(result.current.data?.outcome).toBe('added'))
})

it('says what is missing when there is no provider', () => {
  expect(renderError(<Outcome />)).toMatchObject({ message: expect.stringContaining('<KycStatusProvider') })
})

it('refuses an overdueAfter that cannot work', () => {
  const { provide } = setUp()
  expect(renderError(provide(<Outcome options={{ overdueAfter: 0 }} />))).toMatchObject({
    message: 'useKycFileStatus: overdueAfter: expected milliseconds above 0',
  })
})

it('does not go back to the upload before while it is not enabled', async () => {
  const { relay, client, renderUi } = setUp()
  relay.emit(USER, 'ADDED')
  const { rerender } = renderUi(<Outcome />)
  await screen.findByText('added')
  await act(async () => void (await client.beginUpload(USER)))
  await screen.findByText('waiting')
  rerender(<Outcome options={{ enabled: false }} />)
  expect(screen.getByText('waiting')).toBeTruthy()
})

it('does not show what it knew before the attempt when that is cleared, but what is known now', async () => {
  const { relay, provide } = setUp()
  relay.emit(USER, 'ADDED')
  const seen: (string | undefined)[] = []
  const { result } = renderHook(
    () => {
      const upload = useKycFileStatus(USER)
      seen.push(upload.data?.outcome)
      return upload
    },
    { wrapper: ({ children }) => provide(children) },
  )
  await waitFor(() => expect(result.current.data?.outcome).toBe('added'))
  await act(async () => void (await result.current.beginUpload()))
  act(() => relay.emit(USER, 'ERROR'))
  await waitFor(() => expect(result.current.data?.outcome).toBe('error'))
  const before = seen.length
  act(() => result.current.clear())
  await waitFor(() => expect(result.current.data).toMatchObject({ outcome: 'error', attemptId: null }))
  expect(seen.slice(before)).not.toContain('added')
})

it('is overdue also for a component that asks after it fell due', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  onTestFinished(() => void vi.useRealTimers())
  const { client, provide } = setUp()
  const { result, rerender } = renderHook(
    ({ asks }: { asks: boolean }) => {
      const upload = useKycFileStatus(USER)
      return asks && upload.isOverdue
    },
    { initialProps: { asks: false }, wrapper: ({ children }) => provide(children) },
  )
  await act(async () => void (await client.beginUpload(USER)))
  await act(() => vi.advanceTimersByTimeAsync(61_000))
  rerender({ asks: true })
  expect(result.current).toBe(true)
})
