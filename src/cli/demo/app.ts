import type { SubscriptionTokens } from '../../relay/access/subscription-tokens.ts'
import type { Relay } from '../../relay/relay.ts'
import type { Backstage } from './backstage.ts'
import { isScenario, isWay, type Provider, SCENARIOS } from './provider.ts'
import { WORDS, wordOf } from './webhooks.ts'

/** The largest file that the demo takes, in bytes. It is counted and thrown away. */
const MAX_FILE_BYTES = 10 * 1024 * 1024

export interface DemoAppOptions {
  relay: Relay
  provider: Provider
  backstage: Backstage
  tokens: SubscriptionTokens
  /** Whoever opens the demo is signed in as this user. */
  externalUserId: string
  assets(pathname: string): Response | null
  /** Keeps the user's page from its stream for so many milliseconds. */
  breakLine(ms: number): Promise<void>
}

/** Stands for the server of a fintech: it knows who is signed in, gives the page its token, and takes the file. */
export function demoApp(options: DemoAppOptions): { fetch(request: Request): Promise<Response> } {
  const { relay, provider, backstage, tokens, externalUserId, assets } = options

  async function upload(request: Request, scenario: string | null): Promise<Response> {
    if (!isScenario(scenario)) return new Response(null, { status: 422 })
    const bytes = await countBytes(request)
    if (bytes === null) return new Response(null, { status: 413 })
    const { answersAfter, outage } = SCENARIOS[scenario]
    if (outage > 0) await options.breakLine(outage)
    inBackground(provider.answer(scenario))
    return Response.json({ bytes, answersAfter }, { status: 202 })
  }

  async function proof(request: Request): Promise<Response> {
    if ((await countBytes(request)) === null) return new Response(null, { status: 413 })
    inBackground(provider.receiveProof())
    return new Response(null, { status: 202 })
  }

  async function post(frame: string | null, status: string | null): Promise<Response> {
    const word = wordOf(frame, status)
    if (!word) return new Response(null, { status: 422 })
    await provider.post(word)
    return new Response(null, { status: 204 })
  }

  function play(way: string | null): Response {
    if (!isWay(way)) return new Response(null, { status: 422 })
    inBackground(provider.play(way))
    return new Response(null, { status: 202 })
  }

  return {
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      switch (`${request.method} ${pathname}`) {
        case 'GET /api/session':
          return Response.json({ externalUserId, webhooks: WORDS })
        case 'POST /api/kyc-token':
          return new Response(await tokens.issue(externalUserId), { headers: { 'cache-control': 'no-store' } })
        case 'POST /api/upload':
          return upload(request, searchParams.get('scenario'))
        case 'POST /api/proof-of-address':
          return proof(request)
        case 'POST /api/webhook':
          return post(searchParams.get('frame'), searchParams.get('status'))
        case 'POST /api/play':
          return play(searchParams.get('way'))
        case 'GET /api/backstage':
          return backstage.watch()
        case 'POST /api/start-over':
          provider.stop()
          await relay.forget(externalUserId)
          backstage.clear()
          return new Response(null, { status: 204 })
        default:
          return (request.method === 'GET' && assets(pathname)) || new Response('Not found', { status: 404 })
      }
    },
  }
}

/** @returns `null` if they are too many. */
async function countBytes(request: Request): Promise<number | null> {
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_FILE_BYTES) return null
  }
  return bytes
}

function inBackground(delivery: Promise<void>): void {
  delivery.catch((error: unknown) => console.error('The simulated provider could not deliver its webhook:', error))
}
