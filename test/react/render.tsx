import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { onTestFinished, vi } from 'vitest'
import { createKycStatusClient, KycStatusProvider } from '../../src/react/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'

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

/** What rendering throws; React and jsdom are kept from printing it as well. */
export function renderError(ui: ReactNode): unknown {
  const quiet = (event: ErrorEvent) => event.preventDefault()
  window.addEventListener('error', quiet)
  const print = vi.spyOn(console, 'error').mockImplementation(() => {})
  try {
    render(ui)
    return undefined
  } catch (error) {
    return error
  } finally {
    window.removeEventListener('error', quiet)
    print.mockRestore()
  }
}
