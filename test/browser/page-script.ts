import { createKycStatusClient, type KycStatusClient } from '../../src/client/index.ts'

declare global {
  interface Window {
    client: KycStatusClient
    user: string
    /** Each outcome that the page has seen, in order. */
    seen: string[]
    /** What `onOutcome` was told. */
    told: string[]
    /** What each request to the relay has asked for. */
    requests: string[]
    /** Streams open, and nothing ever comes. */
    swallowsStreams?: boolean
  }
}

const parameters = new URLSearchParams(location.hash.slice(1))
const user = parameters.get('user') ?? ''
const client = createKycStatusClient({
  url: parameters.get('relay') ?? '',
  getToken: () => parameters.get('token') ?? '',
  retry: { base: 50, max: 200 },
  ...(window.swallowsStreams && { connectTimeout: 1000 }),
  fetch: (input, init) => {
    const accept = new Headers(init?.headers).get('accept') ?? ''
    window.requests.push(accept)
    if (!window.swallowsStreams || accept !== 'text/event-stream') return fetch(input, init)
    return Promise.resolve(new Response(new ReadableStream(), { headers: { 'content-type': accept } }))
  },
  onOutcome: ({ outcome }) => window.told.push(outcome),
})

window.client = client
window.user = user
window.seen = []
window.told = []
window.requests = []
const look = () => {
  const { status } = client.getState(user)
  if (status && window.seen.at(-1) !== status.outcome) window.seen.push(status.outcome)
}
client.subscribe(user, look)
