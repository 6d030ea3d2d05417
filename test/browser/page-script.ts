import { createKycStatusClient, type KycStatusClient } from '../../src/client/index.ts'

declare global {
  interface Window {
    client: KycStatusClient
    user: string
    /** Each outcome that the page has seen, in order. */
    seen: string[]
    /** What `onOutcome` was told. */
    told: string[]
  }
}

const parameters = new URLSearchParams(location.hash.slice(1))
const user = parameters.get('user') ?? ''
const client = createKycStatusClient({
  url: parameters.get('relay') ?? '',
  getToken: () => parameters.get('token') ?? '',
  retry: { base: 50, max: 200 },
  onOutcome: ({ outcome }) => window.told.push(outcome),
})

window.client = client
window.user = user
window.seen = []
window.told = []
const look = () => {
  const { status } = client.getState(user)
  if (status && window.seen.at(-1) !== status.outcome) window.seen.push(status.outcome)
}
client.subscribe(user, look)
