import { equal, ok } from 'node:assert/strict'
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { JWTHeaderParameters } from 'jose'
import { type Check, matches } from '../check.ts'
import { refused } from '../problem.ts'
import { head } from '../raw.ts'
import { PROTOCOL, README, rfc } from '../sources.ts'
import type { Target } from '../target.ts'
import { claims, now, sign, unsigned } from '../token.ts'

const REFUSED = 'A token with `crit`, without `exp`, or with another `alg` is refused.'
const NEEDED = '`sub` = the externalUserId, `aud` = `kyc-status`, `exp` required'
const CAP = 'a token whose `exp` is more than 24 h ahead is refused'
const DAY = 24 * 60 * 60

const SNAPSHOT = { accept: 'application/json' }

/** Asks for a snapshot, which is refused by the same rules as a stream and ends by itself. */
function ask(target: Target, user: string, authorization?: string): Promise<Response> {
  return target.fetch(target.eventsPath(user), { headers: { ...SNAPSHOT, ...(authorization && { authorization }) } })
}

export const authorization: Check[] = [
  {
    rule: 'a token with sub, aud and exp opens the stream and the snapshot of its user',
    quote: '`sub` the externalUserId, `aud` `kyc-status`, `exp` a day ahead at most.',
    source: README,
    async run(target) {
      const user = target.user()
      equal((await target.open(user)).status, 200, 'the status of the stream')
      equal((await ask(target, user, `Bearer ${await target.token(user)}`)).status, 200, 'the status of the snapshot')
    },
  },
  {
    rule: 'the name of the scheme has no case',
    quote: 'It uses a case-insensitive token to identify the authentication scheme',
    source: rfc(9110, '11.1'),
    async run(target) {
      const user = target.user()
      for (const scheme of ['bearer', 'BEARER']) {
        equal(
          (await ask(target, user, `${scheme} ${await target.token(user)}`)).status,
          200,
          `the status for ${scheme}`,
        )
      }
    },
  },
  {
    rule: 'one audience of several is enough',
    quote: 'In the general case, the "aud" value is an array of case-sensitive strings',
    source: rfc(7519, '4.1.3'),
    async run(target) {
      const user = target.user()
      const token = await target.token(user, { aud: ['other', 'kyc-status'] })
      equal((await ask(target, user, `Bearer ${token}`)).status, 200, 'the status')
    },
  },
  {
    rule: 'a token of 23 hours is good',
    quote: CAP,
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const token = await target.token(user, { exp: now() + DAY - 3600 })
      equal((await ask(target, user, `Bearer ${token}`)).status, 200, 'the status')
    },
  },
  {
    rule: 'a token whose nbf is half a minute ahead is good',
    quote: '`nbf` may lie 60 s ahead, because clocks differ; `exp` has no leeway',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const token = await target.token(user, { nbf: now() + 30 })
      equal((await ask(target, user, `Bearer ${token}`)).status, 200, 'the status')
    },
  },
  {
    rule: 'without a credential the challenge is the scheme, and no error',
    quote: 'the resource server SHOULD NOT include an error code or other error information',
    source: rfc(6750, '3.1'),
    async run(target) {
      const response = await ask(target, target.user())
      const challenge = response.headers.get('www-authenticate')
      await refused(response, 401, 'no credential')
      matches(challenge, /^Bearer\b(?!.*error=)/i, 'the WWW-Authenticate')
    },
  },
  {
    rule: 'with a bad credential the challenge says invalid_token',
    quote: 'The access token provided is expired, revoked, malformed, or invalid for other reasons.',
    source: rfc(6750, '3.1'),
    async run(target) {
      const response = await ask(target, target.user(), 'Bearer x.y.z')
      matches(response.headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/i, 'the WWW-Authenticate')
    },
  },
  {
    rule: 'a stream that is refused is refused at once, with the same answer',
    quote: 'Nobody reads a stream without a credential.',
    source: README,
    async run(target) {
      const user = target.user()
      const response = await target.fetch(target.eventsPath(user), { headers: { accept: 'text/event-stream' } })
      await refused(response, 401, 'a stream without a credential')
    },
  },
  ...badTokens().map(({ what, quote, source, token }) => ({
    rule: `401 to ${what}`,
    quote,
    source,
    async run(target: Target) {
      const user = target.user()
      const bad = await token(target, user)
      const response = await ask(target, user, `Bearer ${bad}`)
      const text = await response.clone().text()
      await refused(response, 401, what)
      ok(!text.includes(bad.slice(0, 40)), 'expected the answer not to repeat the token')
    },
  })),
  ...badHeaders().map(([what, make]) => ({
    rule: `401 to ${what}`,
    quote: '`401` (+ `WWW-Authenticate`) missing or wrong credential',
    source: PROTOCOL,
    async run(target: Target) {
      const user = target.user()
      await refused(await ask(target, user, make(await target.token(user), target)), 401, what)
    },
  })),
  {
    rule: '401 to a token in the query or in a cookie',
    quote: 'The user comes from the credential alone; the path must agree with it. There is no anonymous mode.',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const token = await target.token(user)
      const path = `${target.eventsPath(user)}?access_token=${token}&token=${token}`
      const headers = { ...SNAPSHOT, cookie: `access_token=${token}; token=${token}` }
      await refused(await target.fetch(path, { headers }), 401, 'a token in the query and a cookie')
    },
  },
  {
    rule: 'two Authorization headers open nothing',
    quote:
      'a sender MUST NOT generate multiple field lines with the same name in a message (whether in the headers or trailers)',
    source: rfc(9110, '5.3'),
    async run(target) {
      const user = target.user()
      const line = `Authorization: Bearer ${await target.token(user)}`
      const connection = await target.raw()
      connection.write(
        head(
          `GET ${target.path(target.eventsPath(user))} HTTP/1.1`,
          `Host: ${target.host}`,
          'Accept: application/json',
          line,
          line,
        ),
      )
      await connection.answered(1)
      matches(connection.received(), /^HTTP\/1\.1 40[01] /, 'the answer')
    },
  },
  ...trickyHeaders().map(([what, header]) => ({
    rule: `${what} chooses no key: the signature decides`,
    quote: 'The "kid" (key ID) Header Parameter is a hint indicating which key was used to secure the JWS.',
    source: rfc(7515, '4.1.4'),
    async run(target: Target) {
      const user = target.user()
      const good = await sign(claims(user), target.secret, header)
      equal((await ask(target, user, `Bearer ${good}`)).status, 200, 'the status with the right secret')
      const bad = await sign(claims(user), publicAsSecret(), header)
      await refused(await ask(target, user, `Bearer ${bad}`), 401, 'the key that the header names')
    },
  })),
  {
    rule: "403 to another user's events, as stream and as snapshot, and nobody is named",
    quote: "`403` another user's stream",
    source: PROTOCOL,
    async run(target) {
      const [mine, other] = [target.user(), target.user()]
      await target.deliver(other)
      for (const accept of ['text/event-stream', 'application/json']) {
        const response = await target.fetch(target.eventsPath(other), {
          headers: { accept, authorization: `Bearer ${await target.token(mine)}` },
        })
        const text = await response.clone().text()
        await refused(response, 403, accept)
        ok(!text.includes(mine) && !text.includes(other), 'expected the answer to name nobody')
      }
    },
  },
  {
    rule: '403 where the path is almost the user',
    quote: 'The user comes from the credential alone; the path must agree with it.',
    source: PROTOCOL,
    async run(target) {
      const user = `${target.user()}-é`
      for (const other of [
        user.toUpperCase(),
        `${user} `,
        ` ${user}`,
        user.normalize('NFD'),
        `${user}\u0000`,
        `${user}/`,
      ]) {
        const response = await ask(target, other, `Bearer ${await target.token(user)}`)
        await refused(response, 403, JSON.stringify(other.replace(user, '<user>')))
      }
    },
  },
]

