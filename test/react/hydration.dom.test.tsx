import {
  type DehydratedState,
  dehydrate,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query'
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it } from 'vitest'
import { createKycStatusClient, kycFileStatusOptions, kycKeys, useKycFileStatus } from '../../src/react/index.ts'
import { setUp, USER } from './render.tsx'

afterEach(cleanup)

/** What a server has prefetched at this moment, by the address that the relay has there, for the pages' one. */
async function prefetched({ relay, client: { url } }: ReturnType<typeof setUp>) {
  const client = createKycStatusClient({ url: 'http://relay.internal/kyc', fetch: relay.fetch })
  const queryClient = new QueryClient()
  await queryClient.prefetchQuery({
    ...kycFileStatusOptions(client, { externalUserId: USER }),
    queryKey: kycKeys.fileStatus(USER, null, url),
  })
  client.close()
  return dehydrate(queryClient)
}

function page({ provide }: ReturnType<typeof setUp>, seen: string[]) {
  function Outcome() {
    const { data, status } = useKycFileStatus(USER)
    seen.push(data?.outcome ?? status)
    return <p>{data?.outcome ?? status}</p>
  }
  return (state: DehydratedState | undefined, queryClient: QueryClient): ReactNode => (
    <QueryClientProvider client={queryClient}>
      <HydrationBoundary state={state}>{provide(<Outcome />)}</HydrationBoundary>
    </QueryClientProvider>
  )
}

it('shows what the server has rendered at once, on the server and in the page, and then what happens', async () => {
  const browser = setUp()
  const { relay } = browser
  relay.emit(USER, 'ERROR')
  const state = await prefetched(browser)
  const seen: string[] = []
  const app = page(browser, seen)
  expect(renderToString(app(state, new QueryClient()))).toContain('error')
  render(app(state, new QueryClient()))
  await waitFor(() => expect(browser.client.getState(USER).connection.status).toBe('open'))
  act(() => relay.emit(USER, 'ADDED'))
  await screen.findByText('added')
  expect([...new Set(seen)]).toEqual(['error', 'added'])
})

it('does not go back to a snapshot that comes late, not even for one frame', async () => {
  const browser = setUp()
  const { relay } = browser
  relay.emit(USER, 'ERROR')
  const old = await prefetched(browser)
  const seen: string[] = []
  const app = page(browser, seen)
  const queryClient = new QueryClient()
  const { rerender } = render(app(undefined, queryClient))
  await screen.findByText('error')
  act(() => relay.emit(USER, 'ADDED'))
  await screen.findByText('added')

  // Rendered after the stream had spoken, read before it: its `dataUpdatedAt` is the later one.
  const late = structuredClone(old)
  for (const query of late.queries) query.state.dataUpdatedAt = Date.now() + 60_000
  const { queryKey } = kycFileStatusOptions(browser.client, { externalUserId: USER })
  rerender(app(late, queryClient))
  await waitFor(() => expect(queryClient.getQueryData(queryKey)?.outcome).toBe('error'))
  // TanStack tells its observers in a task of its own.
  await act(() => new Promise((resolve) => setTimeout(resolve)))
  expect(screen.getByText('added')).toBeTruthy()
  expect(seen.slice(seen.indexOf('added'))).not.toContain('error')

  // Nor does a component that comes to the page now see it.
  const seenLater: string[] = []
  render(page(browser, seenLater)(undefined, queryClient))
  expect(new Set(seenLater)).toEqual(new Set(['added']))
})
