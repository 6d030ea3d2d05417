import { deepEqual, equal, ok } from 'node:assert/strict'
import type { Check } from '../check.ts'
import { head } from '../raw.ts'
import { rfc } from '../sources.ts'
import { type Target, WEBHOOK_PATH } from '../target.ts'

const PERSISTENCE =
  'A server MUST read the entire request message body or close the connection after sending its response; otherwise, the remaining data on a persistent connection would be misinterpreted as the next request.'

export const connection: Check[] = [
  {
    rule: 'requests sent together are answered in their order',
    quote: 'it MUST send the corresponding responses in the same order that the requests were received',
    source: rfc(9112, '9.3.2'),
    async run(target) {
      const opened = await target.raw()
      const get = (path: string, ...lines: string[]) =>
        head(`GET ${target.path(path)} HTTP/1.1`, `Host: ${target.host}`, ...lines)
      opened.write(get('/webhook/health') + get('/nothing-here') + get(WEBHOOK_PATH, 'Connection: close'))
      await opened.closed()
      deepEqual(opened.statuses(), [200, 404, 405], 'the statuses')
    },
  },
  ...unread().map(([what, status, request]) => ({
    rule: `after ${what} the connection goes on, or closes`,
    quote: PERSISTENCE,
    source: rfc(9112, '9.3'),
    async run(target: Target) {
      const opened = await target.raw()
      opened.write(request(target))
      await opened.answered(1)
      equal(opened.statuses()[0], status, 'the status')
      // Whatever is taken for a request from here on has to be this one.
      opened.write(head(`GET ${target.path('/webhook/health')} HTTP/1.1`, `Host: ${target.host}`, 'Connection: close'))
      await opened.closed()
      const [, ...later] = opened.statuses()
      ok(later.length === 0 || (later.length === 1 && later[0] === 200), `expected 200 or a close, got ${later}`)
    },
  })),
  {
    rule: 'a request without Host is refused',
    quote:
      'A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that lacks a Host header field',
    source: rfc(9112, '3.2'),
    async run(target) {
      const opened = await target.raw()
      opened.write(head(`GET ${target.path('/webhook/health')} HTTP/1.1`))
      await opened.answered(1)
      deepEqual(opened.statuses(), [400], 'the statuses')
    },
  },
  {
    rule: 'a request whose target is a whole URL is answered',
    quote: 'A server MUST accept the absolute-form in requests',
    source: rfc(9112, '3.2.2'),
    async run(target) {
      const opened = await target.raw()
      opened.write(head(`GET ${target.url('/webhook/health')} HTTP/1.1`, `Host: ${target.host}`, 'Connection: close'))
      await opened.closed()
      deepEqual(opened.statuses(), [200], 'the statuses')
    },
  },
  {
    rule: 'a relay that was left in the middle of a body serves the next one',
    quote: PERSISTENCE,
    source: rfc(9112, '9.3'),
    async run(target) {
      const user = target.user()
      const opened = await target.raw()
      opened.write(`${webhookHead(target, 'Content-Length: 1000')}{"externalUserId":"${user}"`)
      opened.close()
      await target.deliver(user)
      equal((await target.snapshot(user)).events.length, 1, 'the number of events')
    },
  },
]

/** A request that is refused before its body has been read, and the status of the refusal. */
function unread(): [string, number, (target: Target) => string][] {
  // What looks like a request in a body must not be taken for one.
  const smuggled = 'GET /nothing-here HTTP/1.1\r\nHost: x\r\n\r\n'
  const length = `Content-Length: ${smuggled.length}`
  return [
    ['401', 401, (target) => webhookHead(target, 'Authorization: wrong', length) + smuggled],
    ['404', 404, (target) => requestHead(target, 'POST', '/nothing-here', length) + smuggled],
    ['405', 405, (target) => requestHead(target, 'PUT', WEBHOOK_PATH, length) + smuggled],
    ['400', 400, (target) => webhookHead(target, length) + smuggled],
    [
      '413',
      413,
      (target) => {
        const body = smuggled.repeat(1000)
        return webhookHead(target, `Content-Length: ${body.length}`) + body
      },
    ],
  ]
}

function webhookHead(target: Target, ...lines: string[]): string {
  const token = lines.some((line) => line.startsWith('Authorization:'))
    ? []
    : [`Authorization: ${target.settings.webhookToken}`]
  return requestHead(target, 'POST', WEBHOOK_PATH, ...token, 'Content-Type: application/json', ...lines)
}

function requestHead(target: Target, method: string, path: string, ...lines: string[]): string {
  return head(`${method} ${target.path(path)} HTTP/1.1`, `Host: ${target.host}`, ...lines)
}
