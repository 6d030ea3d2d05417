/** Which pages of other origins may read the stream. */
export interface CorsPolicy {
  allowedOrigins: readonly string[]
  /** Whether their cookies come along. */
  credentials: boolean
}

const PREFLIGHT = {
  'access-control-allow-methods': 'GET',
  'access-control-allow-headers': 'authorization, last-event-id',
  'access-control-max-age': '600',
}

/** Adds what the browser needs to let a listed origin read this answer. Refusals too: a page has to tell 401 from a dead line. */
export function withCors<T extends { headers: Headers }>(response: T, origin: string | null, policy: CorsPolicy): T {
  response.headers.append('vary', 'origin')
  if (origin === null || !policy.allowedOrigins.includes(origin)) return response
  response.headers.set('access-control-allow-origin', origin)
  response.headers.set('access-control-expose-headers', 'retry-after')
  if (policy.credentials) response.headers.set('access-control-allow-credentials', 'true')
  return response
}

/** The answer to `OPTIONS`. A browser whose origin is not listed finds no permission in it. */
export function preflight(): Response {
  return new Response(null, { status: 204, headers: PREFLIGHT })
}
