import type { IncomingMessage, ServerResponse } from 'node:http'
import { ANSWER, isAnswering, REPORT } from '../http/answering.ts'
import { Problem } from '../http/problem.ts'
import type { Relay } from '../relay.ts'
import type { Report } from '../telemetry/facts.ts'
import { consoleLogger, logFacts } from '../telemetry/log.ts'
import { refusedWebhook } from '../telemetry/refused.ts'
import { type NodeIncoming, toIncoming } from './node-incoming.ts'
import { send, sendResponse } from './node-response.ts'

export type { Relay }

/**
 * Mounts a relay in `node:http`, Express, Fastify and whatever else speaks its requests and responses:
 * `http.createServer(toNodeHandler(relay))`. The promise that the handler returns never rejects.
 */
export function toNodeHandler(
  relay: Pick<Relay, 'fetch'>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (message, outgoing) => {
    const incoming = toIncoming(message, outgoing)
    if (isAnswering(relay)) send(await relay[ANSWER](incoming), message, outgoing, relay[REPORT], incoming.isRead)
    else await fetchFrom(relay, incoming, message, outgoing)
  }
}

/** A wrapped relay has only `fetch`, so its adapter tells the console. */
const reportToConsole: Report = logFacts(consoleLogger, { userIds: false })

/** A wrapped relay is called like any handler. */
async function fetchFrom(
  handler: Pick<Relay, 'fetch'>,
  incoming: NodeIncoming,
  message: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { refusal } = incoming
  if (refusal) {
    if (incoming.method === 'POST') reportToConsole(refusedWebhook(incoming, refusal, false, 0))
    send(refusal.toAnswer(), message, outgoing, reportToConsole)
    return
  }
  let response: Response
  const leaving = new AbortController()
  const leave = () => leaving.abort()
  outgoing.once('close', leave)
  try {
    response = await handler.fetch(incoming.toRequest(true, leaving.signal))
  } catch (error) {
    reportToConsole({ type: 'failed', task: 'request', error })
    send(new Problem(500, 'Something went wrong.').toAnswer(), message, outgoing, reportToConsole)
    return
  } finally {
    outgoing.off('close', leave)
  }
  await sendResponse(response, message, outgoing, reportToConsole)
}
