import { deepEqual, equal, ok } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type Check, fail, matches } from '../check.ts'
import { refused } from '../problem.ts'
import { head } from '../raw.ts'
import { PROTOCOL, README, rfc } from '../sources.ts'
import { BALANCE_PATH, type Target, WEBHOOK_PATH } from '../target.ts'
import { methodsIn } from './health.ts'

/** The largest body in bytes, by the README. */
const MAX_BODY = 16_384

const quotedTable = '`400` not JSON, `401` wrong token, `405`, `408` too slow, `413` over 16 KiB'

export const webhook: Check[] = [
  {
    rule: 'a webhook is acknowledged with 200 and an empty body',
    quote: '`200` and an empty body once stored',
    source: README,
    async run(target) {
      const response = await target.post({ externalUserId: target.user(), status: 'ADDED' })
      equal(response.status, 200, 'the status')
      equal(await response.text(), '', 'the body')
    },
  },
  {
    rule: 'what was acknowledged can be read at once',
    quote: '`200`, empty body, once the event is stored for good',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      await target.deliver(user, 'ERROR')
      const { events } = await target.snapshot(user)
      deepEqual(
        events.map(({ data }) => data.status),
        ['ERROR'],
        'the events of the user',
      )
    },
  },
  {
    rule: 'each accepted webhook without a name is an event of its own',
    quote:
      'The payload names no delivery, so the relay stores each accepted webhook as an event with an id of its own.',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const { cursor } = await target.snapshot(user)
      await target.deliverAll(user, ['ADDED', 'ADDED', 'ADDED'])
      equal(await countSince(target, user, cursor), 3, 'the number of events')
    },
  },
  {
    rule: 'a repeat of a named delivery is acknowledged, and stored once',
    quote:
      'A delivery that has a name, in the header `webhook-id` or wherever `deliveryId({ headers, body })` finds it, is stored once, however often it is repeated within the time that events are kept.',
    source: README,
    async run(target) {
      const user = target.user()
      const { cursor } = await target.snapshot(user)
      const name = { 'webhook-id': `msg_${randomUUID()}` }
      const post = () => target.post({ externalUserId: user, status: 'ADDED' }, name)
      // At once and one after the other: a repeat may overtake its first.
      const answers = [...(await Promise.all([post(), post(), post()])), await post()]
      deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 200],
        'the statuses',
      )
      await target.post({ externalUserId: user, status: 'ADDED' }, { 'webhook-id': `msg_${randomUUID()}` })
      equal(await countSince(target, user, cursor), 2, 'the number of events of two names')
    },
  },
  {
    rule: 'fields beyond the two are accepted and dropped, `__proto__` among them',
    quote: 'Unknown extra fields are accepted and dropped.',
    source: PROTOCOL,
    async run(target) {
      for (const extra of ['"reason":"blurry"', '"__proto__":{"admin":true}', '"constructor":{"prototype":{}}']) {
        const user = target.user()
        const response = await target.post(`{"externalUserId":"${user}","status":"ADDED",${extra}}`)
        equal(response.status, 200, `the status with ${extra}`)
        const [event] = (await target.snapshot(user)).events
        const fields = Object.getOwnPropertyNames(event?.data ?? {}).sort()
        deepEqual(fields, ['externalUserId', 'receivedAt', 'status'], `the fields with ${extra}`)
      }
    },
  },
  {
    rule: 'a status that nobody knows yet is acknowledged, and nothing is stored',
    quote: 'a `status` of a file that nobody knows yet, `[A-Z][A-Z0-9_]{0,63}`, is `200`, and nothing is stored',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      for (const status of ['PENDING', 'D'.repeat(64)]) {
        equal((await target.post({ externalUserId: user, status })).status, 200, `the status for ${status}`)
      }
      await refused(await target.post({ externalUserId: user, status: 'D'.repeat(65) }), 422, '65 characters')
      deepEqual((await target.snapshot(user)).events, [], 'the events of the user')
    },
  },
  {
    rule: 'ACTIVE of user balances is approved, in any case, and is told as it came',
    quote: 'The known words count in any case, and are told as they came.',
    source: PROTOCOL,
    async run(target) {
      for (const status of ['ACTIVE', 'active', 'Active']) {
        const user = target.user()
        const response = await target.post({ externalUserId: user, status, more: 1 }, {}, BALANCE_PATH)
        equal(response.status, 200, 'the status')
        equal(await response.text(), '', 'the body')
        const { events } = await target.snapshot(user)
        deepEqual(
          events.map(({ event, data }) => [event, { ...data, receivedAt: '' }]),
          [['user-balance', { externalUserId: user, status, state: 'approved', receivedAt: '' }]],
          'the events of the user',
        )
      }
    },
  },
  {
    rule: "a sibling's frame has its fields in one order, the receipt last, in ISO 8601 and UTC",
    quote: "A sibling's data is `{externalUserId,status,state,reason?,occurredAt?,receivedAt}`, in this order.",
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const stream = await target.open(user)
      await stream.untilSync()
      await target.post({ externalUserId: user, status: 'ACTIVE' }, {}, BALANCE_PATH)
      const { event, data } = await stream.next()
      equal(event, 'user-balance', 'the name of the frame')
      const told = JSON.parse(data) as Record<string, string>
      deepEqual(Object.keys(told), ['externalUserId', 'status', 'state', 'receivedAt'], 'the fields')
      equal(new Date(told.receivedAt ?? '').toISOString(), told.receivedAt, 'the receipt')
    },
  },
  {
    rule: 'a word of a sibling that nobody knows yet is stored as unknown, and any other is refused',
    quote: 'of a sibling `[A-Za-z][A-Za-z0-9_-]{0,63}` is stored with the state `unknown`.',
    source: PROTOCOL,
    async run(target) {
      for (const status of ['FROZEN', 'on-hold', 'D'.repeat(64)]) {
        const user = target.user()
        equal((await target.post({ externalUserId: user, status }, {}, BALANCE_PATH)).status, 200, `200 to ${status}`)
        const [event] = (await target.snapshot(user)).events
        deepEqual([event?.data.status, event?.data.state], [status, 'unknown'], `what is kept of ${status}`)
      }
      for (const status of ['', '1ST', 'two words', 'D'.repeat(65), 7]) {
        const user = target.user()
        const refusal = await target.post({ externalUserId: user, status }, {}, BALANCE_PATH)
        await refused(refusal, 422, `the status ${status}`)
        deepEqual((await target.snapshot(user)).events, [], 'the events of the user')
      }
    },
  },
  {
    rule: 'events of two webhooks come down one stream, each in its frame, in the order of their receipt',
    quote: "All of a user's events come down one stream, each in the frame of its webhook.",
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const { cursor } = await target.snapshot(user)
      await target.deliver(user, 'ADDED')
      equal((await target.post({ externalUserId: user, status: 'ACTIVE' }, {}, BALANCE_PATH)).status, 200, 'the status')
      const { events } = await (await target.resume(user, cursor)).untilSync()
      deepEqual(
        events.map(({ event }) => event),
        ['kyc-file', 'user-balance'],
        'the frames',
      )
    },
  },
  {
    rule: 'one name of a delivery for two webhooks of a user is two deliveries',
    quote: 'the same name for another user, or another webhook, is another delivery',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const { cursor } = await target.snapshot(user)
      const name = { 'webhook-id': `msg_${randomUUID()}` }
      for (let i = 0; i < 2; i++) {
        await target.post({ externalUserId: user, status: 'ADDED' }, name)
        await target.post({ externalUserId: user, status: 'ACTIVE' }, name, BALANCE_PATH)
      }
      equal(await countSince(target, user, cursor), 2, 'the number of events')
    },
  },
  {
    rule: 'the parts of a content type have no case, and may name UTF-8',
    quote: 'The type and subtype tokens are case-insensitive',
    source: rfc(9110, '8.3.1'),
    async run(target) {
      for (const type of ['Application/JSON', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"']) {
        const response = await target.post({ externalUserId: target.user(), status: 'ADDED' }, { 'content-type': type })
        equal(response.status, 200, `the status for ${type}`)
      }
    },
  },
  {
    rule: 'the charset may be written as many write it, utf8',
    quote: 'A charset is UTF-8, also written as `utf8`',
    source: PROTOCOL,
    async run(target) {
      for (const charset of ['utf8', 'UTF8', '"utf8"', '"utf-8"']) {
        const type = `application/json; charset=${charset}`
        const response = await target.post({ externalUserId: target.user(), status: 'ADDED' }, { 'content-type': type })
        equal(response.status, 200, `the status for ${type}`)
      }
    },
  },
  {
    rule: 'whitespace around the token and the case of header names do not matter',
    quote: 'A field value does not include leading or trailing whitespace.',
    source: rfc(9110, '5.5'),
    async run(target) {
      const { status } = await postRaw(target, [`AUTHORIZATION:  \t${target.settings.webhookToken} \t`])
      equal(status, 200, 'the status')
    },
  },
  ...['', '{', 'null x', '\u0000', '{"externalUserId":', "{'status':'ADDED'}"].map((body) => ({
    rule: `400 to ${JSON.stringify(body)}, which is not JSON`,
    quote: '`400` not JSON',
    source: README,
    run: async (target: Target) => void (await refused(await target.post(body), 400, 'text that is not JSON')),
  })),
  {
    rule: '400 to bytes that are not UTF-8',
    quote: 'JSON text exchanged between systems that are not part of a closed ecosystem MUST be encoded using UTF-8',
    source: rfc(8259, '8.1'),
    async run(target) {
      const [before, after] = [`{"externalUserId":"${target.user()}`, '","status":"ADDED"}']
      const body = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)])
      await refused(await target.post(body), 400, 'a body with the byte FF')
    },
  },
  ...wrongTokens().map(([what, headers]) => ({
    rule: `401 to ${what}, and nothing is stored`,
    quote: 'compared whole and in constant time (`Bearer <token>` is not the token)',
    source: PROTOCOL,
    async run(target: Target) {
      const user = target.user()
      const answer = await target.fetch(WEBHOOK_PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers(target.settings.webhookToken) },
        body: JSON.stringify({ externalUserId: user, status: 'ADDED' }),
      })
      await refused(answer, 401, what)
      deepEqual((await target.snapshot(user)).events, [], 'the events of the user')
    },
  })),
  {
    rule: '401 names a scheme',
    quote:
      'A server generating a 401 (Unauthorized) response MUST send a WWW-Authenticate header field containing at least one challenge.',
    source: rfc(9110, '11.6.1'),
    async run(target) {
      const response = await target.post({}, { authorization: 'wrong' })
      matches(response.headers.get('www-authenticate'), /^[\w!#$%&'*+.^`|~-]+( \S|$)/, 'the WWW-Authenticate')
    },
  },
  {
    rule: '401 to two Authorization headers, even when they are equal',
    quote: 'exactly one `Authorization` header, so two are `401` even when equal',
    source: PROTOCOL,
    async run(target) {
      const line = `Authorization: ${target.settings.webhookToken}`
      const { status, user } = await postRaw(target, [line, line])
      equal(status, 401, 'the status')
      deepEqual((await target.snapshot(user)).events, [], 'the events of the user')
    },
  },
  {
    rule: '401 to a subscription token',
    quote: "The **webhook token** is the provider's: it comes in the `Authorization` header as is",
    source: README,
    async run(target) {
      const token = await target.token(target.user())
      for (const authorization of [token, `Bearer ${token}`]) {
        await refused(await target.post({}, { authorization }), 401, 'a subscription token')
      }
    },
  },
  {
    rule: '404 to paths where nothing is',
    quote:
      'The 404 (Not Found) status code indicates that the origin server did not find a current representation for the target resource',
    source: rfc(9110, '15.5.5'),
    async run(target) {
      for (const path of [
        '/',
        '/webhook',
        '/webhook/kyc-files',
        '/webhook/other',
        '/events',
        '/events/',
        '/events/a/b',
      ]) {
        await refused(await target.fetch(path), 404, path)
      }
    },
  },
  {
    rule: 'an unknown path below /webhook/ is 404 with the right token, and 401 with a wrong one',
    quote: 'A `POST` to any other path below `/webhook/` is `404` with the right token, and `401` with a wrong one.',
    source: PROTOCOL,
    async run(target) {
      for (const path of ['/webhook/other', `${WEBHOOK_PATH}/`, '/webhook/']) {
        for (const [authorization, status] of [
          [target.settings.webhookToken, 404],
          ['wrong', 401],
        ] as const) {
          const headers = { authorization, 'content-type': 'application/json' }
          const body = JSON.stringify({ externalUserId: target.user(), status: 'ADDED' })
          await refused(await target.fetch(path, { method: 'POST', headers, body }), status, `${status} of ${path}`)
        }
      }
    },
  },
  ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => ({
    rule: `405 to ${method}, with what is allowed`,
    quote:
      "The origin server MUST generate an Allow header field in a 405 response containing a list of the target resource's currently supported methods.",
    source: rfc(9110, '15.5.6'),
    async run(target: Target) {
      const response = await target.fetch(WEBHOOK_PATH, { method })
      if (method === 'HEAD') equal(response.status, 405, 'the status')
      else await refused(response, 405, method)
      deepEqual(methodsIn(response.headers.get('allow')), ['POST'], 'the Allow')
    },
  })),
  {
    rule: 'a body of 16,384 bytes is accepted, with and without a length told before',
    quote: '`413` body over 16 KiB (16,384 bytes pass; refused while it arrives)',
    source: PROTOCOL,
    async run(target) {
      const body = padded(target.user(), MAX_BODY)
      equal((await target.post(body)).status, 200, 'the status with Content-Length')
      equal((await target.post(inChunks(body))).status, 200, 'the status in chunks')
    },
  },
  {
    rule: '413 to 16,385 bytes with Content-Length',
    quote: quotedTable,
    source: README,
    async run(target) {
      const user = target.user()
      await refused(await target.post(padded(user, MAX_BODY + 1)), 413, 'one byte too many')
      deepEqual((await target.snapshot(user)).events, [], 'the events of the user')
    },
  },
  {
    rule: '413 to 16,385 bytes in chunks, without Content-Length',
    quote: quotedTable,
    source: README,
    async run(target) {
      const user = target.user()
      const connection = await target.raw()
      connection.write(webhookHead(target, 'Transfer-Encoding: chunked'))
      for (const chunk of halves(padded(user, MAX_BODY + 1))) connection.write(chunked(chunk))
      connection.write('0\r\n\r\n')
      await connection.answered(1)
      deepEqual(connection.statuses(), [413], 'the statuses')
      deepEqual((await target.snapshot(user)).events, [], 'the events of the user')
    },
  },
  {
    rule: '413 comes while the body still arrives',
    quote: '`413` body over 16 KiB (16,384 bytes pass; refused while it arrives)',
    source: PROTOCOL,
    async run(target) {
      const connection = await target.raw()
      connection.write(webhookHead(target, 'Transfer-Encoding: chunked'))
      // No end: only who refuses without waiting for it can answer.
      for (let sent = 0; sent <= MAX_BODY; sent += 4096) connection.write(chunked(' '.repeat(4096)))
      await connection.answered(1)
      deepEqual(connection.statuses(), [413], 'the statuses')
    },
  },
  {
    rule: 'a length that is too large is refused before the body comes',
    quote: '`413` body over 16 KiB (16,384 bytes pass; refused while it arrives)',
    source: PROTOCOL,
    async run(target) {
      const connection = await target.raw()
      connection.write(webhookHead(target, 'Content-Length: 1000000000'))
      await connection.answered(1)
      deepEqual(connection.statuses(), [413], 'the statuses')
    },
  },
  {
    rule: '408, or a cut, to a body that dribbles',
    quote: '`408`/connection cut for a body that dribbles',
    source: PROTOCOL,
    slow: true,
    async run(target) {
      const user = target.user()
      const body = JSON.stringify({ externalUserId: user, status: 'ADDED' })
      const connection = await target.raw()
      connection.write(webhookHead(target, `Content-Length: ${body.length}`))
      // A byte a second: the whole would take a minute.
      let sent = 0
      const dribble = setInterval(() => connection.write(body.charAt(sent++)), 1000)
      try {
        await connection.answered(1, 15_000)
      } finally {
        clearInterval(dribble)
      }
      if (connection.statuses().length > 0) deepEqual(connection.statuses(), [408], 'the statuses')
      await connection.closed()
      deepEqual((await target.snapshot(user)).events, [], 'the events of the user')
    },
  },
  ...[
    '',
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/json; charset=utf-16',
  ].map((type) => ({
    rule: `415 to ${type || 'no content type'}`,
    quote: '`415` not `application/json`',
    source: README,
    async run(target: Target) {
      const webhook = { externalUserId: target.user(), status: 'ADDED' }
      await refused(await target.post(webhook, { 'content-type': type }), 415, type || 'no content type')
    },
  })),
  {
    rule: '415 to compression, with the encodings that are taken',
    quote:
      'Servers that fail a request due to an unsupported content coding ought to respond with a 415 (Unsupported Media Type) status and include an Accept-Encoding header field in that response',
    source: rfc(9110, '12.5.3'),
    async run(target) {
      const webhook = { externalUserId: target.user(), status: 'ADDED' }
      const response = await target.post(webhook, { 'content-encoding': 'gzip' })
      await refused(response, 415, 'gzip')
      ok(response.headers.has('accept-encoding'), 'expected an Accept-Encoding')
    },
  },
  ...[...wrongShapes(), ...wrongUsers()].map(({ what, pointer, body, quote, source }) => ({
    rule: `422 to ${what}, naming ${pointer || 'the body'}`,
    quote,
    source,
    async run(target: Target) {
      const { errors = [], detail = '' } = await refused(await target.post(body(target.user())), 422, what)
      const pointers = errors.map((error) => error.pointer)
      if (!pointers.includes(pointer)) fail(pointer, pointers, 'the pointers in "errors"')
      ok(detail.includes(pointer.slice(1)), `expected "detail" to name ${pointer.slice(1)}, got: ${detail}`)
    },
  })),
  {
    rule: 'an externalUserId of 256 characters is accepted, of any script',
    quote: 'The externalUserId has 1 to 256 characters (UTF-16 code units; a UUID has 36).',
    source: PROTOCOL,
    async run(target) {
      const unique = target.user()
      for (const user of [unique.padEnd(256, 'x'), `${unique} José 李 🙂`]) {
        await target.deliver(user)
        equal((await target.snapshot(user)).events[0]?.data.externalUserId, user, 'the user of the event')
      }
    },
  },
]

