import { type Answer, answer } from './answer.ts'

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
export function allowOrigin(headers: Answer['headers'], origin: string | null, policy: CorsPolicy): void {
  headers.vary = 'origin'
  if (origin === null || !policy.allowedOrigins.includes(origin)) return
  headers['access-control-allow-origin'] = origin
  headers['access-control-expose-headers'] = 'retry-after'
  if (policy.credentials) headers['access-control-allow-credentials'] = 'true'
}

/** The answer to `OPTIONS`. A browser whose origin is not listed finds no permission in it. */
export function preflight(): Answer {
  return answer(204, { ...PREFLIGHT })
}
