import type { EventSourceMessage } from 'eventsource-parser'
import { isAfter } from '../../src/protocol/event-id.ts'

/**
 * What a test's sender and its pages know of one user, to be held against what the relay replays.
 *
 * A webhook says nothing but its user and a status, so it can't be recognised in a stream by a mark of its own. It can by its
 * place: a user has one sender, who has one webhook under way at a time and sends ADDED and ERROR in turn. So the event
 * at place k of the user is webhook k, and one that is missing, repeated or moved breaks the count or the turn.
 */
export class Account {
  readonly externalUserId: string
  /** Webhooks that were answered with 200. */
  acknowledged = 0
  /** Whether one more was sent that has not been answered with 200 yet: it may be stored, or not. */
  isOneUnderWay = false
  /** The page that opens a stream after each restart only. It sees each event in a replay. */
  readonly returning = new Page()
  /** The page that is connected while webhooks come. It sees most events live, and those that a kill took from it in a replay. */
  readonly staying = new Page()

  constructor(externalUserId: string) {
    this.externalUserId = externalUserId
  }

  /** The status of the webhook at a place, from 0. */
  static statusAt(place: number): 'ADDED' | 'ERROR' {
    return place % 2 === 0 ? 'ADDED' : 'ERROR'
  }
}

/** What a page has received of one user's stream, over all of its connections. */
export class Page {
  /** What it sends as Last-Event-ID. */
  cursor: string | undefined
  readonly ids: string[] = []
  readonly statuses: string[] = []
  outOfOrder = 0
  incomplete = 0

  receive(message: EventSourceMessage): void {
    const { event, id = '', data } = message
    const body: unknown = JSON.parse(data)
    if (event === 'sync') {
      if (!(body instanceof Object && 'complete' in body && body.complete === true)) this.incomplete++
    } else {
      if (this.cursor !== undefined && !isAfter(id, this.cursor)) this.outOfOrder++
      this.ids.push(id)
      this.statuses.push(body instanceof Object && 'status' in body ? String(body.status) : '')
    }
    this.cursor = id
  }
}

/** What is wrong with a user after a restart. All zeros is what the relay promises. */
export interface Findings {
  /** Acknowledged, and not replayed. */
  lost: number
  /** Events that are not the webhook of their place: one before them is missing, or came twice. */
  misplaced: number
  /** Stored more often than sent, under ids of their own. */
  doubled: number
  /** Ids that came twice to one page. */
  repeated: number
  /** Events whose id is not after the one before. */
  outOfOrder: number
  /** Places where one page saw another event than the other. */
  differing: number
  /** Times that a relay said it could not tell what a page had missed. */
  incomplete: number
}

/** Compares an account with its pages, when both have read up to `sync` and nothing is being sent. */
export function audit({ acknowledged, isOneUnderWay, returning, staying }: Account): Findings {
  const pages = [returning, staying]
  const { statuses, ids } = returning
  return {
    lost: Math.max(0, acknowledged - ids.length),
    misplaced: statuses.filter((status, place) => status !== Account.statusAt(place)).length,
    doubled: Math.max(0, ids.length - acknowledged - (isOneUnderWay ? 1 : 0)),
    repeated: sum(pages.map((page) => page.ids.length - new Set(page.ids).size)),
    outOfOrder: sum(pages.map((page) => page.outOfOrder)),
    differing:
      ids.filter((id, place) => id !== staying.ids[place]).length + Math.max(0, staying.ids.length - ids.length),
    incomplete: sum(pages.map((page) => page.incomplete)),
  }
}

export const NOTHING_WRONG: Findings = {
  lost: 0,
  misplaced: 0,
  doubled: 0,
  repeated: 0,
  outOfOrder: 0,
  differing: 0,
  incomplete: 0,
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