function wrongTokens(): [string, (token: string) => Record<string, string>][] {
  return [
    ['no token', () => ({})],
    ['another token', () => ({ authorization: 'wrong' })],
    ['`Bearer` and the token', (token) => ({ authorization: `Bearer ${token}` })],
    ['`Basic` and the token', (token) => ({ authorization: `Basic ${btoa(`:${token}`)}` })],
    ['the beginning of the token', (token) => ({ authorization: token.slice(0, -1) })],
    ['the token and one character more', (token) => ({ authorization: `${token}x` })],
    ['the token in another case', (token) => ({ authorization: swapCase(token) })],
    ['the token twice in one header', (token) => ({ authorization: `${token}, ${token}` })],
    ['the token in another header', (token) => ({ 'x-authorization': token, cookie: `token=${token}` })],
  ]
}

interface WrongBody {
  what: string
  /** The JSON pointer to what is wrong. */
  pointer: string
  quote: string
  source: string
  body(user: string): unknown
}

function wrongShapes(): WrongBody[] {
  const shapes: [string, string, (user: string) => unknown][] = [
    ['another status', '/status', (externalUserId) => ({ externalUserId, status: 'done' })],
    ['a status in another case', '/status', (externalUserId) => ({ externalUserId, status: 'added' })],
    ['no status', '/status', (externalUserId) => ({ externalUserId })],
    ['a list as status', '/status', (externalUserId) => ({ externalUserId, status: ['ADDED'] })],
    ['no externalUserId', '/externalUserId', () => ({ status: 'ADDED' })],
    ['a number as externalUserId', '/externalUserId', () => ({ externalUserId: 7, status: 'ADDED' })],
    ['a list', '', () => []],
    ['null', '', () => 'null'],
    ['text', '', () => '"ADDED"'],
  ]
  const quote = '`422` JSON of the wrong shape (says which field)'
  return shapes.map(([what, pointer, body]) => ({ what, pointer, body, quote, source: PROTOCOL }))
}

