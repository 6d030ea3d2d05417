import { expect, it, onTestFinished, vi } from 'vitest'
import { partnerApi } from '../../src/relay/index.ts'
import { standardWebhooks } from '../../src/relay/ingest/standard-webhooks.ts'
import { serve, USER } from './serve.ts'

// The vector of Standard Webhooks' own test suite ("sign function works").
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const body = '{"test": 2432232314}'
const signed = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}

function at(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: seconds * 1000 })
  onTestFinished(() => void vi.useRealTimers())
}

it.each<[string, number, Record<string, string>, string, boolean]>([
  ['the published vector', 1614265330, signed, body, true],
  ['it, 5 minutes later', 1614265630, signed, body, true],
  ['it, a second after that', 1614265631, signed, body, false],
  ['it, from more than 5 minutes ahead', 1614265029, signed, body, false],
  [
    'it, behind a signature of another secret',
    1614265330,
    { ...signed, 'webhook-signature': `v1,AAAA ${signed['webhook-signature']}` },
    body,
    true,
  ],
  ['it, written again without its space', 1614265330, signed, body.replace(' ', ''), false],
  ['it, for another delivery', 1614265330, { ...signed, 'webhook-id': 'msg_2' }, body, false],
  ['it, at another time', 1614265330, { ...signed, 'webhook-timestamp': '1614265331' }, body, false],
  ['no signature', 1614265330, { 'webhook-id': 'msg_1' }, body, false],
  ['nothing behind the version', 1614265330, { ...signed, 'webhook-signature': 'v1' }, body, false],
])('%s', (_, now, headers, text, expected) => {
  at(now)
  const bytes = new TextEncoder().encode(text)
  expect(standardWebhooks(secret)(new Headers(headers), bytes)).toBe(expected)
  expect(standardWebhooks([`whsec_${'A'.repeat(32)}`, secret])(new Headers(headers), bytes)).toBe(expected)
})

it.each([[[]], ['whsec_%'], ['whsec_AAAA'], [''], [undefined as never]])('refuses the secrets %j', (secrets) => {
  expect(() => standardWebhooks(secrets)).toThrow(/expected/)
})

it('takes a signed webhook in, and answers 401 to one that is not, whatever its body', async () => {
  at(1614265330)
  const { webhook, open } = await serve({ webhooks: partnerApi({ authenticate: standardWebhooks(secret) }) })
  expect((await webhook({ externalUserId: USER, status: 'ADDED' })).status).toBe(401)
  expect((await webhook('not JSON')).status).toBe(401)
  // Signed, so it is looked at, and found to have the wrong shape.
  expect((await webhook(body, signed)).status).toBe(422)
  // It takes the place of the webhook token.
  expect((await webhook(body, { ...signed, authorization: 'wrong' })).status).toBe(422)
  expect((await webhook(body.replace(' ', ''), signed)).status).toBe(401)
  expect((await (await open(USER)).untilSync()).map(({ event }) => event)).toEqual(['sync'])
})
