import type { SubscriptionTokens } from '../../relay/access/subscription-tokens.ts'
import type { Relay } from '../../relay/relay.ts'
import { deliverLater, SCENARIOS, type Scenario } from './provider.ts'

/** The largest file that the demo takes, in bytes. It is counted and thrown away. */
const MAX_FILE_BYTES = 10 * 1024 * 1024

export interface DemoAppOptions {
  relay: Relay
  /** Where the relay is, for the simulated provider. */
  relayUrl(): string
  webhookToken: string
  tokens: SubscriptionTokens
  /** Whoever opens the demo is signed in as this user. */
  externalUserId: string
  assets(pathname: string): Response | null
  /** Keeps the user's page from its stream for so many milliseconds. */
  breakLine(ms: number): Promise<void>
}

/** Stands for the server of a fintech: it knows who is signed in, gives the page its token, and takes the file. */
export function demoApp(options: DemoAppOptions): { fetch(request: Request): Promise<Response> } {
  const { relay, tokens, externalUserId, assets } = options

  /** Ends when the person starts over: what is on the way then does not arrive. */
  let run = new AbortController()

  async function upload(request: Request, scenario: string | null): Promise<Response> {
    if (scenario === null || !Object.hasOwn(SCENARIOS, scenario)) return new Response(null, { status: 422 })
    let bytes = 0
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > MAX_FILE_BYTES) return new Response(null, { status: 413 })
    }
    const { answersAfter, outage } = SCENARIOS[scenario as Scenario]
    if (outage > 0) await options.breakLine(outage)
    deliverLater(scenario as Scenario, {
      url: options.relayUrl(),
      token: options.webhookToken,
      externalUserId,
      signal: run.signal,
    }).catch((error: unknown) => console.error('The simulated provider could not deliver its webhook:', error))
    return Response.json({ bytes, answersAfter }, { status: 202 })
  }

  return {
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      switch (`${request.method} ${pathname}`) {
        case 'GET /api/session':
          return Response.json({ externalUserId })
        case 'POST /api/kyc-token':
          return new Response(await tokens.issue(externalUserId), { headers: { 'cache-control': 'no-store' } })
        case 'POST /api/upload':
          return upload(request, searchParams.get('scenario'))
        case 'POST /api/start-over':
          run.abort()
          run = new AbortController()
          await relay.forget(externalUserId)
          return new Response(null, { status: 204 })
        default:
          return (request.method === 'GET' && assets(pathname)) || new Response('Not found', { status: 404 })
      }
    },
  }
}
