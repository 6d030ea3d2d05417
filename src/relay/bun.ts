import { ANSWER, isAnswering } from './answer.ts'
import { BunIncoming } from './bun-incoming.ts'
import { toBunResponse } from './bun-response.ts'

/**
 * How long a connection may be silent, in seconds. Four heartbeats of 15 s, and longer than any load balancer before it,
 * which would otherwise now and then send a request into a connection that is being closed: AWS's own default is 60 s.
 */
const IDLE_TIMEOUT = 65

/** What `toBunServe` gives to `Bun.serve`. */
export interface BunServeOptions {
  fetch(request: Request): Promise<Response>
  /**
   * Seconds without a byte after which Bun closes a connection: 65. It has to be longer than `heartbeatInterval`; and with 0
   * a reader that was cut because it does not read would keep its socket for ever.
   */
  idleTimeout: number
}

/**
 * Mounts a relay in Bun's own server: `Bun.serve({ port: 8787, ...toBunServe(relay) })`. It needs Bun 1.4 or later, because
 * earlier ones hold what a reader leaves unread, without a limit. What is named after it replaces what it says.
 */
export function toBunServe(relay: { fetch(request: Request): Promise<Response> }): BunServeOptions {
  return {
    idleTimeout: IDLE_TIMEOUT,
    async fetch(incoming) {
      const request = withWholeUrl(incoming)
      const response = isAnswering(relay)
        ? toBunResponse(await relay[ANSWER](new BunIncoming(request)))
        : await relay.fetch(request)
      // Bun would go on reading, as long as anything comes.
      if (hasUnreadBody(request, response)) response.headers.set('connection', 'close')
      return response
    },
  }
}

/** Without a Host (HTTP/1.0), or with one that is none, Bun gives the path alone. The relay has no need of a host. */
function withWholeUrl(request: Request): Request {
  if (URL.canParse(request.url)) return request
  return new Request(`http://localhost/${request.url.replace(/^\//, '')}`, request)
}

/** Whether a refusal came before the end of the body. */
function hasUnreadBody(request: Request, answer: Response): boolean {
  if (request.bodyUsed && answer.status !== 413) return false
  const { headers } = request
  return headers.has('transfer-encoding') || Number(headers.get('content-length')) > 0
}
