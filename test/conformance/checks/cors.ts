import { equal, ok } from 'node:assert/strict'
import { type Check, fail, known } from '../check.ts'
import { FETCH, PROTOCOL, README } from '../sources.ts'
import { type Target, WEBHOOK_PATH } from '../target.ts'

const LISTED = 'CORS for listed origins only'

/** Every kind of answer that a page can get below `/events`. */
const ANSWERS: [string, number, (target: Target, origin: string) => Promise<Response>][] = [
  ['the stream', 200, (target, origin) => target.events(target.user(), { origin })],
  ['a snapshot', 200, (target, origin) => target.events(target.user(), { origin, accept: 'application/json' })],
  ['400', 400, (target, origin) => target.fetch('/events/%zz', { headers: { origin } })],
  ['401', 401, (target, origin) => target.fetch(target.eventsPath(target.user()), { headers: { origin } })],
  [
    '403',
    403,
    async (target, origin) => {
      const authorization = `Bearer ${await target.token(target.user())}`
      return target.events(target.user(), { origin, authorization })
    },
  ],
  [
    '405',
    405,
    (target, origin) => target.fetch(target.eventsPath(target.user()), { method: 'PUT', headers: { origin } }),
  ],
  ['406', 406, (target, origin) => target.events(target.user(), { origin, accept: 'image/png' })],
]

export const cors: Check[] = [
  ...ANSWERS.map(([what, status, ask]) => ({
    rule: `a page of a listed origin may read ${what}`,
    quote: LISTED,
    source: PROTOCOL,
    async run(target: Target) {
      const origin = known(target.settings.allowedOrigin, 'allowedOrigin')
      const response = await ask(target, origin)
      equal(response.status, status, 'the status')
      equal(response.headers.get('access-control-allow-origin'), origin, 'the access-control-allow-origin')
    },
  })),
  ...ANSWERS.map(([what, status, ask]) => ({
    rule: `a page of another origin may not read ${what}`,
    quote: LISTED,
    source: PROTOCOL,
    async run(target: Target) {
      for (const origin of otherOrigins(target.settings.allowedOrigin)) {
        const response = await ask(target, origin)
        equal(response.status, status, 'the status')
        const allowed = response.headers.get('access-control-allow-origin')
        if (allowed !== null) fail('none', allowed, `the access-control-allow-origin for ${origin}`)
      }
    },
  })),
  {
    rule: 'answers vary with the origin, for who has one and for who has none',
    quote:
      'If CORS protocol requirements are more complicated than setting `Access-Control-Allow-Origin` to * or a static origin, `Vary` is to be used.',
    source: FETCH,
    async run(target) {
      const path = target.eventsPath(target.user())
      for (const headers of [{}, { origin: 'https://not-listed.example' }] as Record<string, string>[]) {
        const response = await target.fetch(path, { headers })
        const vary = (response.headers.get('vary') ?? '').toLowerCase().split(/\s*,\s*/)
        ok(vary.includes('origin'), `expected Vary to name origin, got: ${vary.join(', ')}`)
      }
    },
  },
  {
    rule: 'a preflight of a listed origin is granted what the stream needs',
    quote: LISTED,
    source: PROTOCOL,
    async run(target) {
      const origin = known(target.settings.allowedOrigin, 'allowedOrigin')
      const { status, headers } = await preflight(target, origin)
      ok(status >= 200 && status <= 299, `expected an ok status, got ${status}`)
      equal(headers.get('access-control-allow-origin'), origin, 'the access-control-allow-origin')
      const list = (name: string) => (headers.get(name) ?? '').toLowerCase().split(/\s*,\s*/)
      for (const name of ['authorization', 'last-event-id']) {
        ok(list('access-control-allow-headers').includes(name), `expected ${name} to be allowed`)
      }
      ok(list('access-control-allow-methods').includes('get'), 'expected GET to be allowed')
    },
  },
  {
    rule: 'a preflight of another origin is granted nothing',
    quote: LISTED,
    source: PROTOCOL,
    async run(target) {
      for (const origin of otherOrigins(target.settings.allowedOrigin)) {
        const { headers } = await preflight(target, origin)
        equal(headers.get('access-control-allow-origin'), null, `the access-control-allow-origin for ${origin}`)
      }
    },
  },
  {
    rule: 'no page may read the answer to a webhook',
    quote: 'it comes in the `Authorization` header as is, and has no business in a browser',
    source: README,
    async run(target) {
      const origin = target.settings.allowedOrigin ?? 'https://not-listed.example'
      for (const method of ['POST', 'OPTIONS']) {
        const { headers } = await target.fetch(WEBHOOK_PATH, { method, headers: { origin } })
        equal(headers.get('access-control-allow-origin'), null, `the access-control-allow-origin for ${method}`)
      }
    },
  },
]

function preflight(target: Target, origin: string): Promise<Response> {
  return target.fetch(target.eventsPath(target.user()), {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization,last-event-id',
    },
  })
}

/** Origins that are not listed, some of which look as if they were. */
function otherOrigins(listed = 'https://app.example'): string[] {
  const { protocol, host } = new URL(listed)
  return [
    'https://not-listed.example',
    'null',
    '*',
    `${listed}.evil.example`,
    `${protocol}//evil-${host}`,
    `${listed}:8443`,
    `${listed}/`,
    listed.toUpperCase(),
  ]
}
