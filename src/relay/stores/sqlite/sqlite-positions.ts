import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { EventClock } from '../../../protocol/event-clock.ts'
import { compareEventIds, type EventId } from '../../../protocol/event-id.ts'
import type { Shelf } from '../replay.ts'
import type { History } from '../store.ts'
import { userKey } from '../user-key.ts'
import { checksum } from './sqlite-file.ts'

/** How far ahead the floor is written, in milliseconds: a file that is read and not written to gets one commit in that time. */
const RESERVE = 1000

/** How long the mark of what was dropped is kept, in milliseconds: a year. A cursor from before that is not known any more. */
const MARKS_KEPT = 365 * 24 * 60 * 60 * 1000

/** Something of the user is missing up to there. */
interface Mark extends EventId {
  externalUserId: string
}

/**
 * The clock of a file, and from where on it has kept everything. The file has a floor that lies above every id, position and
 * time that was given out, so that none comes a second time and none falls, whatever the clock does over a restart.
 */
export class SqlitePositions {
  readonly clock: EventClock
  /** The millisecond in which the file was made: it tells its positions from those of every other store. */
  readonly #epoch: number
  readonly #since: EventId
  readonly #closed: Shelf['closed']
  readonly #saveFloor: StatementSync
  readonly #saveMark: StatementSync
  readonly #mark: StatementSync
  /** What is given out before this millisecond needs no write. */
  #floor: number

  /** Within a transaction. */
  constructor(database: DatabaseSync, { maxEvents }: Required<History>) {
    this.#saveMark = database.prepare(`
      INSERT INTO dropped VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT DO UPDATE SET ms = ?2, n = ?3, sum = ?4 WHERE (ms, n) < (?2, ?3)`)
    this.#saveFloor = database.prepare('UPDATE floor SET ms = ?1, n = ?2, sum = ?3')
    this.#mark = database.prepare('SELECT ms, n FROM dropped WHERE user_key = ?')
    const saveHistory = database.prepare('REPLACE INTO history VALUES (1, ?, ?, ?, ?, ?)')
    const writeHistory = () => {
      const values = [this.#epoch, this.#since.ms, this.#since.n, maxEvents]
      saveHistory.run(...values, checksum(values))
    }

    const floor = toId(database.prepare('SELECT ms, n FROM floor').get())
    const history = database.prepare('SELECT * FROM history').get()
    if (!floor || !history) {
      this.clock = new EventClock()
      this.#epoch = this.clock.now()
      this.#since = { ms: this.#epoch - 1, n: this.#epoch }
      this.#floor = this.#epoch
      database.prepare('REPLACE INTO floor VALUES (1, ?, 0, ?)').run(this.#epoch, checksum([this.#epoch, 0]))
      writeHistory()
      return
    }

    const newest = toId(database.prepare('SELECT ms, n FROM events ORDER BY ms DESC, n DESC LIMIT 1').get())
    this.clock = new EventClock(newest ? later(newest, floor) : floor)
    this.#floor = floor.ms
    this.#epoch = Number(history.epoch)
    this.#closed = { from: floor.ms, until: this.clock.position() }
    const before = { since: { ms: Number(history.ms), n: Number(history.n) }, maxEvents: Number(history.max_events) }
    if (maxEvents > before.maxEvents) this.#markTrimmed(database, before.maxEvents)
    const marks = this.#deleteOldMarks(database)
    this.#since = marks ? later(before.since, marks) : before.since
    if (maxEvents !== before.maxEvents || marks) writeHistory()
  }

  /** Raises the floor if need be, within a transaction. Returns the floor that holds once that is committed. */
  reserve(): number {
    const ms = this.clock.now()
    if (ms < this.#floor - RESERVE / 2) return this.#floor
    this.#writeFloor({ ms: ms + RESERVE, n: 0 })
    return ms + RESERVE
  }

  /** The transaction of a `reserve` was committed. */
  reserved(floor: number): void {
    this.#floor = floor
  }

  /** Whether a write is due before a position or the time is given out. */
  get isExhausted(): boolean {
    return this.clock.now() >= this.#floor
  }

  /** The floor as it is, for a clean end: the next start need not leave out what was reserved. Within a transaction. */
  release(): void {
    const ms = this.clock.now()
    const { given } = this.clock
    this.#writeFloor(given.ms === ms ? given : { ms, n: 0 })
  }

  /** Notes what is dropped, within the transaction that deletes it. */
  drop({ externalUserId, ms, n }: Mark): void {
    const key = userKey(externalUserId)
    this.#saveMark.run(key, ms, n, checksum([key, ms, n]))
  }

  /** What a cursor of a user is judged by. */
  of(externalUserId: string): Omit<Shelf, keyof History> {
    const mark = toId(this.#mark.get(userKey(externalUserId)))
    // On a disk that is full the floor can't rise, and no position may lie above it.
    const ms = Math.min(this.clock.position(), this.#floor - 1)
    return {
      epoch: this.#epoch,
      position: { ms, n: this.#epoch },
      now: this.clock.now(),
      since: mark ? later(mark, this.#since) : this.#since,
      ...(this.#closed && { closed: this.#closed }),
    }
  }

  #writeFloor({ ms, n }: EventId): void {
    this.#saveFloor.run(ms, n, checksum([ms, n]))
  }

  /** Where less was kept until now, one event more than that says that there may have been more. */
  #markTrimmed(database: DatabaseSync, maxEvents: number): void {
    const oldest = database.prepare(`
      SELECT external_user_id, ms, n FROM (
        SELECT external_user_id, ms, n,
          row_number() OVER (PARTITION BY external_user_id ORDER BY ms DESC, n DESC) AS nth
        FROM events
      ) WHERE nth = ?`)
    for (const row of oldest.all(maxEvents + 1)) {
      this.drop({ externalUserId: String(row.external_user_id), ms: Number(row.ms), n: Number(row.n) })
    }
  }

  /** Returns the last one of them. */
  #deleteOldMarks(database: DatabaseSync): EventId | null {
    const oldest = this.clock.now() - MARKS_KEPT
    const last = database.prepare('SELECT ms, n FROM dropped WHERE ms < ? ORDER BY ms DESC, n DESC LIMIT 1').get(oldest)
    if (last) database.prepare('DELETE FROM dropped WHERE ms < ?').run(oldest)
    return toId(last)
  }
}

function toId(row: Record<string, unknown> | undefined): EventId | null {
  return row ? { ms: Number(row.ms), n: Number(row.n) } : null
}

function later(one: EventId, other: EventId): EventId {
  return compareEventIds(one, other) < 0 ? other : one
}