interface BadToken {
  what: string
  quote: string
  source: string
  token(target: Target, user: string): Promise<string> | string
}

function badTokens(): BadToken[] {
  const ours = (quote: string, tokens: [string, BadToken['token']][]): BadToken[] =>
    tokens.map(([what, token]) => ({ what, token, quote, source: PROTOCOL }))
  return [
    {
      what: 'a token that has just expired',
      quote:
        'The "exp" (expiration time) claim identifies the expiration time on or after which the JWT MUST NOT be accepted for processing.',
      source: rfc(7519, '4.1.4'),
      token: (target, user) => target.token(user, { exp: now() - 1 }),
    },
    {
      what: 'a token that is not valid yet',
      quote:
        'The "nbf" (not before) claim identifies the time before which the JWT MUST NOT be accepted for processing.',
      source: rfc(7519, '4.1.5'),
      token: (target, user) => target.token(user, { nbf: now() + 300 }),
    },
    {
      what: 'a token for another audience',
      quote:
        'If the principal processing the claim does not identify itself with a value in the "aud" claim when this claim is present, then the JWT MUST be rejected.',
      source: rfc(7519, '4.1.3'),
      token: (target, user) => target.token(user, { aud: 'kyc-status-2' }),
    },
    {
      what: 'a token with an extension that nobody knows',
      quote:
        'If any of the listed extension Header Parameters are not understood and supported by the recipient, then the JWS is invalid.',
      source: rfc(7515, '4.1.11'),
      token: (target, user) => {
        const header = { alg: 'HS256', crit: ['urn:example:unknown'], 'urn:example:unknown': true }
        return signByHand(header, claims(user), target.secret)
      },
    },
    ...ours(CAP, [
      ['a token of 25 hours', (target, user) => target.token(user, { exp: now() + DAY + 3600 })],
      ['a token of a thousand years', (target, user) => target.token(user, { exp: now() + 365_000 * DAY })],
      ['a token whose exp is beyond all dates', (target, user) => target.token(user, { exp: 1e300 })],
    ]),
    ...ours(REFUSED, [
      ['a token without exp', (target, user) => target.token(user, { exp: undefined })],
      ['a token with crit that lists b64', (target, user) => sign(claims(user), target.secret, withCrit())],
      ['a token of alg none', (_, user) => unsigned({ alg: 'none' }, claims(user))],
      ['a token of alg None', (_, user) => unsigned({ alg: 'None' }, claims(user))],
      ['a token of no alg', (_, user) => unsigned({ typ: 'JWT' }, claims(user))],
      ['a token of alg HS256 without a signature', (_, user) => unsigned({ alg: 'HS256' }, claims(user))],
      ['a token of alg HS384', (target, user) => signByHand({ alg: 'HS384' }, claims(user), target.secret)],
      ['a token of alg HS512', (target, user) => signByHand({ alg: 'HS512' }, claims(user), target.secret)],
      ['a token of alg RS256', (_, user) => sign(claims(user), rsa.privateKey, { alg: 'RS256' })],
    ]),
    ...ours(NEEDED, [
      [
        'a token with exp as text',
        (target, user) => signByHand({ alg: 'HS256' }, { ...claims(user), exp: `${now() + 600}` }, target.secret),
      ],
      ['a token without aud', (target, user) => target.token(user, { aud: undefined })],
      ['a token without sub', (target, user) => target.token(user, { sub: undefined })],
      ['a token with an empty sub', (target, user) => target.token(user, { sub: '' })],
      [
        'a token with a number as sub',
        (target, user) => signByHand({ alg: 'HS256' }, { ...claims(user), sub: 7 }, target.secret),
      ],
      [
        'a token with a list as sub',
        (target, user) => signByHand({ alg: 'HS256' }, { ...claims(user), sub: [user] }, target.secret),
      ],
    ]),
    ...ours('JWT, HS256, secret of 32 bytes or more', [
      ['a token signed with another secret', (_, user) => sign(claims(user), randomBytes(32))],
      ['a token signed with nothing', (_, user) => signByHand({ alg: 'HS256' }, claims(user), new Uint8Array())],
      ["a token with another token's signature", exchanged],
      ['text that is no token', () => 'x.y.z'],
      ['eight thousand characters', () => 'x'.repeat(8000)],
    ]),
  ]
}

