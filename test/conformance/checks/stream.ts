import { deepEqual, equal, ok } from 'node:assert/strict'
import { type Check, fail, known, matches, Skipped } from '../check.ts'
import { refused } from '../problem.ts'
import { head } from '../raw.ts'
import { PROTOCOL, README, rfc, SSE } from '../sources.ts'
import type { Target } from '../target.ts'
import { now } from '../token.ts'
import { methodsIn } from './health.ts'

/** ISO 8601 in UTC, as `Date.prototype.toISOString` writes it. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const ID = /^(0|[1-9]\d*)-(0|[1-9]\d*)$/

export const stream: Check[] = [
  {
    rule: 'the type is text/event-stream; charset=utf-8',
    quote: "This event stream format's MIME type is text/event-stream.",
    source: SSE,
    async run(target) {
      const { status, headers } = await target.open(target.user())
      equal(status, 200, 'the status')
      equal(headers['content-type'], 'text/event-stream; charset=utf-8', 'the content-type')
    },
  },
  {
    rule: 'no cache keeps it, no proxy changes or buffers it, no browser guesses its type',
    quote: '`cache-control: no-store, no-transform`, `x-accel-buffering: no`, `x-content-type-options: nosniff`',
    source: PROTOCOL,
    async run(target) {
      const { headers } = await target.open(target.user(), { 'accept-encoding': 'gzip, br, zstd' })
      equal(headers['cache-control'], 'no-store, no-transform', 'the cache-control')
      equal(headers['x-accel-buffering'], 'no', 'the x-accel-buffering')
      equal(headers['x-content-type-options'], 'nosniff', 'the x-content-type-options')
      for (const name of ['content-length', 'content-encoding', 'etag', 'set-cookie']) {
        equal(headers[name], undefined, `the ${name}`)
      }
    },
  },
  {
    rule: '`retry:` comes first, and is digits alone',
    quote:
      "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten, and set the event stream's reconnection time to that integer.",
    source: SSE,
    async run(target) {
      const user = target.user()
      await target.deliver(user)
      const opened = await target.open(user)
      await opened.untilSync()
      matches(opened.bytes().toString(), /^retry: ?\d+(\r\n|\n|\r){2}/, 'the beginning')
    },
  },
  {
    rule: 'it is UTF-8, without a byte order mark',
    quote: 'Event streams in this format must always be encoded as UTF-8.',
    source: SSE,
    async run(target) {
      const user = `${target.user()} 李 🙂`
      await target.deliver(user)
      const opened = await target.open(user)
      const { events } = await opened.untilSync()
      equal(JSON.parse(events[0]?.data ?? '').externalUserId, user, 'the user of the event')
      const bytes = opened.bytes()
      new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      ok(!bytes.includes(Buffer.from([0xef, 0xbb, 0xbf])), 'expected no byte order mark')
    },
  },
  {
    rule: 'it has the four fields and comments alone, each block ended by an empty line',
    quote:
      'If the file ends in the middle of an event, before the final empty line, the incomplete event is not dispatched.',
    source: SSE,
    async run(target) {
      const user = target.user()
      await target.deliver(user)
      const opened = await target.open(user)
      await opened.untilSync()
      await target.deliver(user)
      await opened.next()
      const lines = opened
        .bytes()
        .toString()
        .split(/\r\n|\n|\r/)
      deepEqual(lines.slice(-2), ['', ''], 'the last two lines')
      const strange = lines.filter((line) => line !== '' && !/^((event|id|data|retry): |:)/.test(line))
      deepEqual(strange, [], 'the lines that are no field and no comment')
    },
  },
  {
    rule: 'an event is `kyc-file` with an id and exactly three fields',
    quote: "An event's data has exactly the three fields",
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const opened = await target.open(user)
      await opened.untilSync()
      await target.deliver(user, 'ERROR')
      const { event, id, data } = await opened.next()
      equal(event, 'kyc-file', 'the name of the frame')
      matches(id, ID, 'the id')
      const { receivedAt, ...rest } = JSON.parse(data)
      deepEqual(rest, { externalUserId: user, status: 'ERROR' }, 'the data beside receivedAt')
      matches(receivedAt, TIME, 'receivedAt')
    },
  },
  {
    rule: 'ids are short visible ASCII of the shape <ms>-<n>, and rise strictly',
    quote:
      'Ids have the shape `<ms>-<n>` in every store, rise strictly for a user, are short visible ASCII, and are the cursor.',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const opened = await target.open(user)
      const { sync } = await opened.untilSync()
      await Promise.all(Array.from({ length: 20 }, () => target.deliver(user)))
      const ids = [sync.id, ...(await opened.take(20)).map(({ id }) => id)].map((id) => id ?? '')
      for (const id of ids) {
        matches(id, ID, 'an id')
        ok(id.length <= 40, `expected a short id, got ${id.length} characters`)
      }
      deepEqual(ids, inOrder(ids), 'the ids in their order')
    },
  },
  {
    rule: '`sync` has the cursor, the clock, whether all is there, and the heartbeat',
    quote: 'data: {"cursor":"1763932800000-0","now":"…","complete":true,"heartbeat":15}',
    source: PROTOCOL,
    async run(target) {
      const { sync } = await (await target.open(target.user())).untilSync()
      const { now: clock, ...rest } = JSON.parse(sync.data)
      deepEqual(Object.keys(rest).sort(), ['complete', 'cursor', 'heartbeat'], 'the fields beside "now"')
      equal(rest.cursor, sync.id, 'the cursor, which is the id')
      equal(rest.complete, true, 'complete')
      ok(rest.heartbeat > 0, 'expected a heartbeat above 0')
      matches(clock, TIME, 'now')
    },
  },
  {
    rule: 'a user without events sees `sync` alone, and it is complete',
    quote: 'The first connect is `complete:true`.',
    source: PROTOCOL,
    async run(target) {
      const { events, sync } = await (await target.open(target.user())).untilSync()
      deepEqual(events, [], 'the events before sync')
      equal(JSON.parse(sync.data).complete, true, 'complete')
      matches(sync.id, ID, 'the cursor')
    },
  },
  {
    rule: 'without a cursor the latest event comes, then `sync` with its id',
    quote: "Without `Last-Event-ID` (an empty one is none): the user's latest event of each frame, then `sync`.",
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      await target.deliverAll(user, ['ADDED', 'ADDED', 'ERROR'])
      const { events, sync } = await (await target.open(user)).untilSync()
      deepEqual(statuses(events), ['ERROR'], 'the events before sync')
      equal(sync.id, events[0]?.id, 'the id of sync')
      equal(JSON.parse(sync.data).complete, true, 'complete')
    },
  },
  {
    rule: 'events arrive live, in their order, once',
    quote: 'After `sync` everything is live. Between replay and live there is no gap and no repeat',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const [first, second] = await Promise.all([target.open(user), target.open(user)])
      await Promise.all([first.untilSync(), second.untilSync()])
      const sent = Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 'ERROR' : 'ADDED'))
      await target.deliverAll(user, sent)
      for (const opened of [first, second]) deepEqual(statuses(await opened.take(24)), sent, 'the events')
    },
  },
  {
    rule: "nobody sees another user's events",
    quote: "The relay takes the user from it alone, so nobody reads another user's stream.",
    source: README,
    async run(target) {
      const [mine, other] = [target.user(), target.user()]
      const [stream, others] = await Promise.all([target.open(mine), target.open(other)])
      await Promise.all([stream.untilSync(), others.untilSync()])
      await target.deliverAll(other, ['ADDED', 'ADDED', 'ADDED'])
      await others.take(3)
      // Whatever had been sent to the wrong stream would have come before this one.
      await target.deliver(mine, 'ERROR')
      const event = await stream.next()
      const { receivedAt, ...data } = JSON.parse(event.data)
      deepEqual(data, { externalUserId: mine, status: 'ERROR' }, 'the first event')
    },
  },
  {
    rule: 'names that differ only in what a computer makes of them are different users',
    quote: "The relay takes the user from it alone, so nobody reads another user's stream.",
    source: README,
    async run(target) {
      const name = `${target.user()} é a`
      for (const other of [name.toUpperCase(), name.normalize('NFD'), `${name} `, encodeURIComponent(name)]) {
        await target.deliver(other)
      }
      const { events } = await (await target.open(name)).untilSync()
      deepEqual(events, [], 'the events of a user who has none')
    },
  },
  ...['a/b', 'a?b', 'a#b', 'a%b', 'a%2Fb', 'a b', 'a+b', 'a;b=c', 'a\\b', 'José 🙂', '../a', 'a:b@c', "a'b"].map(
    (odd) => ({
      rule: `a user may be called ${odd}`,
      quote: '`GET /events/{externalUserId}`',
      source: README,
      async run(target: Target) {
        const user = `${odd} ${target.user()}`
        const opened = await target.open(user)
        equal(opened.status, 200, 'the status')
        await opened.untilSync()
        await target.deliver(user)
        equal(JSON.parse((await opened.next()).data).externalUserId, user, 'the user of the event')
      },
    }),
  ),
  {
    rule: '400 to a path that is not percent-encoded UTF-8',
    quote: '(e.g., malformed request syntax, invalid request message framing, or deceptive request routing)',
    source: rfc(9110, '15.5.1'),
    async run(target) {
      for (const path of ['/events/%zz', '/events/%ff', '/events/%']) {
        await refused(await target.fetch(path), 400, path)
      }
    },
  },
  {
    rule: 'who wants anything gets the stream',
    quote: '`GET /events/{externalUserId}` | the stream, or with `Accept: application/json` the latest event',
    source: README,
    async run(target) {
      for (const accept of ['*/*', 'text/*', 'text/event-stream;q=0.5, application/json;q=0.1', 'TEXT/EVENT-STREAM']) {
        const { headers } = await target.events(target.user(), { accept })
        matches(headers.get('content-type'), /^text\/event-stream/, `the content-type for ${accept}`)
      }
    },
  },
  ...['text/html', 'image/png, text/plain', 'text/event-stream;q=0, application/json;q=0.0'].map((accept) => ({
    rule: `406 to Accept: ${accept}`,
    quote:
      'The 406 (Not Acceptable) status code indicates that the target resource does not have a current representation that would be acceptable to the user agent',
    source: rfc(9110, '15.5.7'),
    async run(target: Target) {
      await refused(await target.events(target.user(), { accept }), 406, accept)
    },
  })),
  ...['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
    rule: `405 to ${method}, with what is allowed`,
    quote:
      "The origin server MUST generate an Allow header field in a 405 response containing a list of the target resource's currently supported methods.",
    source: rfc(9110, '15.5.6'),
    async run(target: Target) {
      const response = await target.fetch(target.eventsPath(target.user()), { method })
      if (method === 'HEAD') equal(response.status, 405, 'the status')
      else await refused(response, 405, method)
      deepEqual(methodsIn(response.headers.get('allow')), ['GET', 'OPTIONS'], 'the Allow')
    },
  })),
  {
    rule: '405 to TRACE',
    quote:
      'An origin server that receives a request method that is recognized and implemented, but not allowed for the target resource, SHOULD respond with the 405 (Method Not Allowed) status code.',
    source: rfc(9110, '9.1'),
    async run(target) {
      const connection = await target.raw()
      const line = `TRACE ${target.path(target.eventsPath(target.user()))} HTTP/1.1`
      connection.write(head(line, `Host: ${target.host}`, 'X-Marker: not-to-be-reflected'))
      await connection.answered(1)
      deepEqual(connection.statuses(), [405], 'the statuses')
      ok(!connection.received().includes('not-to-be-reflected'), 'expected nothing of the request to come back')
    },
  },
  {
    rule: 'a stream ends cleanly within 2 s of its token',
    quote: "A stream ends within 2 s of its token's `exp`.",
    source: PROTOCOL,
    slow: true,
    async run(target) {
      const user = target.user()
      const exp = now() + 2
      const opened = await target.open(user, { authorization: `Bearer ${await target.token(user, { exp })}` })
      await opened.untilSync()
      const { isClean } = await opened.ended
      const after = Date.now() / 1000 - exp
      // A tenth for the clocks of both, and for what the end takes on its way.
      if (after < -0.1 || after > 2.1) fail('0 to 2 s after exp', `${after.toFixed(2)} s`, 'the time of the end')
      equal(isClean, true, 'whether the end was clean')
    },
  },
  {
    rule: 'a comment comes once a heartbeat',
    quote: "authors can include a comment line (one starting with a ':' character) every 15 seconds or so",
    source: SSE,
    slow: true,
    async run(target) {
      const opened = await target.open(target.user())
      const { sync } = await opened.untilSync()
      const { heartbeat } = JSON.parse(sync.data) as { heartbeat: number }
      if (heartbeat > 20) throw new Skipped(`the heartbeat is ${heartbeat} s, and the suite waits 20 s at most`)
      await opened.comment(heartbeat * 1000 + 1000)
    },
  },
  {
    rule: 'a stream too many gets its replay, `retry:` and a clean end, and the others stay',
    quote: 'An overloaded or draining relay answers a stream with `200`, `retry:` and a clean end',
    source: PROTOCOL,
    async run(target) {
      const limit = known(target.settings.streamsPerUser, 'streamsPerUser')
      const user = target.user()
      await target.deliver(user, 'ERROR')
      const streams = await Promise.all(Array.from({ length: limit }, () => target.open(user)))
      await Promise.all(streams.map((opened) => opened.untilSync()))

      const extra = await target.open(user)
      equal(extra.status, 200, 'the status of the stream too many')
      const { events } = await extra.untilSync()
      deepEqual(statuses(events), ['ERROR'], 'the replay of the stream too many')
      const late = new Promise<null>((resolve) => setTimeout(resolve, 3000, null))
      const end = (await Promise.race([extra.ended, late])) ?? fail('an end', 'an open stream', 'the stream too many')
      equal(end.isClean, true, 'whether its end was clean')
      ok(extra.retries.length > 0, 'expected a retry')

      await target.deliver(user)
      for (const opened of streams) deepEqual(statuses([await opened.next()]), ['ADDED'], 'the event of the others')
    },
  },
]

export function statuses(events: readonly { data: string }[]): string[] {
  return events.map(({ data }) => JSON.parse(data).status)
}

/** The ids without repeats, in the order of their numbers. */
export function inOrder(ids: readonly string[]): string[] {
  const parts = (id: string) => id.split('-').map(Number)
  return [...new Set(ids)].sort((a, b) => {
    const [[ms = 0, n = 0], [otherMs = 0, otherN = 0]] = [parts(a), parts(b)]
    return ms - otherMs || n - otherN
  })
}
