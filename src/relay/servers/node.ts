import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkOptions, type Rules, trueOrFalse } from '../../protocol/check-options.ts'
import { InvalidOptionsError } from '../../protocol/invalid-options.ts'
import { ANSWER, isAnswering, PASS_ON, REPORT } from '../http/answering.ts'
import { Problem } from '../http/problem.ts'
import type { Relay } from '../relay.ts'
import type { Report } from '../telemetry/facts.ts'
import { consoleLogger, logFacts } from '../telemetry/log.ts'
import { refusedWebhook } from '../telemetry/refused.ts'
import { type NodeIncoming, toIncoming } from './node-incoming.ts'
import { send, sendResponse } from './node-response.ts'

export type { Relay }

/** What is left to the rest of a server, or an error for it: Express' own `next`, for example. */
export type Next = (error?: unknown) => void

export interface NodeHandlerOptions {
  /**
   * Whether a path that is none of the relay's is left to `next()`, so that a relay can be mounted among other routes. Default
   * `false`: it is answered with 404.
   */
  fallthrough?: boolean
}

/** A relay, or what wraps one and has its `fetch`; `fallthrough` needs its `handles`, too. */
export type Mountable = Pick<Relay, 'fetch'> & Partial<Pick<Relay, 'handles'>>

const rules: Rules = { fallthrough: trueOrFalse }

/**
 * Mounts a relay in `node:http`, Express, Fastify and whatever else speaks its requests and responses:
 * `http.createServer(toNodeHandler(relay))`. The promise that the handler returns never rejects, unless `next` throws or rejects.
 *
 * @throws {InvalidOptionsError} if an option can't work.
 */
export function toNodeHandler(
  relay: Mountable,
  options: NodeHandlerOptions = {},
): (request: IncomingMessage, response: ServerResponse, next?: Next) => Promise<void> {
  checkOptions('toNodeHandler', rules, options)
  const { fallthrough = false } = options
  if (fallthrough && !relay.handles) throw new InvalidOptionsError('toNodeHandler: fallthrough needs relay.handles')
  return async (message, outgoing, next) => {
    const incoming = toIncoming(message, outgoing)
    if (fallthrough && next && isPassedOn(relay, incoming)) return next()
    incoming.begin()
    if (isAnswering(relay)) send(await relay[ANSWER](incoming), message, outgoing, relay[REPORT], incoming.isRead)
    else await fetchFrom(relay, incoming, message, outgoing)
  }
}

function isPassedOn(relay: Mountable, incoming: NodeIncoming): boolean {
  return isAnswering(relay) ? relay[PASS_ON](incoming) : relay.handles?.(incoming.path) === false
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
    response = await handler.fetch(incoming.toRequest(incoming.stream(), leaving.signal), message)
  } catch (error) {
    reportToConsole({ type: 'failed', task: 'request', error })
    send(new Problem(500, 'Something went wrong.').toAnswer(), message, outgoing, reportToConsole)
    return
  } finally {
    outgoing.off('close', leave)
  }
  await sendResponse(response, message, outgoing, reportToConsole)
}