function badHeaders(): [string, (token: string, target: Target) => string][] {
  return [
    ['a token without a scheme', (token) => token],
    ['a token of another scheme', (token) => `Basic ${token}`],
    ['a scheme without a token', () => 'Bearer'],
    ['a token and something behind it', (token) => `Bearer ${token} x`],
    ['two tokens in one header', (token) => `Bearer ${token}, Bearer ${token}`],
    ['the webhook token', (_, { settings }) => `Bearer ${settings.webhookToken}`],
  ]
}

/** Headers that point to a key, a file or a row, each of which a careless relay might go and look for. */
function trickyHeaders(): [string, JWTHeaderParameters][] {
  const jwk = { kty: 'oct', k: Buffer.from(publicAsSecret()).toString('base64url') }
  return [
    ['a kid that is a path', { alg: 'HS256', kid: '../../../../../../dev/null' }],
    ['a kid that is SQL', { alg: 'HS256', kid: "' UNION SELECT 'x' --" }],
    ['a kid that is __proto__', { alg: 'HS256', kid: '__proto__' }],
    ['a jku', { alg: 'HS256', jku: 'http://127.0.0.1:9/keys.json' }],
    // The type knows public keys alone; the point of this one is that it isn't.
    ['a jwk', { alg: 'HS256', jwk: jwk as JWTHeaderParameters['jwk'] & object }],
  ]
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

function publicAsSecret(): Uint8Array {
  return new TextEncoder().encode('a key that anybody may know, and that opens nothing')
}

function withCrit(): JWTHeaderParameters {
  return { alg: 'HS256', crit: ['b64'], b64: true }
}

/** By hand, for claims, keys and algorithms that `jose` refuses to sign: with the relay's own key, a hash of any length. */
function signByHand(header: { alg: string }, payload: object, key: Uint8Array): string {
  const body = unsigned(header, payload).slice(0, -1)
  return `${body}.${createHmac(header.alg.replace('HS', 'sha'), key).update(body).digest('base64url')}`
}

/** The claims of one token with the signature of another, each of which is good. */
async function exchanged(target: Target, user: string): Promise<string> {
  const [mine, other] = [await target.token(user), await target.token(target.user())]
  return [...mine.split('.').slice(0, 2), other.split('.')[2]].join('.')
}
