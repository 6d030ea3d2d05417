import { onlineManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, render, screen } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense, useEffect, useState } from 'react'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  createKycStatusClient,
  KycStatusProvider,
  KycUploadStatus,
  kycFileStatusOptions,
  kycKeys,
  useKycFileStatus,
  useKycStatusClient,
  useSuspenseKycFileStatus,
} from '../../src/react/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'
import { fakeTime, pass } from '../client/fake-time.ts'
import { passed } from './render.tsx'

const USER = 'user'

afterEach(cleanup)
beforeEach(() => {
  fakeTime()
  onTestFinished(() => {
    sessionStorage.clear()
    localStorage.clear()
    onlineManager.setOnline(true)
  })
})

function setUp() {
  const relay = createMockRelay()
  const onOutcome = vi.fn()
  const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch, onOutcome })
  onTestFinished(() => client.close())
  const queryClient = new QueryClient()
  const provide = (children: ReactNode) => (
    <QueryClientProvider client={queryClient}>
      <KycStatusProvider client={client}>{children}</KycStatusProvider>
    </QueryClientProvider>
  )
  const kept = () => Object.keys(sessionStorage).filter((key) => key.startsWith('kyc-upload-status'))
  const queries = () => queryClient.getQueryCache().findAll({ queryKey: kycKeys.all })
  return { relay, client, queryClient, provide, onOutcome, kept, queries }
}

function Outcome({ user = USER, seen = [] }: { user?: string; seen?: string[] }) {
  const { data, status, connection, error } = useKycFileStatus(user)
  const text = `${data?.outcome ?? status} ${connection.status} ${error ? 'error' : 'no error'}`
  seen.push(text)
  return <p>{text}</p>
}
const shown = () => screen.getByRole('paragraph').textContent

describe('signOut', () => {
  it('is done when it returns: streams are gone, attempts too, and nothing is known', async () => {
    const { relay, client, provide, kept } = setUp()
    render(provide(<Outcome />))
    await passed(100)
    await act(() => client.beginUpload(USER, { files: 2 }))
    expect(kept()).toHaveLength(1)
    act(() => {
      client.signOut()
      expect(client.getState(USER)).toMatchObject({
        attempt: null,
        status: null,
        error: null,
        connection: { status: 'idle', heardAt: null, cause: null },
      })
      expect(kept()).toEqual([])
      expect(relay.connections).toBe(0)
    })
  })

  it.each<[string, (relay: ReturnType<typeof createMockRelay>) => Promise<unknown> | undefined]>([
    ['is open', () => undefined],
    [
      'is lost',
      (relay) => {
        relay.respond('network')
        relay.drop()
        return passed(3000)
      },
    ],
    [
      'has failed',
      (relay) => {
        relay.respond(403)
        relay.drop()
        return passed(3000)
      },
    ],
    [
      'never answers',
      (relay) => {
        relay.hang()
        relay.drop()
        return passed(3000)
      },
    ],
    ['is offline', () => act(async () => onlineManager.setOnline(false))],
  ])('shows no data and idle where the line %s, and asks for nothing', async (_, prepare) => {
    const { relay, client, provide, queries } = setUp()
    relay.emit(USER, 'ADDED')
    render(provide(<Outcome />))
    await passed(100)
    expect(shown()).toContain('added')
    await prepare(relay)
    act(() => client.signOut())
    expect(shown()).toBe('pending idle no error')
    expect(queries().filter(({ state }) => state.data !== undefined)).toEqual([])
    relay.respond(null)
    onlineManager.setOnline(true)
    const { requests } = relay
    await passed(60_000)
    expect(relay.requests).toBe(requests)
    expect(shown()).toBe('pending idle no error')
  })

  it('removes the queries of every user, and those of attempts, and leaves those of the application', async () => {
    const { client, provide, queryClient, queries } = setUp()
    queryClient.setQueryData(['of the application'], 1)
    const { rerender } = render(provide([<Outcome key="a" user="a" />, <Outcome key="b" user="b" />]))
    await passed(100)
    await act(() => client.beginUpload('a'))
    expect(queries().length).toBeGreaterThan(1)
    act(() => client.signOut())
    rerender(provide(null))
    expect(queries().filter(({ state }) => state.data !== undefined)).toEqual([])
    expect(queryClient.getQueryData(['of the application'])).toBe(1)
  })

  it('leaves the client nothing of a user whose component was taken away before', async () => {
    const { relay, client, provide } = setUp()
    relay.emit('a', 'ADDED')
    const { rerender } = render(provide(<Outcome user="a" />))
    await passed(100)
    rerender(provide(<Outcome user="b" />))
    await passed(100)
    act(() => client.signOut())
    expect(client.getState('a').status).toBeNull()
  })

  it('paints nothing of before once it was called, whatever the relay sends', async () => {
    const { relay, client, provide } = setUp()
    relay.emit(USER, 'ADDED')
    const seen: string[] = []
    render(provide(<Outcome seen={seen} />))
    await passed(100)
    const { length } = seen
    act(() => {
      relay.emit(USER, 'ERROR')
      client.signOut()
    })
    await passed(5000)
    expect(seen.slice(length).every((text) => text.startsWith('pending'))).toBe(true)
  })

  it('is the end of an upload that begins: it resolves, and no attempt is left', async () => {
    const { relay, client, provide, kept } = setUp()
    render(provide(<Outcome />))
    await passed(100)
    relay.hang()
    const begun = vi.fn()
    act(() => void client.beginUpload(USER).then(begun))
    await passed(500)
    act(() => client.signOut())
    await passed(100)
    expect(begun).toHaveBeenCalledOnce()
    expect(client.getState(USER).attempt).toBeNull()
    expect(kept()).toEqual([])
    relay.respond(null)
    await passed(10_000)
    expect(shown()).toBe('pending idle no error')
  })

  it('is no error for a hook whose relay was not heard yet', async () => {
    const { relay, client, provide } = setUp()
    relay.hang()
    render(provide(<Outcome />))
    await passed(1000)
    act(() => client.signOut())
    await passed(1000)
    expect(shown()).toBe('pending idle no error')
  })

  it.each(['auto', 'polling'] as const)(
    'ends a prefetch that waits, and that opens nothing again (%s)',
    async (transport) => {
      const relay = createMockRelay()
      const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch, transport })
      onTestFinished(() => client.close())
      client.subscribe(USER, () => {})
      await pass(100)
      relay.hang()
      relay.drop()
      // The line that was dropped still passes for live until this is over.
      await pass(1000)
      const prefetched = new QueryClient().prefetchQuery(kycFileStatusOptions(client, { externalUserId: USER }))
      await pass(100)
      client.signOut()
      await prefetched
      const { requests } = relay
      await pass(60_000)
      expect(relay.requests).toBe(requests)
      expect(client.getState(USER).connection.status).toBe('idle')
    },
  )

  it('twice, and without anybody there, does no harm', async () => {
    const { client, provide } = setUp()
    client.signOut()
    client.signOut()
    render(provide(<Outcome />))
    await passed(100)
    expect(shown()).toBe('none open no error')
  })

  it('shows the component as if nothing were known, and without a word of a lost line', async () => {
    const { relay, client, provide } = setUp()
    relay.emit(USER, 'ADDED')
    const { container } = render(provide(<KycUploadStatus externalUserId={USER} />))
    await passed(100)
    act(() => client.signOut())
    await passed(60_000)
    expect(container.querySelector('[data-status]')?.getAttribute('data-status')).toBe('loading')
    expect(container.textContent).not.toMatch(/connection/i)
  })
})

