import type { ConnectionState } from '../../client/channel.ts'
import type { KycFileStatus } from '../../client/upload-state.ts'

/** What the component shows, on two axes: what is known of the document, and how the line is. */
export interface View {
  status: 'loading' | 'none' | 'processing' | 'added' | 'error'
  /** `lost` comes back by itself, `failed` does not. */
  connection: 'live' | 'reconnecting' | 'lost' | 'failed'
}

const STATUS_OF = { none: 'none', waiting: 'processing', added: 'added', error: 'error' } as const

/** Whether news can't come now, but may come again. Nobody reading, or a hidden page, is no trouble. */
export function isDown({ status, pauseReason }: ConnectionState): boolean {
  return status === 'connecting' || status === 'reconnecting' || pauseReason === 'offline'
}

/**
 * @param isLongDown - whether the line has been down for so long that a person should know; what heals by itself in
 * seconds is not worth a word.
 */
export function deriveView(data: KycFileStatus | undefined, connection: ConnectionState, isLongDown: boolean): View {
  return {
    status: data ? STATUS_OF[data.outcome] : 'loading',
    connection: deriveConnection(connection, isLongDown),
  }
}

function deriveConnection(connection: ConnectionState, isLongDown: boolean): View['connection'] {
  if (connection.status === 'failed') return 'failed'
  if (isDown(connection) && isLongDown) return 'lost'
  return connection.status === 'reconnecting' ? 'reconnecting' : 'live'
}
