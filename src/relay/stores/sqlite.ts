import { closeSync, openSync, realpathSync, statSync } from 'node:fs'
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { formatEventId } from '../../protocol/event-id.ts'
import { InvalidOptionsError } from '../../protocol/options.ts'
import {
  type EventStore,
  type History,
  type NewEvent,
  type Replay,
  type StoredEvent,
  StoreUnavailableError,
} from '../store.ts'
import { EventClock } from './event-clock.ts'
import { Listeners } from './listeners.ts'
import { newOpening, type Opening, parseHistory, replay } from './replay.ts'

/** Marks the files of this package ("KYCU"), so that another program's database is never written to. */
const APPLICATION_ID = 0x4b594355
const SCHEMA_VERSION = 2
const SCHEMA = `
  CREATE TABLE events (
    external_user_id TEXT NOT NULL,
    ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    frame TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (external_user_id, ms, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_by_time ON events (ms, n);
  CREATE TABLE deliveries (id TEXT PRIMARY KEY, ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_by_time ON deliveries (ms);
  CREATE TABLE openings (
    seq INTEGER PRIMARY KEY,
    tag INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    max_events INTEGER NOT NULL,
    max_age REAL NOT NULL
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/** How often what is too old is deleted, in milliseconds. It counts as gone before that. */
const SWEEP_INTERVAL = 60_000

/** How many rows are deleted at a time, so that a large history does not hold up what is live. */
const SWEEP_ROWS = 1000

/** How many openings are remembered. A file that was opened more often while someone was away says `complete: false`. */
const MAX_OPENINGS = 1000

/** Names what `checkWritable` writes and deletes; no user is called that, and no delivery. */
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
 * The file belongs to one process at a time; a second one is refused at once.
 *
 * @param file - path of the file; it is created where it does not exist.
 * @throws {StoreUnavailableError} if the file can't be opened, is in use, or is not this package's.
 */
export function sqliteStore(file: string, history: History = {}): EventStore {
  if (typeof file !== 'string' || file === '' || file === ':memory:' || file.startsWith('file:')) {
    throw new InvalidOptionsError('sqliteStore: expected the path of a file, no URI; for memory there is memoryStore')
  }
  return new SqliteStore(file, parseHistory('sqliteStore', history))
}

class SqliteStore implements EventStore {
  readonly #history: Required<History>
  readonly #database: DatabaseSync
  /** The file and its log, as they stood in their folder when they were opened. */
  readonly #places: readonly Place[]
  readonly #clock: EventClock
  readonly #openings: readonly [...Opening[], Opening]
  readonly #listeners = new Listeners()
  readonly #claim: StatementSync
  readonly #insert: StatementSync
  readonly #trim: StatementSync
  readonly #select: StatementSync
  readonly #uncheck: readonly StatementSync[]
  readonly #sweepTimer: NodeJS.Timeout
  #pending: Pending[] = []

  constructor(file: string, history: Required<History>) {
    this.#history = history
    try {
      this.#database = open(file)
    } catch (error) {
      throw unusable(file, error)
    }
    const database = this.#database
    try {
      const path = realpathSync(file)
      this.#places = [path, `${path}-wal`].map((name) => ({ name, inode: inode(name) }))
      this.#openings = recordOpening(database, history)
      this.#clock = new EventClock(this.#openings.at(-1)?.from)
      this.#claim = database.prepare(
        'INSERT INTO deliveries VALUES (?1, ?2) ON CONFLICT DO UPDATE SET ms = ?2 WHERE ms < ?3',
      )
      this.#insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)')
      this.#select = database.prepare('SELECT ms, n, frame, data FROM events WHERE external_user_id = ? ORDER BY ms, n')
      this.#trim = database.prepare(`
        DELETE FROM events WHERE external_user_id = ?1 AND (ms, n) <= (
          SELECT ms, n FROM events WHERE external_user_id = ?1 ORDER BY ms DESC, n DESC LIMIT 1 OFFSET ?2
        )`)
      this.#uncheck = [
        database.prepare('DELETE FROM events WHERE external_user_id = ?'),
        database.prepare('DELETE FROM deliveries WHERE id = ?'),
      ]
    } catch (error) {
      database.close()
      throw unusable(file, error)
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
    const rows = this.#attempt('read', () => this.#select.all(externalUserId))
    const kept = rows.map((row) => ({
      externalUserId,
      id: formatEventId({ ms: Number(row.ms), n: Number(row.n) }),
      frame: String(row.frame),
      data: String(row.data),
    }))
    return replay(kept, lastEventId, {
      now: Date.now(),
      position: this.#clock.position(),
      openings: this.#openings,
    })
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  async forget(externalUserId: string): Promise<void> {
    this.#commit()
    this.#write(() => this.#database.prepare('DELETE FROM events WHERE external_user_id = ?').run(externalUserId))
    // What was erased may still stand in pages that were split, and in the log until it is written back.
    this.#attempt('erase', () => this.#database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'))
  }

  /** Writes the pages that a webhook does: on a disk that is all but full, a smaller write would still find room. */
  checkWritable(): Promise<void> {
    const work = () => {
      this.#claim.run(CHECK, 0, 0)
      this.#insert.run(CHECK, 0, 0, '', '')
      for (const statement of this.#uncheck) statement.run(CHECK)
    }
    return new Promise((resolve, reject) => {
      this.#inNextCommit({ work, committed: resolve, failed: reject })
    })
  }

  async close(): Promise<void> {
    clearInterval(this.#sweepTimer)
    this.#commit()
    if (this.#database.isOpen) this.#database.close()
  }

  #inNextCommit(pending: Pending): void {
    if (this.#pending.length === 0) setImmediate(() => this.#commit())
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
      this.#write(() => {
        for (const { work } of batch) work()
      })
    } catch (error) {
      for (const { failed } of batch) failed(error)
      return
    }
    for (const { committed } of batch) committed()
  }

  #store(event: NewEvent, deliveryId: string | null): StoredEvent | null {
    if (deliveryId !== null && this.#claim.run(deliveryId, Date.now(), this.#oldest()).changes === 0) return null
    const id = this.#clock.next()
    this.#insert.run(event.externalUserId, id.ms, id.n, event.frame, event.data)
    this.#trim.run(event.externalUserId, this.#history.maxEvents + 1)
    return { ...event, id: formatEventId(id) }
  }

  #write<T>(work: () => T): T {
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      const result = work()
      // SQLite would go on writing to what has no name any more, and it would be gone with the process.
      if (this.#places.some(({ name, inode: opened }) => inode(name) !== opened)) {
        throw new Error('the file or its log was removed or replaced')
      }
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      this.#rollback()
      throw new StoreUnavailableError(`sqliteStore: can't write: ${reason(error)}`, { cause: error })
    }
  }

  #rollback(): void {
    try {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK')
    } catch {
      // The next write fails too, then, and says why.
    }
  }

  #attempt<T>(task: string, work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw new StoreUnavailableError(`sqliteStore: can't ${task}: ${reason(error)}`, { cause: error })
    }
  }

  /** Whether it can be done says the next append; until then what is too old stays, and counts as gone. */
  #sweep(): void {
    const oldest = this.#oldest()
    try {
      const swept = this.#write(() =>
        SWEEPS.reduce((rows, sweep) => rows + Number(this.#database.prepare(sweep).run(oldest, SWEEP_ROWS).changes), 0),
      )
      if (swept >= SWEEP_ROWS) setImmediate(() => this.#sweep())
    } catch {}
  }

  #oldest(): number {
    return Date.now() - this.#history.maxAge
  }
}

