import type { Report } from '../telemetry/facts.ts'
import type { Answer } from './answer.ts'
import type { Incoming } from './incoming.ts'

/** What `fetch` does, without a `Request` and a `Response`: for adapters of ours. */
export const ANSWER = Symbol('answer')

/** Where an adapter tells of an answer that could not be sent. */
export const REPORT = Symbol('report')

/** Where an adapter asks whether a request is left to the rest of the server. */
export const PASS_ON = Symbol('pass on')

export interface Answering {
  readonly [REPORT]: Report
  /** Whether its path is none of the relay's. A webhook with the right token is told of. */
  [PASS_ON](incoming: Incoming): boolean
  [ANSWER](incoming: Incoming): Promise<Answer>
}

export function isAnswering(relay: object): relay is Answering {
  return ANSWER in relay
}
