import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type EventId, formatEventId, parseEventId } from '../../../protocol/event-id.ts'
import { InvalidOptionsError } from '../../../protocol/invalid-options.ts'
import { endOfTurn } from '../../servers/turn.ts'
import { isTrimDue, outdated, parseHistory } from '../history.ts'
import { Listeners } from '../listeners.ts'
import { replay } from '../replay.ts'
import {
  type EventStore,
  type History,
  type Kept,
  type KeptDelivery,
  type NewEvent,
  type Replay,
  type SignOut,
  type StoredEvent,
  StoreUnavailableError,
} from '../store.ts'
import { userKey } from '../user-key.ts'
import { checksum, openSqliteFile, type SqliteFile } from './sqlite-file.ts'
import { SqlitePositions } from './sqlite-positions.ts'

export type { EventStore, History, Kept, KeptDelivery, NewEvent, Replay, SignOut, StoredEvent }

/** How often what is too old is deleted, in milliseconds. It counts as gone before that. */
const SWEEP_INTERVAL = 60_000

/** How many rows are looked at, or deleted, at a time, so that a large history does not hold up what is live. */
const SWEEP_ROWS = 1000

/** Names what `checkWritable` writes and deletes; no user is called that. */
const CHECK = '\u0000'

/** Work for the next commit: done within it, and then told how that went. */
interface Pending {
  work(): void
  committed(): void
  failed(error: unknown): void
}

/**
 * Keeps events in a SQLite file: what `append` has resolved survives `kill -9` and a loss of power
 * (`journal_mode=WAL`, `synchronous=FULL`). The appends of one tick share one commit.
 *
 * The file belongs to one process at a time; a second one is refused at once. It is read whole when it is opened (about 3 s
 * for a million events), so that damage is found before anything is served.
 *
 * @param file - path of the file; it is created where it does not exist.
 * @throws {StoreUnavailableError} if the file can't be opened, is in use, is damaged, or is not this package's.
 */
export function sqliteStore(file: string, history: History = {}): EventStore {
  if (typeof file !== 'string' || file === '' || file === ':memory:' || file.startsWith('file:')) {
    throw new InvalidOptionsError('sqliteStore: expected the path of a file, no URI; for memory there is memoryStore')
  }
  const parsed = parseHistory('sqliteStore', history)
  try {
    return new SqliteStore(openSqliteFile(file), parsed)
  } catch (error) {
    throw new StoreUnavailableError(`sqliteStore: ${file} can't be used: ${reason(error)}`, { cause: error })
  }
}

class SqliteStore implements EventStore {
  readonly #history: Required<History>
  readonly #file: SqliteFile
  readonly #database: DatabaseSync
  readonly #positions: SqlitePositions
  readonly #listeners = new Listeners<StoredEvent>()
  readonly #endingListeners = new Listeners<string>()
  readonly #claim: StatementSync
  readonly #insert: StatementSync
  readonly #count: StatementSync
  readonly #delete: StatementSync
  readonly #select: StatementSync
  readonly #erase: readonly StatementSync[]
  readonly #saveSignOut: StatementSync
  readonly #signedOutAt: StatementSync
  readonly #sweepTimer: NodeJS.Timeout
  /** Up to which event the sweep has looked at those that are no longer young, and at those that end a frame. */
  #swept: Readonly<{ maxAge: EventId; keepLatest: EventId }> = { maxAge: { ms: 0, n: 0 }, keepLatest: { ms: 0, n: 0 } }
  #pending: Pending[] = []

