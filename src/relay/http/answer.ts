import type { Connection, Leave } from '../streams/connection.ts'
import type { Bytes } from '../streams/wire.ts'

/** What the relay says to a request, before it is anybody's response. */
export interface Answer {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  /** Text, bytes, nothing, or a stream that was granted, and begins once there is a connection for it. */
  body: string | Bytes | null | ((connection: Connection) => Leave)
}

export function answer(status: number, headers: Record<string, string>, body: Answer['body'] = null): Answer {
  return { status, headers, body }
}
