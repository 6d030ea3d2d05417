import type { KycStatusError } from '../errors.ts'
import { keepSame } from '../same.ts'
import type { PauseReason } from './pause.ts'

/** How the line to the relay is. It says nothing about the document. */
export interface ConnectionState {
  /**
   * - `idle`: nobody is reading
   * - `connecting`: somebody reads, and the relay has not been heard yet
   * - `open`: events arrive as they happen, or every few seconds where `transport` is `polling`
   * - `reconnecting`: the line was lost; it comes back by itself, and nothing is missed
   * - `paused`: not wanted now, see `pauseReason`
   * - `failed`: given up, see `error`; tried again when somebody comes back to the page, the network does, a new reader comes,
   *   or at `reconnect`
   */
  readonly status: 'idle' | 'connecting' | 'open' | 'reconnecting' | 'paused' | 'failed'
  /** The page has been hidden for 30 s, or there is no network. It comes back by itself, and nothing is missed. */
  readonly pauseReason: PauseReason | null
  /**
   * `polling` where streams can't be had: something between here and the relay swallows them, the relay has no room for one
   * more, or `fetch` has no body to read. The relay is asked every few seconds then, and events come late.
   */
  readonly transport: 'stream' | 'polling'
  /**
   * When the relay was last heard before this object was made, in milliseconds since the epoch; `null`: not yet. While the line
   * is `open` the relay is heard all the time.
   */
  readonly heardAt: number | null
  /** What went wrong last; `null` while nothing is wrong. */
  readonly cause: KycStatusError | null
}

export const IDLE_LINE: ConnectionState = {
  status: 'idle',
  pauseReason: null,
  transport: 'stream',
  heardAt: null,
  cause: null,
}

/** What happens to a line. */
export type LineEvent =
  /** Somebody reads. */
  | { type: 'started' }
  /** Nobody reads any more. */
  | { type: 'stopped' }
  /** A request is about to be made. */
  | { type: 'connecting' }
  /** The relay has said what is known. */
  | { type: 'synced'; transport: 'stream' | 'polling' }
  /** The next request comes after a wait. `isServed`: the last one brought what is known, but no stream that stays. */
  | { type: 'waiting'; isServed: boolean; cause: KycStatusError | null }
  | { type: 'paused'; reason: PauseReason }
  | { type: 'failed'; error: KycStatusError }

/**
 * The next state of a line.
 *
 *             started                synced
 *     idle ───────────► connecting ─────────► open ◄─────────┐
 *      ▲                     │                 │             │ synced
 *      │ stopped             │ waiting         │ waiting     │
 *    (any)                   └─────────────────┴───► reconnecting
 *                                                        ▲
 *              paused                connecting          │
 *     (any) ───────────► paused ─────────────────────────┤
 *              failed                connecting          │
 *     (any) ───────────► failed ─────────────────────────┘
 */
export function lineAfter(line: ConnectionState, event: LineEvent, heardAt: number | null): ConnectionState {
  const next = keepSame(line, { ...line, pauseReason: null, ...change(line, event) })
  return next === line ? line : { ...next, heardAt }
}

function change(line: ConnectionState, event: LineEvent): Partial<ConnectionState> {
  switch (event.type) {
    case 'started':
      return { status: 'connecting', cause: null }
    case 'stopped':
      return { status: 'idle', cause: null }
    case 'connecting':
      // While it polls, or takes over from another tab, nothing has changed yet.
      return line.status === 'paused' || line.status === 'failed' ? { status: 'reconnecting' } : {}
    case 'synced':
      return { status: 'open', transport: event.transport, cause: null }
    case 'waiting':
      return event.isServed
        ? { status: 'open', transport: 'polling', cause: null }
        : { status: 'reconnecting', cause: event.cause }
    case 'paused':
      return { status: 'paused', pauseReason: event.reason }
    case 'failed':
      return { status: 'failed', cause: event.error }
  }
}
