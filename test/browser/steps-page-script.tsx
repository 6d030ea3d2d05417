import { type DehydratedState, HydrationBoundary, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { createKycStatusClient, KycStatusProvider } from '../../src/react/index.ts'
import type { KycTimelineMessageOverrides } from '../../src/react/timeline/index.ts'
import { StepsPage } from './steps-page.tsx'

declare global {
  interface Window {
    /** Takes the place of the token in the page's address. */
    token?: string
    /** The texts of steps, as an application has them. */
    messages?: KycTimelineMessageOverrides
    /** What a server has prefetched for the HTML that it has rendered. */
    dehydrated?: DehydratedState
    /** Each render of a hook, with what the hook said in it, in order. */
    renders: [hook: string, said: string][]
    /** Each state of a step that the document had, in order. */
    painted: [step: string, state: string][]
  }
}

const parameters = new URLSearchParams(location.hash.slice(1))
const user = parameters.get('user') ?? ''
const client = createKycStatusClient({
  url: parameters.get('relay') ?? '',
  getToken: () => window.token ?? parameters.get('token') ?? '',
  retry: { base: 50, max: 200 },
  ...(parameters.get('transport') === 'polling' && { transport: 'polling' }),
  fetch: (input, init) => {
    window.requests.push(new Headers(init?.headers).get('accept') ?? '')
    return fetch(input, init)
  },
})
window.client = client
window.user = user
window.requests = []
window.renders = []
window.painted = []

new MutationObserver((changes) => {
  for (const { target } of changes) {
    const { step, state } = (target as HTMLElement).dataset
    if (step !== undefined && state !== undefined) window.painted.push([step, state])
  }
}).observe(document, { subtree: true, attributeFilter: ['data-state'] })

const page = (
  <QueryClientProvider client={new QueryClient()}>
    <HydrationBoundary state={window.dehydrated}>
      <KycStatusProvider client={client}>
        <StepsPage
          user={user}
          steps={parameters.get('steps')?.split(',') ?? ['kyc-file', 'poa', 'kyc-verification', 'user-balance']}
          messages={window.messages}
          onRender={(hook, said) => void window.renders.push([hook, said])}
        />
      </KycStatusProvider>
    </HydrationBoundary>
  </QueryClientProvider>
)
const root = document.getElementById('root')
if (root) hydrateRoot(root, page)
else createRoot(document.body.appendChild(document.createElement('div'))).render(page)