function wrongUsers(): WrongBody[] {
  const users: [string, (user: string) => string][] = [
    ['an empty externalUserId', () => ''],
    ['257 characters in externalUserId', (user) => user.padEnd(257, 'x')],
    ['a line feed in externalUserId', (user) => `${user}\n`],
    ['NUL in externalUserId', (user) => `${user}\u0000`],
    ['U+0085 in externalUserId', (user) => `${user}\u0085`],
    ['half a character in externalUserId', (user) => `${user}\ud83d`],
    ['".." as externalUserId', () => '..'],
  ]
  const quote =
    'It travels in a URL path and in UTF-8, which rules out control characters, lone surrogates, and the names `.` and `..`.'
  return users.map(([what, change]) => ({
    what,
    pointer: '/externalUserId',
    body: (user) => JSON.stringify({ externalUserId: change(user), status: 'ADDED' }),
    quote,
    source: PROTOCOL,
  }))
}

async function countSince(target: Target, user: string, cursor: string): Promise<number> {
  const { events } = await (await target.resume(user, cursor)).untilSync()
  return events.length
}

function webhookHead(target: Target, ...lines: string[]): string {
  const { webhookToken } = target.settings
  return head(
    `POST ${target.path(WEBHOOK_PATH)} HTTP/1.1`,
    `Host: ${target.host}`,
    ...(lines.some((line) => /^authorization:/i.test(line)) ? [] : [`Authorization: ${webhookToken}`]),
    'Content-Type: application/json',
    ...lines,
  )
}

/** Posts a good webhook with these header lines as they stand. */
async function postRaw(target: Target, lines: string[]): Promise<{ status: number | undefined; user: string }> {
  const user = target.user()
  const body = JSON.stringify({ externalUserId: user, status: 'ADDED' })
  const connection = await target.raw()
  connection.write(webhookHead(target, ...lines, `Content-Length: ${body.length}`) + body)
  await connection.answered(1)
  return { status: connection.statuses()[0], user }
}

/** A good webhook of so many bytes. */
function padded(externalUserId: string, bytes: number): string {
  const text = JSON.stringify({ externalUserId, status: 'ADDED', padding: '' })
  return text.replace('"padding":""', `"padding":"${'x'.repeat(bytes - text.length)}"`)
}

function halves(text: string): [string, string] {
  const middle = text.length / 2
  return [text.slice(0, middle), text.slice(middle)]
}

function inChunks(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const half of halves(text)) controller.enqueue(new TextEncoder().encode(half))
      controller.close()
    },
  })
}

function chunked(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

function swapCase(text: string): string {
  const swapped = text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
  // A token without letters has no other case.
  return swapped === text ? `${text}A` : swapped
}