  constructor(file: SqliteFile, history: Required<History>) {
    this.#history = history
    this.#file = file
    this.#database = file.database
    const { database } = file
    try {
      this.#positions = file.write(() => new SqlitePositions(database))
      this.#claim = database.prepare(
        `INSERT INTO deliveries VALUES (?1, ?2, ?3, ?4, crc32(?1, ?2, ?3, ?4))
         ON CONFLICT DO UPDATE SET ms = ?4, sum = excluded.sum WHERE ms < ?5`,
      )
      this.#insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)')
      this.#select = database.prepare('SELECT ms, n, frame, data FROM events WHERE external_user_id = ? ORDER BY ms, n')
      this.#count = database.prepare('SELECT count(*) AS count FROM events WHERE external_user_id = ?')
      this.#delete = database.prepare('DELETE FROM events WHERE external_user_id = ? AND ms = ? AND n = ?')
      this.#erase = ['events', 'deliveries'].map((table) =>
        database.prepare(`DELETE FROM ${table} WHERE external_user_id = ?`),
      )
      this.#saveSignOut = database.prepare(`
        INSERT INTO signed_out VALUES (?1, ?2, ?3, crc32(?1, ?2, ?3))
        ON CONFLICT DO UPDATE SET
          at = max(at, ?2), until = max(until, ?3), sum = crc32(user_key, max(at, ?2), max(until, ?3))`)
      this.#signedOutAt = database.prepare('SELECT at FROM signed_out WHERE user_key = ? AND until > ?')
    } catch (error) {
      file.close()
      throw error
    }
    this.#sweepTimer = setInterval(() => this.#sweep(), SWEEP_INTERVAL).unref()
  }

  append(event: NewEvent, deliveryId: string | null = null): Promise<StoredEvent | null> {
    return new Promise((resolve, reject) => {
      let stored: StoredEvent | null = null
      this.#inNextCommit({
        work: () => {
          stored = this.#store(event, deliveryId)
        },
        committed: () => {
          if (stored) this.#listeners.tell(stored)
          resolve(stored)
        },
        failed: reject,
      })
    })
  }

  async since(externalUserId: string, lastEventId: string | null): Promise<Replay> {
    const kept = this.#eventsOf(externalUserId)
    this.#reserve()
    const known = this.#attempt('read', () => this.#positions.of(externalUserId))
    const answer = replay(kept, lastEventId, { ...this.#history, ...known })
    return { ...answer, signedOutAt: this.#lastSignOut(externalUserId) }
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  async forget(externalUserId: string): Promise<void> {
    this.#commit()
    this.#writeAndReserve(() => {
      for (const statement of this.#erase) statement.run(externalUserId)
      // An id of its own: above the ids of what is erased, and not above any that comes.
      this.#positions.drop({ externalUserId, ...this.#positions.clock.next() })
    })
    this.#endingListeners.tell(externalUserId)
    this.#attempt('erase', () => this.#file.purge())
  }

  signOut(externalUserId: string, { at, until }: SignOut): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#inNextCommit({
        work: () => {
          this.#saveSignOut.run(userKey(externalUserId), at, until)
        },
        committed: () => {
          this.#endingListeners.tell(externalUserId)
          resolve()
        },
        failed: reject,
      })
    })
  }

  signedOutAt(externalUserId: string): number | null {
    return this.#lastSignOut(externalUserId)
  }

  listenToEndings(listener: (externalUserId: string) => void): () => void {
    return this.#endingListeners.add(listener)
  }

  async kept(externalUserId: string): Promise<Kept> {
    const rows = this.#attempt('read', () => this.#database.prepare(DELIVERIES).all(externalUserId))
    const deliveries = rows.map(({ frame, name, ms }) => ({
      frame: String(frame),
      id: String(name),
      receivedAt: Number(ms),
    }))
    return { events: this.#eventsOf(externalUserId), deliveries }
  }

  /** Writes the pages that a webhook does: on a disk that is all but full, a smaller write would still find room. */
  checkWritable(): Promise<void> {
    const work = () => {
      this.#claim.run(CHECK, '', '', 0, 0)
      this.#insertRow(CHECK, 0, 0, '', '')
      for (const statement of this.#erase) statement.run(CHECK)
    }
    return new Promise((resolve, reject) => {
      this.#inNextCommit({ work, committed: resolve, failed: reject })
    })
  }

  async close(): Promise<void> {
    clearInterval(this.#sweepTimer)
    this.#commit()
    this.#file.close(() => this.#positions.release())
  }

  #eventsOf(externalUserId: string): StoredEvent[] {
    const rows = this.#attempt('read', () => this.#select.all(externalUserId))
    return rows.map((row) => ({
      externalUserId,
      id: formatEventId({ ms: Number(row.ms), n: Number(row.n) }),
      frame: String(row.frame),
      data: String(row.data),
    }))
  }

  #lastSignOut(externalUserId: string): number | null {
    const row = this.#attempt('read', () => this.#signedOutAt.get(userKey(externalUserId), Date.now()))
    return row ? Number(row.at) : null
  }

  #inNextCommit(pending: Pending): void {
    if (this.#pending.length === 0) void endOfTurn().then(() => this.#commit())
    this.#pending.push(pending)
  }

  /**
   * Ids are given here, in the same tick as the commit: an id given earlier could be lower than a cursor that was handed
   * out in between, and the event would be taken for one that had been seen.
   */
  #commit(): void {
    const batch = this.#pending
    if (batch.length === 0) return
    this.#pending = []
    try {
      this.#writeAndReserve(() => {
        for (const { work } of batch) work()
      })
    } catch (error) {
      for (const { failed } of batch) failed(error)
      return
    }
    for (const { committed } of batch) committed()
  }

  #store(event: NewEvent, deliveryId: string | null): StoredEvent | null {
    const { externalUserId, frame, data } = event
    if (deliveryId !== null && !this.#isFirst(externalUserId, frame, deliveryId)) return null
    const id = this.#positions.clock.next()
    this.#insertRow(externalUserId, id.ms, id.n, frame, data)
    if (isTrimDue(Number(this.#count.get(externalUserId)?.count), this.#history)) this.#trim(externalUserId)
    return { ...event, id: formatEventId(id) }
  }

  /** Deletes what does not count any more, within a transaction. */
  #trim(externalUserId: string): void {
    const dropped = outdated(this.#eventsOf(externalUserId), this.#positions.clock.now(), this.#history)
    const ids = dropped.map(({ id }) => parseEventId(id) ?? { ms: 0, n: 0 })
    for (const { ms, n } of ids) this.#delete.run(externalUserId, ms, n)
    const last = ids.at(-1)
    if (last) this.#positions.drop({ externalUserId, ...last })
  }

  #isFirst(externalUserId: string, frame: string, deliveryId: string): boolean {
    const now = this.#positions.clock.now()
    return this.#claim.run(externalUserId, frame, deliveryId, now, this.#oldest()).changes > 0
  }

  #insertRow(...values: [externalUserId: string, ms: number, n: number, frame: string, data: string]): void {
    this.#insert.run(...values, checksum(values))
  }

  /** What gives out ids is written together with a floor above them. */
  #writeAndReserve(work: () => void): void {
    const floor = this.#write(() => {
      work()
      return this.#positions.reserve()
    })
    this.#positions.reserved(floor)
  }

  /** Before a position or the time is given out: about once in a second the floor has to be raised for it. */
  #reserve(): void {
    if (!this.#positions.isExhausted) return
    try {
      this.#writeAndReserve(() => {})
    } catch {
      // Streams are served from a file that can't be written to, too: positions stay below the floor that it has.
    }
  }

  #write<T>(work: () => T): T {
    return this.#attempt('write', () => this.#file.write(work))
  }

  #attempt<T>(task: string, work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw new StoreUnavailableError(`sqliteStore: can't ${task}: ${reason(error)}`, { cause: error })
    }
  }

  /** What is too old stays until this works, and counts as gone. The next append finds out whether the file can be written to. */
  #sweep(): void {
    try {
      const { swept, rows } = this.#write(() => {
        const young = this.#sweepEvents('maxAge')
        const last = this.#sweepEvents('keepLatest')
        const deliveries = this.#database.prepare(SWEEP_DELIVERIES).run(this.#oldest(), SWEEP_ROWS).changes
        const signOuts = this.#database.prepare(SWEEP_SIGN_OUTS).run(Date.now(), SWEEP_ROWS).changes
        return {
          swept: { maxAge: young.upTo, keepLatest: last.upTo },
          rows: young.rows + last.rows + Number(deliveries) + Number(signOuts),
        }
      })
      this.#swept = swept
      if (rows >= SWEEP_ROWS) void endOfTurn().then(() => this.#sweep())
    } catch {}
  }

  /** Looks at the users who have an event that has become that old since the last time. */
  #sweepEvents(limit: 'maxAge' | 'keepLatest'): { upTo: EventId; rows: number } {
    const { ms, n } = this.#swept[limit]
    const before = this.#positions.clock.now() - this.#history[limit]
    const rows = this.#database.prepare(BECAME_OLD).all(ms, n, before, SWEEP_ROWS)
    for (const user of new Set(rows.map((row) => String(row.external_user_id)))) this.#trim(user)
    const last = rows.at(-1)
    return { upTo: last ? { ms: Number(last.ms), n: Number(last.n) } : { ms, n }, rows: rows.length }
  }

  #oldest(): number {
    return this.#positions.clock.now() - this.#history.maxAge
  }
}

const DELIVERIES = 'SELECT frame, name, ms FROM deliveries WHERE external_user_id = ? ORDER BY ms, frame, name'

const BECAME_OLD = 'SELECT external_user_id, ms, n FROM events WHERE (ms, n) > (?, ?) AND ms < ? ORDER BY ms, n LIMIT ?'
const SWEEP_DELIVERIES = `
  DELETE FROM deliveries WHERE (external_user_id, frame, name) IN (
    SELECT external_user_id, frame, name FROM deliveries WHERE ms < ? ORDER BY ms LIMIT ?
  )`
const SWEEP_SIGN_OUTS = `
  DELETE FROM signed_out WHERE user_key IN (
    SELECT user_key FROM signed_out WHERE until <= ? ORDER BY until LIMIT ?
  )`

function reason(error: unknown): string {
  // SQLite quotes the schema where it can't be read.
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ')
}
