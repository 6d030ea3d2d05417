import { equal, ok } from 'node:assert/strict'
import type { Check } from '../check.ts'
import { type ProblemDocument, refused } from '../problem.ts'
import { PROTOCOL, rfc } from '../sources.ts'
import { type Target, WEBHOOK_PATH } from '../target.ts'

const MARKER = 'do-not-repeat-this'

/** A request for each status, with the marker wherever a request has room for it. */
const REFUSALS: [number, (target: Target) => Promise<Response>][] = [
  [400, (target) => target.post(`{"${MARKER}"`)],
  [401, (target) => target.post({ note: MARKER }, { authorization: MARKER })],
  [401, (target) => target.fetch(`/events/${MARKER}`, { headers: { authorization: `Bearer ${MARKER}` } })],
  [403, async (target) => forbidden(target)],
  [404, (target) => target.fetch(`/${MARKER}?${MARKER}`)],
  [405, (target) => target.fetch(WEBHOOK_PATH, { method: 'PUT', body: MARKER })],
  [406, (target) => target.events(target.user(), { accept: `application/${MARKER}` })],
  [413, (target) => target.post(MARKER.repeat(1000))],
  [415, (target) => target.post(MARKER, { 'content-type': `text/${MARKER}` })],
  [422, (target) => target.post({ externalUserId: `${MARKER}\u0000`, status: MARKER, [MARKER]: MARKER })],
]

export const refusals: Check[] = [
  ...REFUSALS.map(([status, ask], i) => ({
    rule: `${status} is a problem document that agrees with its status${i === 2 ? ' (events)' : ''}`,
    quote: 'Generators MUST use the same status code in the actual HTTP response',
    source: rfc(9457, '3.1.2'),
    run: async (target: Target) => void (await refused(await ask(target), status, `${status}`)),
  })),
  {
    rule: 'a problem of type about:blank has the title of its status',
    quote:
      'When "about:blank" is used, the title SHOULD be the same as the recommended HTTP status phrase for that code',
    source: rfc(9457, '4.2.1'),
    async run(target) {
      for (const [status, ask] of REFUSALS) {
        const { type = 'about:blank', title } = (await (await ask(target)).json()) as ProblemDocument
        if (type === 'about:blank') equal(title, PHRASES[status], `the title of ${status}`)
      }
    },
  },
  {
    rule: 'a refusal repeats neither a secret nor what was sent',
    quote: 'A refusal never repeats what was sent.',
    source: PROTOCOL,
    async run(target) {
      for (const [status, ask] of REFUSALS) {
        const response = await ask(target)
        const text = `${JSON.stringify([...response.headers])}${await response.text()}`
        ok(!text.includes(MARKER), `expected ${status} not to repeat the request`)
        for (const secret of [target.settings.webhookToken, target.settings.subscriptionSecret]) {
          // "token", say, stands in many a text by chance.
          if (secret.length >= 8) ok(!text.includes(secret), `expected ${status} to tell no secret`)
        }
      }
    },
  },
]

async function forbidden(target: Target): Promise<Response> {
  const authorization = `Bearer ${await target.token(target.user())}`
  return target.fetch(`/events/${MARKER}`, { headers: { authorization } })
}

/** RFC 9110, 15.5 */
const PHRASES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
}
