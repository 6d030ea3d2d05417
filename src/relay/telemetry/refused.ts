import type { Incoming } from '../http/incoming.ts'
import { NotAuthenticated, NotTaken, type Problem, SenderGone } from '../http/problem.ts'
import type { Fact, RefusedResult } from './facts.ts'

const WEBHOOKS = '/webhook/'

/** How much of a path is told, in characters. */
const MAX_PATH_LENGTH = 200

/**
 * What is told of a webhook that was not acknowledged, whoever refused it.
 *
 * @param isAuthentic - whether it came with the right token or signature: one at a path that nobody knows is the provider's then.
 */
export function refusedWebhook(incoming: Incoming, problem: Problem, isAuthentic: boolean, seconds: number): Fact {
  const path = pathBelowWebhooks(incoming.path)
  return {
    type: 'webhook',
    result: resultOf(problem, isAuthentic),
    code: problem.code,
    detail: problem.message,
    isAuthentic,
    seconds,
    ...(path !== null && { path }),
    ...(problem.cause !== undefined && { error: problem.cause }),
  }
}

/** What is told of a webhook with the right token that was left to the rest of the server. */
export function passedOnWebhook(incoming: Incoming): Fact {
  const path = pathBelowWebhooks(incoming.path)
  return { type: 'webhook', result: 'passed_on', ...(path !== null && { path }) }
}

/** Nothing before it: a path of ours may have a user in it. Nothing after it: a query may have a secret in it. */
export function pathBelowWebhooks(path: string): string | null {
  const from = path.indexOf(WEBHOOKS)
  if (from === -1) return null
  return path.slice(from + WEBHOOKS.length, from + WEBHOOKS.length + MAX_PATH_LENGTH)
}

function resultOf(problem: Problem, isAuthentic: boolean): RefusedResult {
  if (problem instanceof SenderGone) return 'gone'
  if (problem instanceof NotTaken) return 'not_taken'
  if (problem instanceof NotAuthenticated) return 'failed'
  switch (problem.status) {
    case 401:
      return 'unauthorized'
    case 404:
      return isAuthentic ? 'unknown_path' : 'invalid'
    case 500:
      return 'failed'
    case 503:
      return 'unavailable'
    default:
      return 'invalid'
  }
}
