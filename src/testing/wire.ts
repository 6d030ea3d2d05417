import type { Sync } from '../protocol/frames.ts'
import { SYNC_FRAME } from '../protocol/words.ts'
import type { MockEvent } from './history.ts'

/** Says that the line is alive. */
export const COMMENT = ':\n\n'

/** How long a client waits before it reconnects, in milliseconds. */
export function encodeRetry(ms: number): string {
  return `retry: ${ms}\n\n`
}

export function encodeEvent({ frame, id, data }: MockEvent): string {
  return encodeFrame(frame, id, data)
}

export function encodeSync(sync: Sync): string {
  return encodeFrame(SYNC_FRAME, sync.cursor, sync)
}

/** JSON has no line break of its own, so the data is one line. */
function encodeFrame(event: string, id: string, data: object): string {
  return `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`
}