describe('a line that was signed out opens again, without a reload,', () => {
  async function signedOut() {
    const page = setUp()
    page.relay.emit(USER, 'ERROR')
    const app = render(page.provide(<Outcome />))
    await passed(100)
    act(() => page.client.signOut())
    await passed(2000)
    expect(shown()).toBe('pending idle no error')
    return { ...page, ...app }
  }

  it('with the next mount', async () => {
    const { rerender, provide } = await signedOut()
    rerender(provide(null))
    await passed(2000)
    rerender(provide(<Outcome />))
    await passed(100)
    expect(shown()).toBe('error open no error')
  })

  it('with the next mount of another component, for all', async () => {
    const { rerender, provide } = await signedOut()
    rerender(provide([<Outcome key={1} />, <Outcome key={2} />]))
    await passed(100)
    expect(screen.getAllByRole('paragraph').map(({ textContent }) => textContent)).toEqual(
      Array(2).fill('error open no error'),
    )
  })

  it('with beginUpload', async () => {
    const { relay, client } = await signedOut()
    await act(() => client.beginUpload(USER))
    await passed(100)
    expect(shown()).toBe('waiting open no error')
    relay.emit(USER, 'ADDED')
    await passed(100)
    expect(shown()).toBe('added open no error')
  })

  it('with reconnect', async () => {
    const { client } = await signedOut()
    act(() => client.reconnect(USER))
    await passed(100)
    expect(shown()).toBe('error open no error')
  })

  it('for another user', async () => {
    const { rerender, provide } = await signedOut()
    rerender(provide(<Outcome user="another user" />))
    await passed(100)
    expect(shown()).toBe('none open no error')
  })

  it('and what clear() does meanwhile opens nothing', async () => {
    const { relay, client } = await signedOut()
    const { requests } = relay
    act(() => client.setFiles(USER, 3))
    await passed(100)
    expect(relay.requests).toBe(requests)
    expect(client.getState(USER).attempt).toBeNull()
  })
})

