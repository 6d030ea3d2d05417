import { parseEventId } from '../../protocol/event-id.ts'
import type { Snapshot, Sync } from '../../protocol/frames.ts'
import type { KycFileEvent } from '../../protocol/webhooks/kyc-file.ts'
import { KYC_FILE_FRAME, KYC_FILE_STATUSES, MAX_HEARTBEAT, SYNC_FRAME } from '../../protocol/words.ts'
import { KycStatusError } from '../errors.ts'
import { type Guard, hasShape, isText } from './guards.ts'

/** An event as it came down the stream. */
export interface ReceivedEvent extends Pick<KycFileEvent, 'status' | 'receivedAt'> {
  id: string
}

/** What a message of the stream says. */
export type Received =
  | { type: 'event'; event: ReceivedEvent }
  | { type: 'sync'; sync: Sync }
  /** A newer relay may send frames that this version does not know. */
  | { type: 'unknown' }

/** What a snapshot says: the events of a replay, and where that ends. */
export interface ReceivedSnapshot extends Omit<Sync, 'heartbeat'> {
  events: readonly ReceivedEvent[]
}

const isBoolean: Guard<boolean> = (value) => typeof value === 'boolean'
const isTime: Guard<string> = (value): value is string => isText(value) && Date.parse(value) > 0
const isStatus: Guard<KycFileEvent['status']> = (value): value is KycFileEvent['status'] =>
  KYC_FILE_STATUSES.some((status) => status === value)

const isCursor: Guard<string> = (value): value is string => isText(value) && parseEventId(value) !== null

export const isSync = hasShape<Sync>({
  cursor: isCursor,
  now: isTime,
  complete: isBoolean,
  heartbeat: (value): value is number => typeof value === 'number' && value > 0 && value <= MAX_HEARTBEAT,
})

export const isEvent = hasShape<KycFileEvent>({ externalUserId: isText, status: isStatus, receivedAt: isText })

const isNamed = hasShape<{ id: string; event: string }>({ id: isText, event: isText })

const hasData = (value: unknown): value is Snapshot['events'][number] => isNamed(value) && 'data' in value

export const isSnapshot = hasShape<Snapshot>({
  cursor: isCursor,
  now: isTime,
  events: (value): value is Snapshot['events'] => Array.isArray(value) && value.every(hasData),
  complete: (value): value is boolean | undefined => value === undefined || isBoolean(value),
})

/**
 * Reads a message of one user's stream.
 *
 * @throws {KycStatusError} if it has a name that is known, and not the shape, or is about somebody else.
 */
export function readMessage(
  externalUserId: string,
  { type, data, lastEventId }: { type: string; data: string; lastEventId: string },
): Received {
  if (type !== SYNC_FRAME) return readEvent(externalUserId, { event: type, id: lastEventId, data: parseJson(data) })
  const sync = parseJson(data)
  return isSync(sync) ? { type, sync } : bad('sync frame')
}

/** Reads a snapshot of one user. Throws as `readMessage` does. */
export function readSnapshotOf(externalUserId: string, snapshot: unknown): ReceivedSnapshot {
  if (!isSnapshot(snapshot)) return bad('snapshot')
  const { complete = true, ...rest } = snapshot
  const events = snapshot.events.flatMap((one) => {
    const received = readEvent(externalUserId, one)
    return received.type === 'event' ? [received.event] : []
  })
  return { ...rest, complete, events }
}

function readEvent(
  externalUserId: string,
  { event: name, id, data }: { event: string; id: string; data?: unknown },
): Received {
  if (name !== KYC_FILE_FRAME) return { type: 'unknown' }
  if (!isEvent(data) || id === '' || data.externalUserId !== externalUserId) return bad(`${name} frame`)
  return { type: 'event', event: { id, status: data.status, receivedAt: data.receivedAt } }
}

function bad(what: string): never {
  throw new KycStatusError('bad_response', `the relay sent a bad ${what}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
