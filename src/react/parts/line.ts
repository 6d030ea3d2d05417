import type { ConnectionState } from '../../client/line/line-state.ts'

/** How a component shows the line. */
export type ShownLine = 'live' | 'reconnecting' | 'lost' | 'paused' | 'failed'

/** How long the line may be down before a person is told, in milliseconds. Shorter interruptions are not mentioned. */
export const LOST_AFTER = 5000

/** Tells whether answers can't arrive now, but may again. A line that nobody reads, or of a hidden page, is not down. */
export function isDown({ status, pauseReason }: ConnectionState): boolean {
  return status === 'connecting' || status === 'reconnecting' || pauseReason === 'offline'
}

/** @param downSince - when the line went down, in milliseconds since the epoch; `null` while it is not. */
export function shownLine(connection: ConnectionState, downSince: number | null, now: number): ShownLine {
  if (connection.status === 'failed') return 'failed'
  if (isDown(connection) && downSince !== null && now - downSince >= LOST_AFTER) return 'lost'
  if (connection.status === 'paused') return 'paused'
  return connection.status === 'reconnecting' ? 'reconnecting' : 'live'
}
