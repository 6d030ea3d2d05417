import { type Snapshot, SYNC_FRAME, type Sync } from '../protocol/frames.ts'
import type { Hub } from './hub.ts'
import { Problem } from './problem.ts'
import { type EventStore, type Replay, StoreUnavailableError } from './store.ts'
import { Subscriber } from './subscriber.ts'
import type { Subscription } from './subscription-tokens.ts'
import { type Bytes, encodeEvent, encodeFrame, encodeRetry } from './wire.ts'

/** What a client is told to wait before it reconnects, in milliseconds. */
const RETRY = 2000

export interface StreamSettings {
  /** Milliseconds between two comments. */
  heartbeatInterval: number
  /** Milliseconds that a stream lasts at most. */
  maxLifetime: number
}

interface StreamContext {
  store: EventStore
  hub: Hub
  settings: StreamSettings
  onError(error: unknown): void
}

/**
 * Opens the stream of one user. The order makes it free of gaps and repeats: listen first, then read, then drop from what
 * was heard meanwhile what was read.
 */
export function openStream(
  { externalUserId, expiresAt }: Subscription,
  lastEventId: string | null,
  { store, hub, settings, onError }: StreamContext,
): Response {
  // Between 80 and 100 %, so that streams opened together by a restart don't end together.
  const lifetime = settings.maxLifetime * (0.8 + 0.2 * Math.random())
  const endsAt = Math.min(expiresAt, Date.now() + lifetime)
  const subscriber = new Subscriber(externalUserId, endsAt, (ended) => hub.delete(ended))
  hub.add(subscriber)
  store.since(externalUserId, lastEventId).then(
    (replay) => subscriber.goLive(encodeReplay(replay, settings.heartbeatInterval), replay.cursor),
    (error: unknown) => {
      onError(error)
      subscriber.end(goodbye())
    },
  )
  return streamResponse(subscriber.body)
}

/**
 * A stream that ends at once, for a relay that can't serve it now. The HTML standard lets a native EventSource come back
 * after a clean end, and makes it give up for good after any status but 200.
 */
export function emptyStream(): Response {
  return streamResponse(goodbye())
}

/** The last words of a stream that we end: come back, but not all at once. */
export function goodbye(): string {
  return encodeRetry(RETRY * (0.5 + Math.random()))
}

/** The latest event as JSON, for server rendering, and for polling where a proxy swallows streams. */
export async function snapshot(
  externalUserId: string,
  store: EventStore,
  onError: (error: unknown) => void,
): Promise<Response> {
  const { events, cursor } = await store.since(externalUserId, null).catch((error: unknown) => {
    if (!(error instanceof StoreUnavailableError)) throw error
    onError(error)
    throw new Problem(503, 'The store can not be read now.', { headers: { 'retry-after': '2' } })
  })
  const body: Snapshot = {
    cursor,
    now: new Date().toISOString(),
    events: events.map(({ id, frame, data }) => ({ id, event: frame, data: JSON.parse(data) })),
  }
  return new Response(JSON.stringify(body), {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}

function encodeReplay({ events, cursor, complete }: Replay, heartbeatInterval: number): string {
  const sync: Sync = { cursor, now: new Date().toISOString(), complete, heartbeat: heartbeatInterval / 1000 }
  return [
    encodeRetry(RETRY),
    ...events.map(encodeEvent),
    encodeFrame({ event: SYNC_FRAME, id: cursor, data: JSON.stringify(sync) }),
  ].join('')
}

function streamResponse(body: ReadableStream<Bytes> | string): Response {
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    },
  })
}
