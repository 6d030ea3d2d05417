import { expect, onTestFinished, vi } from 'vitest'
import { createKycStatusClient, type KycStatusClientOptions } from '../../src/client/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'

export const USER = 'user'

/** A client on a relay in memory, or on another one that `options` name. It ends with the test. */
export function mockPage(options: Partial<KycStatusClientOptions> = {}) {
  const relay = createMockRelay()
  const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch, ...options })
  onTestFinished(() => client.close())
  return { relay, client, state: () => client.getState(USER) }
}

export function isForStream(init?: RequestInit): boolean {
  return new Headers(init?.headers).get('accept') === 'text/event-stream'
}

/** Fails the test if a promise of it is rejected and nobody handles that. */
export function expectNoUnhandledRejection(): void {
  const rejected = vi.fn()
  process.on('unhandledRejection', rejected)
  onTestFinished(() => {
    process.off('unhandledRejection', rejected)
    expect(rejected).not.toHaveBeenCalled()
  })
}
