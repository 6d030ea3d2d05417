import { DatabaseSync, type StatementSync } from 'node:sqlite'
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
import { newTag, parseHistory, replay } from './replay.ts'

/** Marks the files of this package ("KYCU"), so that another program's database is never written to. */
const APPLICATION_ID = 0x4b594355
const SCHEMA_VERSION = 1
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
  CREATE TABLE store (tag INTEGER NOT NULL, checked_at INTEGER NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/** How often events that are too old are deleted, in milliseconds. They count as gone before that. */
const SWEEP_INTERVAL = 60_000

interface Pending {
  event: NewEvent
  deliveryId: string | null
  resolve(stored: StoredEvent | null): void
  reject(error: unknown): void
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
  readonly #clock: EventClock
  readonly #tag: number
  readonly #listeners = new Listeners()
  readonly #claim: StatementSync
  readonly #insert: StatementSync
  readonly #trim: StatementSync
  readonly #select: StatementSync
  #pending: Pending[] = []
  #sweptAt = 0

  constructor(file: string, history: Required<History>) {
    this.#history = history
    try {
      this.#database = open(file)
    } catch (error) {
      throw unusable(file, error)
    }
    const database = this.#database
    try {
      const last = database.prepare('SELECT ms, n FROM events ORDER BY ms DESC, n DESC LIMIT 1').get()
      this.#clock = new EventClock(last && { ms: Number(last.ms), n: Number(last.n) })
      this.#tag = readTag(database)
      this.#claim = database.prepare('INSERT INTO deliveries VALUES (?, ?) ON CONFLICT DO NOTHING')
      this.#insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)')
      this.#select = database.prepare('SELECT ms, n, frame, data FROM events WHERE external_user_id = ? ORDER BY ms, n')
      this.#trim = database.prepare(`
        DELETE FROM events WHERE external_user_id = ?1 AND (ms, n) <= (
          SELECT ms, n FROM events WHERE external_user_id = ?1 ORDER BY ms DESC, n DESC LIMIT 1 OFFSET ?2
        )`)
    } catch (error) {
      database.close()
      throw unusable(file, error)
    }
  }

  append(event: NewEvent, deliveryId: string | null = null): Promise<StoredEvent | null> {
    return new Promise((resolve, reject) => {
      if (this.#pending.length === 0) setImmediate(() => this.#commit())
      this.#pending.push({ event, deliveryId, resolve, reject })
    })
  }

  async since(externalUserId: string, lastEventId: string | null): Promise<Replay> {
    const rows = this.#read(() => this.#select.all(externalUserId))
    const kept = rows.map((row) => ({
      externalUserId,
      id: formatEventId({ ms: Number(row.ms), n: Number(row.n) }),
      frame: String(row.frame),
      data: String(row.data),
    }))
    return replay(kept, lastEventId, {
      maxEvents: this.#history.maxEvents,
      oldest: Date.now() - this.#history.maxAge,
      position: this.#clock.position(),
      tag: this.#tag,
    })
  }

  listen(listener: (event: StoredEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  async forget(externalUserId: string): Promise<void> {
    this.#commit()
    this.#write(() => this.#database.prepare('DELETE FROM events WHERE external_user_id = ?').run(externalUserId))
    // What was erased still stands in the log until it is written back.
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  async checkWritable(): Promise<void> {
    this.#write(() => this.#database.prepare('UPDATE store SET checked_at = ?').run(Date.now()))
  }

  async close(): Promise<void> {
    this.#commit()
    if (this.#database.isOpen) this.#database.close()
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
      const stored = this.#write(() => batch.map(({ event, deliveryId }) => this.#store(event, deliveryId)))
      for (const [i, event] of stored.entries()) {
        if (event) this.#listeners.tell(event)
        batch[i]?.resolve(event)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  #store(event: NewEvent, deliveryId: string | null): StoredEvent | null {
    if (deliveryId !== null && this.#claim.run(deliveryId, Date.now()).changes === 0) return null
    const id = this.#clock.next()
    this.#insert.run(event.externalUserId, id.ms, id.n, event.frame, event.data)
    this.#trim.run(event.externalUserId, this.#history.maxEvents + 1)
    return { ...event, id: formatEventId(id) }
  }

  #write<T>(work: () => T): T {
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      const result = work()
      this.#sweep()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw new StoreUnavailableError(`sqliteStore: can't write: ${reason(error)}`, { cause: error })
    }
  }

  #read<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw new StoreUnavailableError(`sqliteStore: can't read: ${reason(error)}`, { cause: error })
    }
  }

  #sweep(): void {
    const now = Date.now()
    if (now - this.#sweptAt < SWEEP_INTERVAL) return
    for (const table of ['events', 'deliveries']) {
      this.#database.prepare(`DELETE FROM ${table} WHERE ms < ?`).run(now - this.#history.maxAge)
    }
    this.#sweptAt = now
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 1000 })
  try {
    // The exclusive lock comes first, so that a second process meets it before it reads anything.
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON',
    )
    database.exec('BEGIN IMMEDIATE')
    const isNew = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
    const applicationId = Number(database.prepare('PRAGMA application_id').get()?.application_id)
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
    if (!isNew && applicationId !== APPLICATION_ID) throw new Error('it is the database of another program')
    if (version > SCHEMA_VERSION) {
      throw new Error(`it was written by a newer version (schema ${version}, this one knows ${SCHEMA_VERSION})`)
    }
    if (isNew) {
      database.exec(SCHEMA)
      database.prepare('INSERT INTO store VALUES (?, 0)').run(newTag())
    }
    database.exec('COMMIT')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Marks the cursors of this file; one without it is damaged. */
function readTag(database: DatabaseSync): number {
  const tag = database.prepare('SELECT tag FROM store').get()?.tag
  if (typeof tag !== 'number') throw new Error('it is damaged')
  return tag
}

function unusable(file: string, error: unknown): StoreUnavailableError {
  return new StoreUnavailableError(`sqliteStore: ${file} can't be used: ${reason(error)}`, { cause: error })
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message === 'database is locked' ? 'another process has it open' : message
}
