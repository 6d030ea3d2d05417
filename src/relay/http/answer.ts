import type { Connection, Leave } from '../streams/connection.ts'
import type { Report } from '../telemetry/facts.ts'
import type { Incoming } from './incoming.ts'

/** What the relay says to a request, before it is anybody's response. */
export interface Answer {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  /** Text, nothing, or a stream that was granted, and begins once there is a connection for it. */
  body: string | null | ((connection: Connection) => Leave)
}

export function answer(status: number, headers: Record<string, string>, body: Answer['body'] = null): Answer {
  return { status, headers, body }
}

/** What `fetch` does, without a `Request` and a `Response`: for adapters of ours. */
export const ANSWER = Symbol('answer')

/** Where an adapter tells of an answer that could not be sent. */
export const REPORT = Symbol('report')

export interface Answering {
  readonly [REPORT]: Report
  [ANSWER](incoming: Incoming): Promise<Answer>
}

export function isAnswering(relay: object): relay is Answering {
  return ANSWER in relay
}
