import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { subscriptionTokens } from '../../../src/relay/access/subscription-tokens.ts'
import { createRelay } from '../../../src/relay/index.ts'
import { toNodeHandler } from '../../../src/relay/servers/node.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { prometheusMetrics } from '../../../src/relay/telemetry/metrics.ts'
import { isLong } from '../../long.ts'

// A relay in a process of its own, which says what it takes when it is asked. It runs with --expose-gc.

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const relay = createRelay({
  store: memoryStore(),
  webhookTokens: ['token'],
  subscriptionTokens: subscriptionTokens('a secret of at least thirty-two bytes'),
  logger: quiet,
  heartbeatInterval: isLong ? 15_000 : 2000,
  metrics: prometheusMetrics(),
})
const server = createServer({ connectionsCheckingInterval: 1000 }, toNodeHandler(relay)).listen(
  0,
  '127.0.0.1',
  4096,
  () => {
    process.send?.({ port: (server.address() as AddressInfo).port })
  },
)

process.on('message', () => {
  // Twice: what the first one finalizes, the second one collects.
  globalThis.gc?.()
  setImmediate(() => {
    globalThis.gc?.()
    const { heapUsed, external, rss } = process.memoryUsage()
    process.send?.({ bytes: heapUsed + external, rss, files: readdirSync('/proc/self/fd').length })
  })
})
process.on('disconnect', () => process.exit())
