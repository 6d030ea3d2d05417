import { ANSWER, isAnswering } from '../http/answering.ts'
import { BunIncoming, toWholeUrl } from './bun-incoming.ts'
import { toBunResponse } from './bun-response.ts'

/**
 * How long a connection may be silent, in seconds. Four heartbeats of 15 s, and longer than any load balancer before it,
 * which would otherwise now and then send a request into a connection that is being closed: AWS's own default is 60 s.
 */
const IDLE_TIMEOUT = 65

/** A relay, or whatever else answers requests. */
export interface FetchHandler {
  fetch(request: Request, native?: unknown): Promise<Response>
}

/** What `toBunServe` gives to `Bun.serve`. */
export interface BunServeOptions extends FetchHandler {
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
export function toBunServe(relay: FetchHandler): BunServeOptions {
  return {
    idleTimeout: IDLE_TIMEOUT,
    async fetch(request, native) {
      if (!isAnswering(relay)) return fetchFrom(relay, request, native)
      const said = await relay[ANSWER](new BunIncoming(request, native))
      if (hasUnreadBody(request, said)) said.headers.connection = 'close'
      return toBunResponse(said)
    },
  }
}

/** A wrapped relay has only `fetch`, so it is called like any handler. */
async function fetchFrom(handler: FetchHandler, request: Request, native: unknown): Promise<Response> {
  const { url } = request
  const whole = toWholeUrl(url)
  const asked = whole === url ? request : new Request(whole, request)
  const response = await handler.fetch(asked, native)
  if (hasUnreadBody(asked, response)) response.headers.set('connection', 'close')
  return response
}

/** Whether a refusal came before the end of the body: Bun would go on reading, as long as anything comes. */
function hasUnreadBody(request: Request, { status }: { status: number }): boolean {
  if (request.bodyUsed && status !== 413) return false
  const { headers } = request
  return headers.has('transfer-encoding') || Number(headers.get('content-length')) > 0
}
