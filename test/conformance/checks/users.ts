import { deepEqual, equal, ok } from 'node:assert/strict'
import { type Check, known, matches } from '../check.ts'
import { refused } from '../problem.ts'
import { PROTOCOL, rfc } from '../sources.ts'
import type { Target } from '../target.ts'
import { now } from '../token.ts'

const KEPT = '`200`, all that is kept of the user'
const ERASED = '`204` once the erasure is stored.'
const LOG_OUT = '`204`: log-out.'
const OLD_TOKEN = 'After a log-out a token that was issued before it is `401` for its user'
const CHALLENGE = 'A missing or wrong admin token is `401` with `WWW-Authenticate: Bearer realm="kyc-admin"`'
const NO_PAGES = 'These answers have `cache-control: no-store` and no CORS headers: they are not for pages.'

type Route = [method: string, path: (user: string) => string]

const ERASE: Route = ['DELETE', (user) => `/users/${encodeURIComponent(user)}`]
const SIGN_OUT: Route = ['DELETE', (user) => `/users/${encodeURIComponent(user)}/streams`]
const READ: Route = ['GET', (user) => `/users/${encodeURIComponent(user)}/events`]
const ROUTES = [ERASE, SIGN_OUT, READ]

/** Asks with the admin token; what is given replaces it. */
function ask(target: Target, [method, path]: Route, user: string, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${known(target.settings.adminToken, 'adminToken')}`
  return target.fetch(path(user), { method, headers: { authorization, ...headers } })
}

async function done(target: Target, route: Route, user: string): Promise<void> {
  const response = await ask(target, route, user)
  equal(response.status, 204, 'the status')
  equal(await response.text(), '', 'the body')
}

interface Kept {
  externalUserId: string
  events: { id: string; event: string; data: { externalUserId: string; status: string } }[]
  deliveries: { frame: string; id: string; receivedAt: string }[]
  signedOutAt: string | null
}

async function kept(target: Target, user: string): Promise<Kept> {
  const response = await ask(target, READ, user)
  equal(response.status, 200, 'the status')
  matches(response.headers.get('content-type'), /^application\/json\b/, 'the content-type')
  return (await response.json()) as Kept
}

async function statusesOf(target: Target, user: string, token: string): Promise<number[]> {
  const statuses: number[] = []
  for (const accept of ['text/event-stream', 'application/json']) {
    const response = await target.fetch(target.eventsPath(user), {
      headers: { accept, authorization: `Bearer ${token}` },
    })
    await response.body?.cancel()
    statuses.push(response.status)
  }
  return statuses
}

export const users: Check[] = [
  {
    rule: 'all that is kept of a user is told, and nothing of another one',
    quote: KEPT,
    source: PROTOCOL,
    async run(target) {
      known(target.settings.adminToken, 'adminToken')
      const [user, other] = [`${target.user()}/ü {x}`, target.user()]
      await target.post({ externalUserId: user, status: 'ERROR' }, { 'webhook-id': 'first' })
      await target.deliver(user, 'ADDED')
      await target.deliver(other)
      const { externalUserId, events, deliveries, signedOutAt } = await kept(target, user)
      equal(externalUserId, user, 'the externalUserId')
      deepEqual(
        events.map(({ event, data }) => [event, data.externalUserId, data.status]),
        ['ERROR', 'ADDED'].map((status) => ['kyc-file', user, status]),
        'the events',
      )
      deepEqual(
        deliveries.map(({ frame, id }) => [frame, id]),
        [['kyc-file', 'first']],
        'the deliveries',
      )
      equal(signedOutAt, null, 'signedOutAt')
    },
  },
  {
    rule: 'an erasure leaves nothing, and ends the streams of its user within 2 s',
    quote: ERASED,
    source: PROTOCOL,
    async run(target) {
      known(target.settings.adminToken, 'adminToken')
      const user = target.user()
      await target.deliver(user)
      const stream = await target.open(user)
      await stream.untilSync()
      const asked = performance.now()
      await done(target, ERASE, user)
      await stream.ended
      ok(performance.now() - asked < 2000, 'expected the stream to end within 2 s')
      deepEqual((await kept(target, user)).events, [], 'the events')
    },
  },
  {
    rule: 'a log-out ends the streams of its user within 2 s, and of nobody else',
    quote: LOG_OUT,
    source: PROTOCOL,
    async run(target) {
      known(target.settings.adminToken, 'adminToken')
      const [user, other] = [target.user(), target.user()]
      const [stream, theirs] = [await target.open(user), await target.open(other)]
      await Promise.all([stream.untilSync(), theirs.untilSync()])
      const asked = performance.now()
      await done(target, SIGN_OUT, user)
      await stream.ended
      ok(performance.now() - asked < 2000, 'expected the stream to end within 2 s')
      await target.deliver(other)
      equal((await theirs.next()).event, 'kyc-file', 'the frame on the stream of another user')
    },
  },
  {
    rule: 'a token from before a log-out is refused, stream and snapshot alike, and one from after it is taken',
    quote: OLD_TOKEN,
    source: PROTOCOL,
    async run(target) {
      known(target.settings.adminToken, 'adminToken')
      const user = target.user()
      const [before, silent] = [await target.token(user, { iat: now() - 1 }), await target.token(user)]
      await done(target, SIGN_OUT, user)
      for (const token of [before, silent]) deepEqual(await statusesOf(target, user, token), [401, 401], 'the statuses')
      const after = await target.token(user, { iat: now() + 1 })
      deepEqual(await statusesOf(target, user, after), [200, 200], 'the statuses of a token from after it')
      matches((await kept(target, user)).signedOutAt, /^\d{4}-\d\d-\d\dT.*Z$/, 'signedOutAt')
    },
  },
  {
    rule: 'an erasure lifts no log-out',
    quote: 'It never lifts a log-out',
    source: PROTOCOL,
    async run(target) {
      known(target.settings.adminToken, 'adminToken')
      const user = target.user()
      const token = await target.token(user, { iat: now() - 1 })
      await done(target, SIGN_OUT, user)
      await done(target, ERASE, user)
      deepEqual(await statusesOf(target, user, token), [401, 401], 'the statuses')
    },
  },
  ...ROUTES.map((route): Check => {
    const name = `${route[0]} ${route[1]('{id}').replaceAll(/%7B|%7D/g, (brace) => decodeURIComponent(brace))}`
    return {
      rule: `401 to ${name} without an admin token, and to any other credential`,
      quote: CHALLENGE,
      source: PROTOCOL,
      async run(target) {
        const { adminToken, webhookToken } = target.settings
        const token = known(adminToken, 'adminToken')
        const user = target.user()
        const [method, path] = route
        const without = await target.fetch(path(user), { method })
        equal(without.headers.get('www-authenticate'), 'Bearer realm="kyc-admin"', 'the WWW-Authenticate')
        await refused(without, 401, 'no credential')
        const subscription = await target.token(user)
        for (const wrong of [token, `Bearer ${token}x`, `Bearer ${webhookToken}`, `Bearer ${subscription}`]) {
          const response = await ask(target, route, user, { authorization: wrong })
          matches(response.headers.get('www-authenticate'), /error="invalid_token"/, 'the WWW-Authenticate')
          await refused(response, 401, 'a wrong credential')
        }
      },
    }
  }),
  {
    rule: 'other methods are 405, and an id that can not be one is 400',
    quote: "Other methods are `405` (+ `Allow`), an id that can't be one is `400`",
    source: PROTOCOL,
    async run(target) {
      known(target.settings.adminToken, 'adminToken')
      const user = target.user()
      for (const [[, path], allowed] of [
        [ERASE, 'DELETE'],
        [SIGN_OUT, 'DELETE'],
        [READ, 'GET'],
      ] as const) {
        const response = await ask(target, ['PUT', path], user)
        equal(response.headers.get('allow'), allowed, 'the Allow')
        await refused(response, 405, 'PUT')
      }
      await refused(await ask(target, ERASE, 'x'.repeat(257)), 400, 'an id that is too long')
    },
  },
  {
    rule: 'no page and no cache is given what is kept',
    quote: NO_PAGES,
    source: PROTOCOL,
    async run(target) {
      const origin = target.settings.allowedOrigin ?? 'https://app.example'
      const response = await ask(target, READ, target.user(), { origin })
      equal(response.headers.get('access-control-allow-origin'), null, 'the Access-Control-Allow-Origin')
      equal(response.headers.get('cache-control'), 'no-store', 'the Cache-Control')
      equal(response.headers.get('x-content-type-options'), 'nosniff', 'the X-Content-Type-Options')
    },
  },
  {
    rule: 'a second log-out and a second erasure are as good as the first',
    quote: 'the intended effect on the server of multiple identical requests with that method is the same',
    source: rfc(9110, '9.2.2'),
    async run(target) {
      known(target.settings.adminToken, 'adminToken')
      const user = target.user()
      for (const route of [SIGN_OUT, SIGN_OUT, ERASE, ERASE]) await done(target, route, user)
    },
  },
]
