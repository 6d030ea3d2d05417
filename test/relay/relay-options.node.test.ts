import { expect, it } from 'vitest'
import { createRelay, type RelayOptions } from '../../src/relay/index.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { tokens } from './serve.ts'

it.each<[object, RegExp]>([
  [{ webhookTokens: [] }, /webhookTokens: expected at least one token/],
  [{ webhookTokens: ['a,b'] }, /webhookTokens: 0: expected visible ASCII/],
  [{ webhookTokens: 'token' }, /webhookTokens: expected a list/],
  [{ store: {} }, /store: expected a store/],
  [{ subscriptionTokens: 'secret' }, /subscriptionTokens: expected subscriptionTokens\(secret\)/],
  [{ subscriptionTokens: undefined }, /expected either subscriptionTokens or authorizeSubscriber/],
  [{ authorizeSubscriber: () => null }, /expected either subscriptionTokens or authorizeSubscriber/],
  [{ store: { append() {} } }, /store: expected a store/],
  [{ metrics: { expose() {} } }, /metrics: expected prometheusMetrics/],
  [{ logger: { info() {} } }, /logger: expected a logger/],
  [{ maxStreams: 0 }, /maxStreams: expected 1 or more/],
  ...['kyc/', '/kyc/', '/a b', '/é', '/a/../b', '/.', '/a?b'].map((basePath): [object, RegExp] => [
    { basePath },
    /basePath: expected/,
  ]),
  [{ allowedOrigins: ['*'] }, /allowedOrigins: 0: expected an origin/],
  [{ allowedOrigins: ['https://app.example/'] }, /allowedOrigins: 0: expected an origin/],
  [{ heartbeatInterval: 0 }, /heartbeatInterval: expected/],
  [{ allowOrigins: [] }, /allowOrigins: not an option/],
])('refuses the options %j', (options, message) => {
  const good = { store: memoryStore(), webhookTokens: ['token'], subscriptionTokens: tokens }
  expect(() => createRelay({ ...good, ...options } as RelayOptions)).toThrow(message)
})
