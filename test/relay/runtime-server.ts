import { setTimeout as wait } from 'node:timers/promises'
import { createRelay, memoryStore, subscriptionTokens } from '../../src/relay/index.ts'
import { toBunServe } from '../../src/relay/servers/bun.ts'
import { prometheusMetrics } from '../../src/relay/telemetry/metrics.ts'

// A relay in the server of Bun or Deno, whichever runs this file, as the documentation mounts it.

interface BunServer {
  port: number
  stop(): Promise<void>
}
interface DenoServer {
  addr: { port: number }
  shutdown(): Promise<void>
}
type Fetch = (request: Request) => Promise<Response>
declare const Bun: { serve(options: { port: number; hostname: string; fetch: Fetch }): BunServer } | undefined
declare const Deno: { serve(options: { port: number; hostname: string; onListen(): void }, fetch: Fetch): DenoServer }

const { KYC_WEBHOOK_TOKENS = '', KYC_ADMIN_TOKENS = '', KYC_SUBSCRIPTION_SECRET = '' } = process.env
const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const address = { port: 0, hostname: '127.0.0.1' }
const store = memoryStore()
const metrics = prometheusMetrics()
let isCut = false
const relay = createRelay({
  store,
  webhookTokens: [KYC_WEBHOOK_TOKENS],
  adminTokens: [KYC_ADMIN_TOKENS],
  subscriptionTokens: subscriptionTokens(KYC_SUBSCRIPTION_SECRET),
  allowedOrigins: ['https://app.example'],
  metrics: {
    ...metrics,
    report(fact) {
      metrics.report(fact)
      isCut ||= fact.type === 'ended' && fact.reason === 'slow_reader'
    },
  },
  logger: quiet,
})

/** Stores events of one user until a reader that does not read is cut; at most 64 MB, far more than two sockets hold. */
async function flood(externalUserId: string): Promise<Response> {
  const event = { externalUserId, frame: 'kyc-file', data: JSON.stringify({ padding: 'x'.repeat(16_000) }) }
  for (let sent = 0; sent < 4000 && !isCut; sent++) {
    await store.append(event)
    await wait(1)
  }
  return new Response()
}

const withFlood =
  (fetch: Fetch): Fetch =>
  (request) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    return pathname.startsWith('/flood/') ? flood(pathname.slice('/flood/'.length)) : fetch(request)
  }

function serve(): { port: number; close(): Promise<void> } {
  if (typeof Bun !== 'undefined') {
    const mounted = toBunServe(relay)
    const server = Bun.serve({ ...address, ...mounted, fetch: withFlood(mounted.fetch) })
    return { port: server.port, close: () => server.stop() }
  }
  const server = Deno.serve({ ...address, onListen() {} }, withFlood(relay.fetch))
  return { port: server.addr.port, close: () => server.shutdown() }
}

const { port, close } = serve()
console.log(`http://127.0.0.1:${port}`)
process.on('SIGTERM', async () => {
  await relay.drain({ within: 100 })
  await close()
  process.exit()
})
