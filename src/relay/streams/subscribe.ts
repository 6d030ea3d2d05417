import { parseEventId } from '../../protocol/event-id.ts'
import type { Snapshot, Sync } from '../../protocol/frames.ts'
import { SYNC_FRAME } from '../../protocol/words.ts'
import { unauthorized } from '../access/challenge.ts'
import { isSignedOut, type SignOuts } from '../access/sign-outs.ts'
import type { Subscription } from '../access/subscription-tokens.ts'
import { type Answer, answer } from '../http/answer.ts'
import { Problem } from '../http/problem.ts'
import { type EventStore, type Replay, StoreUnavailableError } from '../stores/store.ts'
import type { Refusal, ReplayOutcome, Report } from '../telemetry/facts.ts'
import type { Connection, Leave } from './connection.ts'
import type { Hub } from './hub.ts'
import { type Deadline, Subscriber } from './subscriber.ts'
import { encodeEvent, encodeFrame, encodeRetry } from './wire.ts'

/** What a client is told to wait before it reconnects, in milliseconds. */
const RETRY = 2000

/** The same where the relay has no room for its stream. */
const RETRY_WHEN_FULL = 15_000

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
}

export interface StreamSettings {
  /** Milliseconds between two comments. */
  heartbeatInterval: number
  /** Milliseconds that a stream lasts at most. */
  maxLifetime: number
  /** Streams that a user may have open. */
  maxStreamsPerUser: number
  /** Streams that may be open in all. */
  maxStreams: number
}

export interface StreamContext {
  store: EventStore
  signOuts: SignOuts
  hub: Hub
  settings: StreamSettings
  report: Report
}

/** Grants the stream of one user, unless the user has logged out. */
export async function openStream(
  subscription: Subscription,
  lastEventId: string | null,
  context: StreamContext,
): Promise<Answer> {
  if (await hasSignedOut(subscription, context.signOuts)) throw unauthorized(', error="invalid_token"')
  return answer(200, { ...STREAM_HEADERS }, (connection) => start(connection, subscription, lastEventId, context))
}

async function hasSignedOut(subscription: Subscription, signOuts: SignOuts): Promise<boolean> {
  try {
    const at = signOuts.at(subscription.externalUserId)
    return isSignedOut(subscription, at instanceof Promise ? await at : at)
  } catch {
    // A store that can't be read ends a stream once it has begun, and until then nothing is sent.
    return false
  }
}

/**
 * The order makes it free of gaps and repeats: listen first, then read, then drop from what was heard meanwhile what was
 * read.
 */
function start(
  connection: Connection,
  subscription: Subscription,
  lastEventId: string | null,
  { store, signOuts, hub, settings, report }: StreamContext,
): Leave {
  const { externalUserId } = subscription
  const refusal = noRoom(externalUserId, hub, settings)
  const subscriber = new Subscriber(externalUserId, deadline(subscription, settings), connection, (ended, reason) => {
    hub.delete(ended)
    report({ type: 'ended', externalUserId, reason })
  })
  // Without room it gets its replay and ends: its client polls, and nothing is lost.
  if (refusal) report({ type: 'refused', reason: refusal, externalUserId })
  else hub.add(subscriber)
  report({ type: 'opened', externalUserId })

  const read = async () => {
    const replay = await store.since(externalUserId, lastEventId)
    const signedOutAt = signOuts.atReplay(externalUserId, replay)
    // Once more: a log-out that came before listening began has ended the streams that there were, and not this one.
    if (isSignedOut(subscription, signedOutAt instanceof Promise ? await signedOutAt : signedOutAt)) {
      subscriber.end('disconnected', goodbye())
      return
    }
    const frames = encodeReplay(replay, settings.heartbeatInterval)
    report({ type: 'replayed', externalUserId, outcome: outcomeOf(replay, lastEventId), events: replay.events.length })
    subscriber.goLive(frames, replay.cursor)
    if (refusal) subscriber.end('no_room', goodbye(RETRY_WHEN_FULL))
  }
  read().catch((error: unknown) => {
    report({ type: 'failed', task: 'read', error })
    report({ type: 'replayed', externalUserId, outcome: 'failed', events: 0 })
    subscriber.end('store_unavailable', goodbye())
  })
  return () => subscriber.leave()
}

function noRoom(externalUserId: string, hub: Hub, { maxStreams, maxStreamsPerUser }: StreamSettings): Refusal | null {
  if (hub.count(externalUserId) >= maxStreamsPerUser) return 'user_limit'
  return hub.count() >= maxStreams ? 'total_limit' : null
}

/** Between 80 and 100 % of the lifetime, so that streams opened together by a restart don't end together. */
function deadline({ expiresAt }: Subscription, { maxLifetime }: StreamSettings): Deadline {
  const at = Date.now() + maxLifetime * (0.8 + 0.2 * Math.random())
  return expiresAt < at ? { at: expiresAt, reason: 'token_expired' } : { at, reason: 'lifetime' }
}

function outcomeOf({ complete }: Replay, lastEventId: string | null): ReplayOutcome {
  if (!complete) return 'incomplete'
  return lastEventId === null ? 'latest' : 'resumed'
}

/**
 * A stream that ends at once, for a relay that can't serve it now. The HTML standard lets a native EventSource come back
 * after a clean end, and makes it give up for good after any status but 200.
 */
export function emptyStream(): Answer {
  return answer(200, { ...STREAM_HEADERS }, goodbye())
}

/** The last words of a stream that we end: come back, but not all at once. */
export function goodbye(retry = RETRY): string {
  return encodeRetry(retry * (0.5 + Math.random()))
}

/**
 * What a stream would begin with, as JSON: for server rendering, for polling where a proxy swallows streams, and for tabs that
 * share a stream.
 */
export async function snapshot(
  subscription: Subscription,
  lastEventId: string | null,
  { store, signOuts, report }: StreamContext,
): Promise<Answer> {
  const { externalUserId } = subscription
  const read = async () => {
    const replay = await store.since(externalUserId, lastEventId)
    return [replay, await signOuts.atReplay(externalUserId, replay)] as const
  }
  const [replay, signedOutAt] = await read().catch((error: unknown) => {
    if (!(error instanceof StoreUnavailableError)) throw error
    report({ type: 'failed', task: 'read', error })
    throw new Problem(503, 'The store can not be read now.', { headers: { 'retry-after': '2' } })
  })
  if (isSignedOut(subscription, signedOutAt)) throw unauthorized(', error="invalid_token"')
  const { events, cursor, complete } = replay
  const body: Snapshot = {
    cursor,
    now: clockOf(replay),
    events: events.map(({ id, frame, data }) => ({ id, event: frame, data: JSON.parse(data) })),
    ...(lastEventId !== null && { complete }),
  }
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  return answer(200, headers, JSON.stringify(body))
}

function encodeReplay(replay: Replay, heartbeatInterval: number): string {
  const { events, cursor, complete } = replay
  const sync: Sync = { cursor, now: clockOf(replay), complete, heartbeat: heartbeatInterval / 1000 }
  return [
    encodeRetry(RETRY),
    ...events.map(encodeEvent),
    encodeFrame({ event: SYNC_FRAME, id: cursor, data: JSON.stringify(sync) }),
  ].join('')
}

/** A page reckons with it where events lie in time, so it must not be behind an id that the page knows. */
function clockOf({ now, cursor }: Replay): string {
  return new Date(now ?? Math.max(Date.now(), parseEventId(cursor)?.ms ?? 0)).toISOString()
}
