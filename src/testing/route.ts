/** What a request asks for: a user's events in one of two forms, or nothing that there is. */
export type Route =
  | { form: 'stream' | 'snapshot'; externalUserId: string }
  | { form: 'other'; externalUserId: string | null; answer: Response }

/** Reads a request as the relay does, below whatever base path, and with whatever credential or none. */
export function route(request: Request): Route {
  const segment = /\/events\/([^/]+)$/.exec(new URL(request.url).pathname)?.[1]
  if (segment === undefined) return other(null, problem(404, 'Not Found', 'There is nothing at this path.'))
  const externalUserId = decode(segment)
  if (externalUserId === null) {
    return other(null, problem(400, 'Bad Request', 'The path is not percent-encoded UTF-8.'))
  }
  if (request.method === 'OPTIONS') return other(externalUserId, new Response(null, { status: 204 }))
  if (request.method !== 'GET') {
    const allow = 'GET, OPTIONS'
    return other(externalUserId, problem(405, 'Method Not Allowed', `This resource takes ${allow}.`, { allow }))
  }
  const form = formOf(request.headers.get('accept') || '*/*')
  if (form !== null) return { form, externalUserId }
  const detail = 'Expected Accept: text/event-stream, or application/json.'
  return other(externalUserId, problem(406, 'Not Acceptable', detail))
}

function other(externalUserId: string | null, answer: Response): Route {
  return { form: 'other', externalUserId, answer }
}

/** What a request names beats what it merely allows. */
function formOf(accept: string): 'stream' | 'snapshot' | null {
  if (/text\/event-stream/i.test(accept)) return 'stream'
  if (/application\/(json|\*)/i.test(accept)) return 'snapshot'
  return /(\*|text)\/\*/i.test(accept) ? 'stream' : null
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

/** RFC 9457. */
function problem(status: number, title: string, detail: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title, status, detail }), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
}
