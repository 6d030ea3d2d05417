import { act, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { onTestFinished } from 'vitest'
import { createKycStatusClient, KycStatusProvider } from '../../src/react/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'
import { pass } from '../client/fake-time.ts'
import { quiet } from '../quiet.ts'

export const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

/** A client on a relay in memory; it ends with the test. */
export function setUp({ retry = { base: 1, max: 1 }, relay = createMockRelay() } = {}) {
  const client = createKycStatusClient({
    url: relay.url,
    fetch: relay.fetch,
    getToken: () => 'token',
    retry,
  })
  onTestFinished(() => {
    client.close()
    sessionStorage.clear()
  })
  const provide = (children: ReactNode) => <KycStatusProvider client={client}>{children}</KycStatusProvider>
  return {
    relay,
    client,
    provide,
    renderUi: (ui: ReactNode) => render(ui, { wrapper: ({ children }) => provide(children) }),
  }
}

/** Lets so many milliseconds of a fake clock pass, and React render what comes of them. */
export const passed = (ms: number) => act(() => pass(ms))

/** Keeps React and jsdom, until the test ends, from printing an error that a boundary shows. */
export function quietErrors(): void {
  const prevent = (event: ErrorEvent) => event.preventDefault()
  window.addEventListener('error', prevent)
  onTestFinished(() => window.removeEventListener('error', prevent))
  quiet('error')
}

/** Returns what rendering throws. */
export function renderError(ui: ReactNode): unknown {
  quietErrors()
  try {
    render(ui)
    return undefined
  } catch (error) {
    return error
  }
}
