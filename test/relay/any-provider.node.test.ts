import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import type { WebhookDefinition } from '../../src/relay/index.ts'
import { start } from '../cli/process.ts'
import { address, deliver, identity, providerSecrets, type Request, recipe } from './other-providers.ts'
import { openStream, SECRET, serve, tokens, USER } from './serve.ts'

Object.assign(process.env, providerSecrets)
const { webhooks }: { webhooks: WebhookDefinition[] } = await import(pathToFileURL(recipe).href)

const receivedAt = expect.stringMatching(/Z$/)

it('brings two providers of other kinds the whole way from webhook to stream', async () => {
  const { url, open } = await serve({ webhooks })
  const stream = await open(USER)
  await stream.untilSync()
  for (const webhook of [
    identity('check.started', {}),
    identity('document.uploaded', { result: 'clear' }),
    identity('check.completed', { result: 'resubmit', comment: 'glare' }),
    identity('check.completed', { result: 'resubmit', comment: 'glare' }),
    address('received', '2026-11-23T21:20:00+02:00'),
    address('verified', '2026-11-23T21:21:00.123456Z'),
    address('verified', '2026-11-23T21:21:00.123456Z'),
    identity('check.completed', { result: 'escalated' }, { id: 'evt_2' }),
  ])
    expect(await deliver(url, webhook)).toBe(200)
  const told = [await stream.next(), await stream.next(), await stream.next(), await stream.next(), await stream.next()]
  const externalUserId = USER
  expect(told.map(({ event, data }) => [event, JSON.parse(data)])).toEqual([
    ['identity', { externalUserId, status: 'check.started', state: 'in_review', receivedAt }],
    ['identity', { externalUserId, status: 'resubmit', state: 'action_needed', reason: 'glare', receivedAt }],
    [
      'address',
      { externalUserId, status: 'received', state: 'in_review', occurredAt: '2026-11-23T19:20:00.000Z', receivedAt },
    ],
    [
      'address',
      { externalUserId, status: 'verified', state: 'approved', occurredAt: '2026-11-23T21:21:00.123Z', receivedAt },
    ],
    ['identity', { externalUserId, status: 'escalated', state: 'unknown', receivedAt }],
  ])
})

it.each<[string, Request, number]>([
  ['another secret', identity('check.started', {}, { secret: 'guess' }), 401],
  ['another body', { ...identity('check.started', {}), body: '{}' }, 401],
  ['no signature', { ...identity('check.started', {}), headers: {} }, 401],
  ['the webhook token', { ...identity('check.started', {}), headers: { authorization: 'the-webhook-token' } }, 401],
  ['another shape', identity('check.started', { applicant: {} }), 422],
  ['another key', address('verified', '2026-11-23T21:20:00Z', { key: randomBytes(32) }), 401],
  ['an old signature', address('verified', '2026-11-23T21:20:00Z', { age: 400 }), 401],
  ["the other provider's signature", { ...address('verified', ''), path: '/webhook/identity' }, 401],
  ['another word', address('done', '2026-11-23T21:20:00Z'), 422],
  ['no time', address('verified', 'yesterday'), 500],
])('refuses a webhook of theirs with %s', async (_, webhook, status) => {
  const { url, open } = await serve({ webhooks })
  expect(await deliver(url, webhook)).toBe(status)
  expect(await (await open(USER)).untilSync()).toHaveLength(1)
})

it('is what the command line takes, as it stands', async () => {
  const relay = await start(['relay', '--port', '0', '--store', 'memory', '--webhooks', recipe], {
    ...providerSecrets,
    KYC_WEBHOOK_TOKENS: 'token',
    KYC_SUBSCRIPTION_SECRET: SECRET,
  })
  expect(await deliver(relay.url, identity('check.started', {}))).toBe(200)
  expect(await deliver(relay.url, address('received', '2026-11-23T21:20:00Z'))).toBe(200)
  const authorization = `Bearer ${await tokens.issue(USER)}`
  const stream = await openStream(`${relay.url}/events/${USER}`, { authorization })
  expect((await stream.untilSync()).map(({ event }) => event)).toContain('address')
})
