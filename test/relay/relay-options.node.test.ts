import { expect, it } from 'vitest'
import { createRelay, defineWebhook, partnerApi, type RelayOptions } from '../../src/relay/index.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { anything, tokens } from './serve.ts'

const mine = defineWebhook({ frame: 'mine', path: '/webhook/x', body: anything, toEvent: () => null })

it.each<[object, RegExp]>([
  [{ webhookTokens: [] }, /webhookTokens: expected at least one token/],
  [{ webhookTokens: ['a,b'] }, /webhookTokens: 0: expected visible ASCII/],
  [{ webhookTokens: 'token' }, /webhookTokens: expected a list/],
  [{ webhookTokens: undefined }, /webhookTokens: expected at least one token, since kyc-file has no authenticate/],
  [
    { webhookTokens: undefined, webhooks: [...partnerApi({ authenticate: () => true }), mine] },
    /webhookTokens: expected at least one token, since mine has no/,
  ],
  [{ webhooks: mine }, /webhooks: expected a list of definitions/],
  [{ webhooks: [mine, null] }, /webhooks: 1: expected an object/],
  [
    { webhooks: [{ frame: 'a' }] },
    /webhooks: 0: path: expected a path.*; body: expected.*; toEvent: expected a function/,
  ],
  [{ webhooks: [{ ...mine, frame: 'sync' }] }, /webhooks: 0: frame: expected .* not sync/],
  [{ webhooks: [{ ...mine, states: {} }] }, /webhooks: 0: states: not an option/],
  [
    { webhooks: [...partnerApi(), mine, { ...mine, path: '/webhook/y' }] },
    /expected each frame once, and mine is there twice/,
  ],
  [{ deliveryId: () => null }, /deliveryId: not an option/],
  [{ verifySignature: () => true }, /verifySignature: not an option/],
  [{ store: {} }, /store: expected a store/],
  [{ subscriptionTokens: 'secret' }, /subscriptionTokens: expected subscriptionTokens\(secret\)/],
  [{ subscriptionTokens: undefined }, /expected either subscriptionTokens or authorizeSubscriber/],
  [{ authorizeSubscriber: () => null }, /expected either subscriptionTokens or authorizeSubscriber/],
  [{ store: { append() {} } }, /store: expected a store/],
  [{ metrics: { expose() {} } }, /metrics: expected prometheusMetrics/],
  [{ logger: { info() {} } }, /logger: expected a logger/],
  [{ maxStreams: 0 }, /maxStreams: expected a whole number, 1 or more/],
  ...['kyc/', '/kyc/', '/a b', '/é', '/a/../b', '/.', '/a?b'].map((basePath): [object, RegExp] => [
    { basePath },
    /basePath: expected/,
  ]),
  [{ allowedOrigins: ['*'] }, /allowedOrigins: 0: expected an origin/],
  [{ allowedOrigins: ['https://app.example/'] }, /allowedOrigins: 0: expected an origin/],
  [{ heartbeatInterval: 0 }, /heartbeatInterval: expected/],
  [{ forward: {} }, /forward: url: expected http/],
  [{ maxLifetime: '1h' }, /maxLifetime: expected milliseconds/],
  [{ heartbeatInterval: 3_600_001 }, /heartbeatInterval: expected at most 3600000 ms/],
  [{ webhookTokens: null }, /webhookTokens: expected a list/],
  [{ store: undefined, basePath: undefined }, /createRelay: store: expected a store, [^;]*$/],
  [{ onWebhook: 'https://app.internal' }, /onWebhook: expected a function/],
  [{ health: 'no' }, /health: expected true or false/],
  [{ forward: 'https://app.internal' }, /forward: expected an object/],
  ...[
    'app.internal',
    'ftp://app',
    'https://u:p@app',
    'https://app/?a',
    'https://app/#',
    'https://app/?',
    'https://app/? ',
  ].map((url): [object, RegExp] => [{ forward: { url } }, /forward: url: expected http:\/\/ or https:\/\//]),
  [{ forward: { url: 'https://app', timeout: 0 } }, /forward: timeout: expected 1 ms or more/],
  [{ forward: { url: 'https://app', timeout: 60_001 } }, /forward: timeout: expected at most 60000 ms/],
  [{ forward: { url: 'https://app', maxBytes: 1.5 } }, /forward: maxBytes: expected a whole number/],
  [{ forward: { url: 'https://app', retries: 3 } }, /retries: not an option/],
  [{ allowOrigins: [] }, /allowOrigins: not an option/],
])('refuses the options %j', (options, message) => {
  const good = { store: memoryStore(), webhookTokens: ['token'], subscriptionTokens: tokens }
  expect(() => createRelay({ ...good, ...options } as RelayOptions)).toThrow(message)
})

it.each<[object, RegExp]>([
  [{ within: '3s' }, /drain: within: expected milliseconds, 0 or more/],
  [{ within: -1 }, /drain: within: expected milliseconds, 0 or more/],
  [{ timeout: 3 }, /drain: timeout: not an option/],
])('refuses to drain with the options %j', async (options, message) => {
  const relay = createRelay({ store: memoryStore(), webhookTokens: ['token'], subscriptionTokens: tokens })
  await expect(relay.drain(options)).rejects.toThrow(message)
  expect((await relay.fetch(new Request('http://relay/readyz'))).status).toBe(200)
})
