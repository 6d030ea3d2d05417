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
  constructor(database: DatabaseSync) {
    this.#saveMark = database.prepare(`
      INSERT INTO dropped VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT DO UPDATE SET ms = ?2, n = ?3, sum = ?4 WHERE (ms, n) < (?2, ?3)`)
    this.#saveFloor = database.prepare('UPDATE floor SET ms = ?1, n = ?2, sum = ?3')
    this.#mark = database.prepare('SELECT ms, n FROM dropped WHERE user_key = ?')
    const saveBeginning = database.prepare('REPLACE INTO beginning VALUES (1, ?, ?, ?, ?)')
    const writeBeginning = () => {
      const values = [this.#epoch, this.#since.ms, this.#since.n]
      saveBeginning.run(...values, checksum(values))
    }

    const floor = toId(database.prepare('SELECT ms, n FROM floor').get())
    const beginning = database.prepare('SELECT * FROM beginning').get()
    if (!floor || !beginning) {
      this.clock = new EventClock()
      this.#epoch = this.clock.now()
      this.#since = { ms: this.#epoch - 1, n: this.#epoch }
      this.#floor = this.#epoch
      database.prepare('REPLACE INTO floor VALUES (1, ?, 0, ?)').run(this.#epoch, checksum([this.#epoch, 0]))
      writeBeginning()
      return
    }

    const newest = toId(database.prepare('SELECT ms, n FROM events ORDER BY ms DESC, n DESC LIMIT 1').get())
    this.clock = new EventClock(newest ? later(newest, floor) : floor)
    this.#floor = floor.ms
    this.#epoch = Number(beginning.epoch)
    this.#closed = { from: floor.ms, until: this.clock.position() }
    const since = { ms: Number(beginning.ms), n: Number(beginning.n) }
    const marks = this.#deleteOldMarks(database)
    this.#since = marks ? later(since, marks) : since
    if (marks) writeBeginning()
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
