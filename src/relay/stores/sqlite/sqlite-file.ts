import { closeSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { hidesCommits } from './sqlite-log.ts'

/** Marks the files of this package ("KYCU"), so that another program's database is never written to. */
const APPLICATION_ID = 0x4b594355
const SCHEMA_VERSION = 6

/** A row with a byte that has changed breaks its own constraint, which `integrity_check` reads. */
const SCHEMA = `
  CREATE TABLE events (
    external_user_id TEXT NOT NULL,
    ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    frame TEXT NOT NULL,
    data TEXT NOT NULL,
    sum INTEGER NOT NULL CHECK (sum = crc32(external_user_id, ms, n, frame, data)),
    PRIMARY KEY (external_user_id, ms, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_by_time ON events (ms, n);
  CREATE TABLE deliveries (
    external_user_id TEXT NOT NULL,
    frame TEXT NOT NULL,
    name TEXT NOT NULL,
    ms INTEGER NOT NULL,
    sum INTEGER NOT NULL CHECK (sum = crc32(external_user_id, frame, name, ms)),
    PRIMARY KEY (external_user_id, frame, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_by_time ON deliveries (ms);
  CREATE TABLE floor (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    sum INTEGER NOT NULL CHECK (sum = crc32(ms, n))
  ) STRICT;
  CREATE TABLE history (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    max_events INTEGER NOT NULL,
    sum INTEGER NOT NULL CHECK (sum = crc32(epoch, ms, n, max_events))
  ) STRICT;
  CREATE TABLE dropped (
    user_key INTEGER PRIMARY KEY,
    ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    sum INTEGER NOT NULL CHECK (sum = crc32(user_key, ms, n))
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/** A database that this process alone has open, known to be whole, and whether it is still where it was. */
export interface SqliteFile {
  database: DatabaseSync
  /** Whether the file and its log stand in their folder as they were opened. */
  isInPlace(): boolean
}

/** @throws {Error} if it can't be opened, is in use, is damaged, or is not this package's. */
export function openSqliteFile(file: string): SqliteFile {
  createPrivate(file)
  const path = realpathSync(file)
  const log = `${path}-wal`
  refuseDamagedLog(path, log)
  const database = openDatabase(path)
  const places = [path, log].map((name) => ({ name, inode: inode(name) }))
  return { database, isInPlace: () => places.every(({ name, inode: opened }) => inode(name) === opened) }
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

/** Before SQLite sees the log: what it can't read of it, it drops, and all of it where the file itself is empty. */
function refuseDamagedLog(path: string, log: string): void {
  if (inode(log) === null) return
  const bytes = readFileSync(log)
  if (bytes.length > 0 && statSync(path).size === 0) throw new Error('it is empty, and its log (-wal) is not')
  // Where a process was writing in the meantime, SQLite says next that it has the file open.
  if (hidesCommits(bytes) && bytes.equals(readFileSync(log))) throw new Error('it is damaged: its log (-wal) is')
}

/** The `sum` of a row. */
export function checksum(values: readonly unknown[]): number {
  return crc32(values.join('\0'))
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 1000 })
  try {
    database.function('crc32', { deterministic: true, varargs: true }, (...values) => checksum(values))
    // The exclusive lock comes first, so that a second process meets it before it reads anything.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    database.exec('BEGIN EXCLUSIVE')
    const isNew = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
    const applicationId = Number(database.prepare('PRAGMA application_id').get()?.application_id)
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
    if (!isNew && applicationId !== APPLICATION_ID) throw new Error('it is the database of another program')
    if (!isNew && version !== SCHEMA_VERSION) {
      const found = `it was written by another version (schema ${version}, this one knows ${SCHEMA_VERSION})`
      throw new Error(`${found}: move it away, and a new one is made, or use the version that wrote it`)
    }
    if (isNew) database.exec(SCHEMA)
    const damage = String(database.prepare('PRAGMA integrity_check(1)').get()?.integrity_check)
    if (damage !== 'ok') throw new Error(`it is damaged: ${damage}`)
    database.exec('COMMIT')
    // Only now: another program's file was not touched. The empty commit makes the log.
    database.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Tells a file from every other one; `null` where there is none. */
function inode(name: string): string | null {
  const stats = statSync(name, { throwIfNoEntry: false })
  return stats ? `${stats.dev}:${stats.ino}` : null
}