const SWEEPS = [
  `DELETE FROM events WHERE (external_user_id, ms, n) IN (
    SELECT external_user_id, ms, n FROM events WHERE ms < ? ORDER BY ms, n LIMIT ?
  )`,
  'DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE ms < ? ORDER BY ms LIMIT ?)',
]

function open(file: string): DatabaseSync {
  createPrivate(file)
  const database = new DatabaseSync(file, { timeout: 1000 })
  try {
    // The exclusive lock comes first, so that a second process meets it before it reads anything.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    database.exec('BEGIN EXCLUSIVE')
    const isNew = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
    const applicationId = Number(database.prepare('PRAGMA application_id').get()?.application_id)
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
    if (!isNew && applicationId !== APPLICATION_ID) throw new Error('it is the database of another program')
    if (!isNew && version !== SCHEMA_VERSION) {
      throw new Error(`it was written by another version (schema ${version}, this one knows ${SCHEMA_VERSION})`)
    }
    if (isNew) database.exec(SCHEMA)
    const damage = String(database.prepare('PRAGMA quick_check(1)').get()?.quick_check)
    if (damage !== 'ok') throw new Error(`it is damaged: ${damage.replaceAll('\n', ' ')}`)
    database.exec('COMMIT')
    // Only now: another program's file was not touched. The empty commit makes the log.
    database.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * It says who is waiting for an answer, which is not for every user of the machine to read. A file that is there is left
 * alone: to close it here would let go of the lock that this process may have on it (POSIX, `fcntl`).
 */
function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** A file in its folder. */
interface Place {
  name: string
  inode: string | null
}

/** Tells a file from every other one; `null` where there is none. */
function inode(name: string): string | null {
  const stats = statSync(name, { throwIfNoEntry: false })
  return stats ? `${stats.dev}:${stats.ino}` : null
}

/** Notes that the file is open from now on, and returns each time that it was. */
function recordOpening(database: DatabaseSync, history: Required<History>): [...Opening[], Opening] {
  const latest = database
    .prepare('SELECT ms, n FROM events UNION ALL SELECT ms, n FROM openings ORDER BY ms DESC, n DESC LIMIT 1')
    .get()
  const now = newOpening(latest ? { ms: Number(latest.ms), n: Number(latest.n) } : { ms: 0, n: 0 }, history)
  database
    .prepare('INSERT INTO openings (tag, ms, n, max_events, max_age) VALUES (?, ?, ?, ?, ?)')
    .run(now.tag, now.from.ms, now.from.n, now.maxEvents, now.maxAge)
  database.prepare('DELETE FROM openings WHERE seq <= (SELECT max(seq) FROM openings) - ?').run(MAX_OPENINGS)
  const before = database.prepare('SELECT * FROM openings WHERE tag <> ? ORDER BY seq').all(now.tag)
  return [...before.map(toOpening), now]
}

function toOpening({ tag, ms, n, max_events, max_age }: Record<string, SQLOutputValue>): Opening {
  return {
    tag: Number(tag),
    from: { ms: Number(ms), n: Number(n) },
    maxEvents: Number(max_events),
    maxAge: Number(max_age),
  }
}

function unusable(file: string, error: unknown): StoreUnavailableError {
  return new StoreUnavailableError(`sqliteStore: ${file} can't be used: ${reason(error)}`, { cause: error })
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message === 'database is locked' ? 'another process has it open' : message
}