describe('the recipe that signs out when the signed-in part of the page is left', () => {
  function SignedIn() {
    const client = useKycStatusClient()
    useEffect(() => () => client.signOut(), [client])
    return <Outcome />
  }

  it.each([true, false])('works from the start (StrictMode: %s)', async (isStrict) => {
    const { relay, provide, kept, client } = setUp()
    relay.emit(USER, 'ADDED')
    const wrap = (children: ReactNode) => (isStrict ? <StrictMode>{children}</StrictMode> : children)
    const { rerender } = render(wrap(provide(<SignedIn />)))
    await passed(100)
    expect(shown()).toBe('added open no error')
    await act(() => client.beginUpload(USER))
    rerender(wrap(provide(null)))
    await passed(2000)
    expect(relay.connections).toBe(0)
    expect(kept()).toEqual([])
    rerender(wrap(provide(<SignedIn />)))
    await passed(100)
    expect(shown()).toBe('added open no error')
  })

  it('works with a Suspense hook in StrictMode', async () => {
    const { relay, provide } = setUp()
    relay.emit(USER, 'ADDED')
    const Suspending = () => <p>{useSuspenseKycFileStatus(USER).data.outcome}</p>
    function Page() {
      const client = useKycStatusClient()
      useEffect(() => () => client.signOut(), [client])
      return (
        <Suspense fallback={<p>loading</p>}>
          <Suspending />
        </Suspense>
      )
    }
    render(<StrictMode>{provide(<Page />)}</StrictMode>)
    await passed(10_000)
    expect(shown()).toBe('added')
    expect(relay.connections).toBe(1)
  })

  it.each([true, false])('works in the component that has the client (StrictMode: %s)', async (isStrict) => {
    const relay = createMockRelay()
    function App() {
      const [client] = useState(() => createKycStatusClient({ url: relay.url, fetch: relay.fetch }))
      useEffect(() => () => client.signOut(), [client])
      return (
        <KycStatusProvider client={client}>
          <Outcome />
        </KycStatusProvider>
      )
    }
    const app = render(
      isStrict ? (
        <StrictMode>
          <App />
        </StrictMode>
      ) : (
        <App />
      ),
    )
    await passed(100)
    expect(shown()).toBe('none open no error')
    app.unmount()
    await passed(2000)
    expect(relay.connections).toBe(0)
  })
})

describe('a Suspense hook that is mounted', () => {
  function Suspending() {
    return <p>{useSuspenseKycFileStatus(USER).data.outcome}</p>
  }
  const page = (children: ReactNode) => <Suspense fallback={<p>loading</p>}>{children}</Suspense>

  it('shows its fallback after signOut, opens nothing, and comes back with reconnect', async () => {
    const { relay, client, provide } = setUp()
    relay.emit(USER, 'ADDED')
    render(provide(page(<Suspending />)))
    await passed(1000)
    expect(screen.getByText('added')).toBeTruthy()
    act(() => client.signOut())
    expect(screen.getByText('loading')).toBeTruthy()
    const { requests } = relay
    await passed(60_000)
    expect(relay.requests).toBe(requests)
    expect(client.getState(USER).connection.status).toBe('idle')
    act(() => client.reconnect(USER))
    await passed(1000)
    expect(screen.getAllByRole('paragraph').map(({ textContent }) => textContent)).toContain('added')
  })

  it('opens nothing beside a hook that is mounted as well', async () => {
    const { relay, client, provide } = setUp()
    render(provide([<Outcome key={1} />, <div key={2}>{page(<Suspending />)}</div>]))
    await passed(1000)
    act(() => client.signOut())
    const { requests } = relay
    await passed(60_000)
    expect(relay.requests).toBe(requests)
  })
})

describe('what onOutcome was told', () => {
  it('is forgotten with a sign-out, in storage as well', async () => {
    const { relay, client, provide, onOutcome } = setUp()
    render(provide(<Outcome />))
    await passed(100)
    await act(() => client.beginUpload(USER))
    act(() => relay.emit(USER, 'ADDED'))
    await passed(3000)
    expect(onOutcome).toHaveBeenCalledOnce()
    expect(Object.keys(localStorage)).toHaveLength(1)
    act(() => client.signOut())
    expect(Object.keys(localStorage)).toEqual([])
  })

  it('is no reason not to tell of the next upload after it', async () => {
    const { relay, client, provide, onOutcome } = setUp()
    render(provide(<Outcome />))
    await passed(100)
    for (let i = 1; i <= 2; i++) {
      await act(() => client.beginUpload(USER))
      act(() => relay.emit(USER, 'ADDED'))
      await passed(3000)
      expect(onOutcome).toHaveBeenCalledTimes(i)
      act(() => client.signOut())
    }
  })
})

it('after close() nothing opens again', async () => {
  const { relay, client, provide } = setUp()
  const { rerender } = render(provide(<Outcome />))
  await passed(100)
  act(() => client.close())
  const { requests } = relay
  rerender(provide(null))
  rerender(provide(<Outcome />))
  act(() => {
    client.signOut()
    client.reconnect(USER)
  })
  await act(() => client.beginUpload(USER))
  await passed(10_000)
  expect(relay.requests).toBe(requests)
  expect(client.getState(USER).error).toMatchObject({ code: 'closed' })
})
