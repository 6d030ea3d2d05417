import { SYNC_FRAME, type Sync, syncSchema } from '../protocol/frames.ts'
import { kycFileEventSchema, kycFileWebhook } from '../protocol/webhooks/kyc-file.ts'
import type { StreamMessage } from './connection.ts'
import type { ReceivedEvent } from './upload-state.ts'

/** What a message of the stream says. */
export type Received =
  | { type: 'event'; event: ReceivedEvent }
  | { type: 'sync'; sync: Sync }
  /** It has a name that is known, and not the shape, or it is about somebody else. */
  | { type: 'bad'; frame: string }
  /** A newer relay may send frames that this version does not know. */
  | { type: 'unknown' }

/** Reads a message of one user's stream. */
export function readMessage(externalUserId: string, { type, data, lastEventId }: StreamMessage): Received {
  if (type === SYNC_FRAME) {
    const sync = syncSchema.safeParse(parseJson(data))
    return sync.success ? { type: 'sync', sync: sync.data } : { type: 'bad', frame: type }
  }
  return readEvent(externalUserId, { event: type, id: lastEventId, data: parseJson(data) })
}

/** Reads an event of a stream or a snapshot. */
export function readEvent(
  externalUserId: string,
  { event: name, id, data }: { event: string; id: string; data?: unknown },
): Received {
  if (name !== kycFileWebhook.frame) return { type: 'unknown' }
  const parsed = kycFileEventSchema.safeParse(data)
  if (!parsed.success || id === '' || parsed.data.externalUserId !== externalUserId) return { type: 'bad', frame: name }
  return { type: 'event', event: { id, status: parsed.data.status, receivedAt: parsed.data.receivedAt } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
