import { parseEventId } from '../../protocol/event-id.ts'
import type { Snapshot, Sync } from '../../protocol/frames.ts'
import type { StepEvent } from '../../protocol/step-state.ts'
import type { KycFileEvent } from '../../protocol/webhooks/kyc-file.ts'
import { KYC_FILE_FRAME, KYC_FILE_STATUSES, MAX_HEARTBEAT, SYNC_FRAME } from '../../protocol/words.ts'
import { KycStatusError } from '../errors.ts'
import { type Guard, hasShape, isText } from './guards.ts'

/** An event of a step. */
export interface KycStepEvent extends StepEvent {
  readonly id: string
  /** Why, in the provider's word, where it says so. */
  readonly reason?: string | undefined
}

/** An event as it came down the stream. */
export interface ReceivedEvent extends KycStepEvent {
  /** The frame that it came in: the name of its step. */
  readonly frame: string
}

/** The data of a frame that has a state. */
interface StepFrame extends Record<'externalUserId' | 'status' | 'state' | 'receivedAt', string> {
  reason?: string | undefined
  occurredAt?: string | undefined
}

/** What a message of the stream says: one of both, or nothing that this version knows. */
export interface Received {
  sync?: Sync
  event?: ReceivedEvent | null
}

/** What a snapshot says: the events of a replay, and where that ends. */
export interface ReceivedSnapshot extends Omit<Sync, 'heartbeat'> {
  events: readonly ReceivedEvent[]
}

const isBoolean: Guard<boolean> = (value) => typeof value === 'boolean'
const isTime: Guard<string> = (value): value is string => isText(value) && Date.parse(value) > 0
const isStatus: Guard<KycFileEvent['status']> = (value): value is KycFileEvent['status'] =>
  KYC_FILE_STATUSES.some((status) => status === value)

const isMaybe =
  <T>(guard: Guard<T>): Guard<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || guard(value)

const isCursor: Guard<string> = (value): value is string => isText(value) && parseEventId(value) !== null

export const isSync = hasShape<Sync>({
  cursor: isCursor,
  now: isTime,
  complete: isBoolean,
  heartbeat: (value): value is number => typeof value === 'number' && value > 0 && value <= MAX_HEARTBEAT,
})

const ofUser = { externalUserId: isText, receivedAt: isText }
export const isEvent = hasShape<KycFileEvent>({ ...ofUser, status: isStatus })
const isStepEvent = hasShape<StepFrame>({
  ...ofUser,
  status: isText,
  state: isText,
  reason: isMaybe(isText),
  occurredAt: isMaybe(isText),
})

const isNamed = hasShape<{ id: string; event: string }>({ id: isText, event: isText })

const hasData = (value: unknown): value is Snapshot['events'][number] => isNamed(value) && 'data' in value

export const isSnapshot = hasShape<Snapshot>({
  cursor: isCursor,
  now: isTime,
  events: (value): value is Snapshot['events'] => Array.isArray(value) && value.every(hasData),
  complete: isMaybe(isBoolean),
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
  if (type !== SYNC_FRAME)
    return { event: readEvent(externalUserId, { event: type, id: lastEventId, data: parseJson(data) }) }
  const sync = parseJson(data)
  return isSync(sync) ? { sync } : bad('sync frame')
}

/** Reads a snapshot of one user. Throws as `readMessage` does. */
export function readSnapshotOf(externalUserId: string, snapshot: unknown): ReceivedSnapshot {
  if (!isSnapshot(snapshot)) return bad('snapshot')
  const { complete = true, ...rest } = snapshot
  return { ...rest, complete, events: snapshot.events.flatMap((one) => readEvent(externalUserId, one) ?? []) }
}

/** `null`: a newer relay may send frames that this version does not know. A frame with a state is a step's, whatever its name. */
function readEvent(
  externalUserId: string,
  { event: frame, id, data }: { event: string; id: string; data?: unknown },
): ReceivedEvent | null {
  const isFile = frame === KYC_FILE_FRAME
  if (!isFile && !isText(Object(data).state)) return null
  const isRight = isFile ? isEvent : isStepEvent
  if (!isRight(data) || id === '' || data.externalUserId !== externalUserId) return bad(`${frame} frame`)
  const { status, state, reason, occurredAt, receivedAt } = data as Partial<StepFrame>
  return { id, frame, status, state, reason, occurredAt, receivedAt } as ReceivedEvent
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
