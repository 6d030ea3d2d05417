import { QueryErrorResetBoundary } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { Component, type ReactNode, StrictMode, Suspense, useState } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useKycFileStatus, useSuspenseKycFileStatus } from '../../src/react/index.ts'
import { fakeTime } from '../client/fake-time.ts'
import { quiet } from '../quiet.ts'
import { passed, quietErrors, setUp, USER } from './render.tsx'

afterEach(cleanup)

beforeEach(() => {
  fakeTime()
  quiet()
  quietErrors()
})

class Boundary extends Component<{ children: ReactNode; onReset?: () => void }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }
  static getDerivedStateFromError = (error: Error) => ({ error })
  readonly again = () => {
    this.props.onReset?.()
    this.setState({ error: null })
  }
  override render() {
    const { error } = this.state
    return error ? (
      <button type="button" onClick={this.again}>
        {error.message}
      </button>
    ) : (
      this.props.children
    )
  }
}

function Throwing() {
  const { data, status } = useKycFileStatus(USER, { throwOnError: true })
  return <p>{data?.outcome ?? status}</p>
}

function Suspending() {
  return <p>{useSuspenseKycFileStatus(USER).data.outcome}</p>
}

const hooks: [string, () => ReactNode][] = [
  ['the hook with throwOnError', Throwing],
  ['the Suspense hook', Suspending],
]

const boundaries: [string, (children: ReactNode) => ReactNode][] = [
  ['a boundary', (children) => <Boundary>{children}</Boundary>],
  [
    'a boundary that resets the queries',
    (children) => (
      <QueryErrorResetBoundary>
        {({ reset }) => <Boundary onReset={reset}>{children}</Boundary>}
      </QueryErrorResetBoundary>
    ),
  ],
  [
    'a boundary in StrictMode',
    (children) => (
      <StrictMode>
        <Boundary>{children}</Boundary>
      </StrictMode>
    ),
  ],
]

describe.each(hooks)('%s', (_, Hook) => {
  describe.each(boundaries)('below %s', (_name, wrap) => {
    async function refused(status: number) {
      const page = setUp()
      page.relay.respond(status)
      page.relay.emit(USER, 'ADDED')
      render(
        page.provide(
          wrap(
            <Suspense fallback={<p>loading</p>}>
              <Hook />
            </Suspense>,
          ),
        ),
      )
      await passed(100)
      expect(screen.getByRole('button').textContent).toContain(String(status))
      return page
    }
    const again = () => fireEvent.click(screen.getByRole('button'))

    it.each([0, 20, 500, 2000, 60_000])('comes back with "try again" %i ms after a 403 has healed', async (ms) => {
      const { relay } = await refused(403)
      relay.respond(null)
      if (ms > 0) await passed(ms)
      again()
      await passed(1000)
      expect(screen.getByText('added')).toBeTruthy()
    })

    it('comes back with "try again" after a 401 has healed', async () => {
      const { relay } = await refused(401)
      relay.respond(null)
      again()
      await passed(1000)
      expect(screen.getByText('added')).toBeTruthy()
    })

    it('is back at its boundary when "try again" did not help, and comes back with the next one', async () => {
      const { relay } = await refused(403)
      for (let i = 0; i < 3; i++) {
        await passed(500)
        const { requests } = relay
        again()
        await passed(1000)
        expect(screen.getByRole('button').textContent).toContain('403')
        expect(relay.requests - requests).toBeGreaterThan(0)
        expect(relay.requests - requests).toBeLessThanOrEqual(3)
      }
      relay.respond(null)
      again()
      await passed(1000)
      expect(screen.getByText('added')).toBeTruthy()
    })

    it('is at its boundary, and does not come and go, while nobody tries again', async () => {
      const { relay } = await refused(403)
      const { requests } = relay
      await passed(60_000)
      expect(screen.getByRole('button').textContent).toContain('403')
      expect(relay.requests).toBe(requests)
    })
  })
})

describe('a Suspense hook that is taken away while the relay', () => {
  it.each<[string, (relay: ReturnType<typeof setUp>['relay']) => void]>([
    ['cannot be reached', (relay) => relay.respond('network')],
    ['never answers', (relay) => relay.hang()],
    ['answers 503', (relay) => relay.respond(503)],
    [
      'is a page of HTML',
      (relay) => relay.respond(() => new Response('', { headers: { 'content-type': 'text/html' } })),
    ],
  ])('%s stops asking', async (_, prepare) => {
    const { relay, client, provide } = setUp()
    prepare(relay)
    function Page() {
      const [isShown, setShown] = useState(true)
      return (
        <>
          <button type="button" onClick={() => setShown(false)}>
            take away
          </button>
          {isShown && (
            <Suspense fallback={<p>loading</p>}>
              <Suspending />
            </Suspense>
          )}
        </>
      )
    }
    render(provide(<Page />))
    await passed(3000)
    expect(screen.getByText('loading')).toBeTruthy()
    fireEvent.click(screen.getByRole('button'))
    // It holds its connection for 5 s, and that outlives it by one.
    await passed(7000)
    const { requests } = relay
    await passed(120_000)
    expect(relay.requests).toBe(requests)
    expect(client.getState(USER).connection.status).toBe('idle')
  })

  it('cannot be reached, and that stays, goes on asking, and shows what is known once it can', async () => {
    const { relay, renderUi } = setUp()
    relay.respond('network')
    relay.emit(USER, 'ADDED')
    renderUi(
      <Suspense fallback={<p>loading</p>}>
        <Suspending />
      </Suspense>,
    )
    await passed(60_000)
    expect(screen.getByText('loading')).toBeTruthy()
    relay.respond(null)
    await passed(1000)
    expect(screen.getByText('added')).toBeTruthy()
  })
})
