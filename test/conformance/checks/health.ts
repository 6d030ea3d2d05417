import { deepEqual, equal, ok } from 'node:assert/strict'
import { type Check, fail } from '../check.ts'
import { refused } from '../problem.ts'
import { PROTOCOL, README, rfc } from '../sources.ts'

export const health: Check[] = [
  {
    rule: 'GET /webhook/health is 200 without a secret, and tells nothing',
    quote: '(the provider probes it; no secret needed, nothing told)',
    source: PROTOCOL,
    async run(target) {
      const response = await target.fetch('/webhook/health')
      equal(response.status, 200, 'the status')
      equal(await response.text(), '', 'the body')
    },
  },
  {
    rule: 'HEAD /webhook/health is 200 without content',
    quote: 'the server MUST NOT send content in the response',
    source: rfc(9110, '9.3.2'),
    async run(target) {
      const connection = await target.raw()
      const line = `HEAD ${target.path('/webhook/health')} HTTP/1.1`
      connection.write(`${line}\r\nHost: ${target.host}\r\nConnection: close\r\n\r\n`)
      await connection.closed()
      deepEqual(connection.statuses(), [200], 'the status')
      equal(connection.received().split('\r\n\r\n').slice(1).join(''), '', 'what follows the header section')
    },
  },
  {
    rule: '/healthz and /readyz are 200 while the relay can serve',
    quote: '`GET /healthz` and `GET /readyz` are for your orchestrator',
    source: README,
    async run(target) {
      for (const path of ['/healthz', '/readyz']) equal((await target.fetch(path)).status, 200, `the status of ${path}`)
    },
  },
  {
    rule: 'probes take GET and HEAD alone, and say so',
    quote:
      "The origin server MUST generate an Allow header field in a 405 response containing a list of the target resource's currently supported methods.",
    source: rfc(9110, '15.5.6'),
    async run(target) {
      for (const path of ['/webhook/health', '/healthz', '/readyz']) {
        for (const method of ['POST', 'PUT', 'DELETE']) {
          const response = await target.fetch(path, { method })
          await refused(response, 405, `${method} ${path}`)
          deepEqual(methodsIn(response.headers.get('allow')), ['GET', 'HEAD'], `the Allow of ${path}`)
        }
      }
    },
  },
  {
    rule: '/metrics is 404 unless it is enabled, and then Prometheus text',
    quote: 'Prometheus text (off unless enabled)',
    source: PROTOCOL,
    async run(target) {
      const response = await target.fetch('/metrics')
      if (response.status === 404) await refused(response, 404, '/metrics')
      else if (response.status !== 200)
        fail('404, or 200 where it is enabled', response.status, 'the status of /metrics')
      else ok(response.headers.get('content-type')?.startsWith('text/plain'), 'expected /metrics to be text/plain')
    },
  },
  {
    rule: 'answers have a date',
    quote:
      'MUST generate a Date header field in all 2xx (Successful), 3xx (Redirection), and 4xx (Client Error) responses',
    source: rfc(9110, '6.6.1'),
    async run(target) {
      for (const path of ['/webhook/health', '/nothing-here']) {
        const { headers } = await target.fetch(path)
        ok(Date.parse(headers.get('date') ?? '') > 0, `expected a Date in the answer of ${path}`)
      }
    },
  },
]

/** The methods that an `Allow` names, sorted. */
export function methodsIn(allow: string | null): string[] {
  return (allow ?? '')
    .split(',')
    .map((method) => method.trim())
    .filter((method) => method !== '')
    .sort()
}
