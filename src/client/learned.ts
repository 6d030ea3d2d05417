import { isAfter } from '../protocol/event-id.ts'
import type { Sync } from '../protocol/frames.ts'
import { type Attempt, countEvent, startByRelayClock } from './attempt.ts'
import { attemptState, type KycFileStatus, latestState, type ReceivedEvent } from './upload-state.ts'

/** What has been learned of one user. Each function here takes one and gives the next. */
export interface Learned {
  readonly attempt: Attempt | null
  readonly latest: ReceivedEvent | null
  /** The position of the stream that has been read; `null` before the first `sync`. */
  readonly cursor: string | null
  /** The highest position ever read: what is told of the stream rises, also when another store takes over whose clock is behind. */
  readonly highest: string | null
}

export const nothingLearned: Learned = { attempt: null, latest: null, cursor: null, highest: null }

/** An event that happens now. One that has been read before changes nothing. */
export function learnEvent(learned: Learned, event: ReceivedEvent): Learned {
  if (!isAfter(event.id, learned.cursor ?? '')) return learned
  return rise({
    ...learned,
    latest: event,
    cursor: event.id,
    attempt: learned.attempt && countEvent(learned.attempt, event),
  })
}

/**
 * A replay, as one change, so that nobody sees the states it passed through.
 *
 * @param from - where the stream resumed.
 * @param held - the id of the attempt whose upload is held back until the position of the stream is known.
 */
export function learnReplay(
  learned: Learned,
  {
    replay,
    sync,
    from,
    held,
  }: { replay: readonly ReceivedEvent[]; sync: Sync; from: string | null; held: string | null },
): Learned {
  // Another store, whose clock is behind: its ids can't be compared with those that were known.
  const isOtherStore = !sync.complete && from !== null && isAfter(from, sync.cursor)
  const fresh = isOtherStore ? replay : replay.filter((event) => isAfter(event.id, learned.cursor ?? ''))
  const placed = isOtherStore || learned.attempt?.cursor === null ? place(learned.attempt, sync, held) : learned.attempt
  const counted = placed && fresh.reduce(countEvent, placed)
  return rise({
    ...learned,
    latest: fresh.at(-1) ?? learned.latest,
    cursor: sync.cursor,
    // What lies up to here is counted, and here the relay can resume.
    attempt: counted && { ...counted, cursor: sync.cursor },
  })
}

/** What the relay knew before is asked for anew. */
export function unlearn(learned: Learned): Learned {
  return { ...learned, attempt: null, latest: null, cursor: null }
}

/** Says what is known; `null` until the relay has been heard, unless an attempt is waiting. */
export function statusOf(externalUserId: string, { attempt, latest, cursor, highest }: Learned): KycFileStatus | null {
  if (attempt) return attemptState(externalUserId, attempt, highest ?? attempt.cursor ?? '0-0')
  return cursor === null || highest === null ? null : latestState(externalUserId, latest, highest)
}

/** Gives an attempt the point from which it counts. */
function place(attempt: Attempt | null, sync: Sync, held: string | null): Attempt | null {
  return attempt && { ...attempt, cursor: held === attempt.id ? sync.cursor : startByRelayClock(attempt, sync) }
}

function rise(learned: Learned): Learned {
  const { cursor, highest } = learned
  return cursor !== null && isAfter(cursor, highest ?? '') ? { ...learned, highest: cursor } : learned
}
