import { onlineManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { type ReactNode, StrictMode, useEffect, useLayoutEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { useKycFileStatus } from '../../src/react/index.ts'
import { fakeTime } from '../client/fake-time.ts'
import { passed, setUp, USER } from './render.tsx'

afterEach(cleanup)

beforeEach(() => {
  fakeTime()
  onTestFinished(() => {
    onlineManager.setOnline(true)
    vi.restoreAllMocks()
  })
})

/** The network of the browser goes, or comes back. */
function turn(isOnline: boolean): void {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(isOnline)
  act(() => void window.dispatchEvent(new Event(isOnline ? 'online' : 'offline')))
}

function Connection() {
  const { connection, reconnect } = useKycFileStatus(USER)
  return (
    <button type="button" onClick={reconnect}>
      {connection.pauseReason ?? connection.status}
    </button>
  )
}
const shown = () => screen.getByRole('button').textContent

describe('a network that went while somebody read, and came back while nobody did', () => {
  it.each([0, 500, 2000, 3_600_000])('is there for a reader who comes %i ms later', async (ms) => {
    const { provide } = setUp()
    const first = render(provide(<Connection />))
    await passed(100)
    expect(shown()).toBe('open')
    turn(false)
    await passed(100)
    expect(shown()).toBe('offline')
    first.unmount()
    await passed(1100)
    turn(true)
    if (ms > 0) await passed(ms)
    render(provide(<Connection />))
    await passed(100)
    expect(shown()).toBe('open')
  })

  it('is there for a reader who comes within the second that the connection is kept', async () => {
    const { provide } = setUp()
    const first = render(provide(<Connection />))
    await passed(100)
    turn(false)
    first.unmount()
    turn(true)
    render(provide(<Connection />))
    await passed(100)
    expect(shown()).toBe('open')
  })

  it('is there in StrictMode', async () => {
    const { provide } = setUp()
    const first = render(<StrictMode>{provide(<Connection />)}</StrictMode>)
    await passed(100)
    turn(false)
    first.unmount()
    await passed(1100)
    turn(true)
    render(<StrictMode>{provide(<Connection />)}</StrictMode>)
    await passed(100)
    expect(shown()).toBe('open')
  })

  it('is there when it went after the last reader had left, under a provider that was left later', async () => {
    const { provide } = setUp()
    const first = render(provide(<Connection />))
    await passed(100)
    first.rerender(provide(null))
    await passed(1100)
    turn(false)
    first.unmount()
    turn(true)
    render(provide(<Connection />))
    await passed(100)
    expect(shown()).toBe('open')
  })

  it('is there below a query client of the application that stays', async () => {
    const { provide } = setUp()
    const queryClient = new QueryClient()
    const app = (children: ReactNode) => (
      <QueryClientProvider client={queryClient}>{provide(children)}</QueryClientProvider>
    )
    const { rerender } = render(app(<Connection />))
    await passed(100)
    turn(false)
    rerender(app(null))
    await passed(1100)
    turn(true)
    rerender(app(<Connection />))
    await passed(100)
    expect(shown()).toBe('open')
  })
})

it('a network that is still gone is waited for, and the line is open at once when it is back', async () => {
  const { provide } = setUp()
  const first = render(provide(<Connection />))
  await passed(100)
  turn(false)
  first.unmount()
  await passed(1100)
  render(provide(<Connection />))
  await passed(100)
  expect(shown()).toBe('offline')
  turn(true)
  await passed(100)
  expect(shown()).toBe('open')
})

it('"Check again" is of use after the network has come back while nobody read', async () => {
  const { provide, relay } = setUp()
  const first = render(provide(<Connection />))
  await passed(100)
  turn(false)
  first.unmount()
  await passed(1100)
  turn(true)
  render(provide(<Connection />))
  fireEvent.click(screen.getByRole('button'))
  await passed(100)
  expect(shown()).toBe('open')
  expect(relay.connections).toBe(1)
})

it('what the application has said of the network is remembered, also while nobody read', async () => {
  const { provide, relay } = setUp()
  act(() => onlineManager.setOnline(false))
  const first = render(provide(<Connection />))
  await passed(100)
  expect(shown()).toBe('offline')
  first.unmount()
  await passed(1100)
  render(provide(<Connection />))
  await passed(100)
  expect(shown()).toBe('offline')
  expect(relay.requests).toBe(0)
  act(() => onlineManager.setOnline(true))
  await passed(100)
  expect(shown()).toBe('open')
})

/** What a parent does in the commit in which the hook mounts. */
describe('a parent that says in the commit in which the hook mounts', () => {
  const parents: [string, () => void][] = [
    ['that it is online', () => useEffect(() => onlineManager.setOnline(true), [])],
    ['that it is online, in a layout effect', () => useLayoutEffect(() => onlineManager.setOnline(true), [])],
    [
      'that it is online, offline and online',
      () =>
        useEffect(() => {
          for (const isOnline of [true, false, true]) onlineManager.setOnline(isOnline)
        }, []),
    ],
    [
      'that it is online, a microtask later',
      () => useEffect(() => void Promise.resolve().then(() => onlineManager.setOnline(true)), []),
    ],
    [
      'that it is online, two microtasks later',
      () =>
        useEffect(
          () =>
            void Promise.resolve()
              .then(() => {})
              .then(() => onlineManager.setOnline(true)),
          [],
        ),
    ],
  ]
  it.each(parents)('%s, is heard', async (_, useParent) => {
    const { provide } = setUp()
    onlineManager.setOnline(false)
    function Parent() {
      useParent()
      return <Connection />
    }
    render(provide(<Parent />))
    await passed(100)
    expect(shown()).toBe('open')
  })

  it('that it is offline, is heard as well', async () => {
    const { provide, relay } = setUp()
    function Parent() {
      useEffect(() => onlineManager.setOnline(false), [])
      return <Connection />
    }
    render(provide(<Parent />))
    await passed(100)
    expect(shown()).toBe('offline')
    expect(relay.connections).toBe(0)
  })
})
