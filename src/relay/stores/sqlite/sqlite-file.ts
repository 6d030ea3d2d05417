import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { HEADER, hidesCommits, isEmpty, isHeaderRight } from './sqlite-log.ts'

/** Marks the files of this package ("KYCU"), so that another program's database is never written to. */
const APPLICATION_ID = 0x4b594355
const SCHEMA_VERSION = 8

/**
 * Added to the schema version of a file while commits may stand in its log alone. The file itself says so, so that a log
 * that is gone is missed. It says so only while the log has a commit, because a process can be killed at any moment.
 */
const IN_USE = 0x10000
/** Where SQLite keeps that in the first page, and the application id: https://sqlite.org/fileformat2.html#the_database_header. */
const VERSION_AT = 60
const APPLICATION_ID_AT = 68
const FILE_HEADER = 100

const WHAT_TO_DO =
  'put file and log back from a copy that was made while no relay ran, or move both away, and a new file is made'
const CHANGED =
  'the file or its log (-wal) was removed, replaced or changed by somebody else: nothing is stored before the next start'

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
  CREATE TABLE beginning (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    sum INTEGER NOT NULL CHECK (sum = crc32(epoch, ms, n))
  ) STRICT;
  CREATE TABLE dropped (
    user_key INTEGER PRIMARY KEY,
    ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    sum INTEGER NOT NULL CHECK (sum = crc32(user_key, ms, n))
  ) STRICT;
  CREATE TABLE signed_out (
    user_key INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    sum INTEGER NOT NULL CHECK (sum = crc32(user_key, at, until))
  ) STRICT;
  CREATE INDEX signed_out_by_end ON signed_out (until);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/** The files that are open in this process. A bundler, or a reload, may have made several of this module, which share it. */
const openHere = sharedSet(Symbol.for('kyc-upload-status.sqlite'))

function sharedSet(name: symbol): Set<string> {
  const shared = globalThis as unknown as Record<symbol, Set<string> | undefined>
  shared[name] ??= new Set()
  return shared[name]
}

/** A database that this process alone has open, known to be whole. */
export class SqliteFile {
  readonly database: DatabaseSync
  readonly #path: string
  readonly #name: string
  /** Both stay open as long as the database does. */
  readonly #handles: { file: number; log: number }
  /** As this process has left them. */
  #seen: Seen
  /** Whether the file says that it is in use. */
  #isMarked: boolean

  /** @param handle - of the file, which is closed with the database. */
  constructor(path: string, handle: number, database: DatabaseSync) {
    this.#path = path
    this.#name = inode(fstatSync(handle))
    this.database = database
    this.#handles = { file: handle, log: openSync(logOf(path), 'r+') }
    this.#seen = this.#look()
    this.#isMarked = isInUse(readFileHeader(handle)) && versionOf(database) >= IN_USE
    if (!this.#isMarked) this.#mark()
    openHere.add(this.#name)
  }

  /**
   * Does the work within one commit, which is on the disk then.
   *
   * SQLite would go on writing to what has no name any more, or what somebody has emptied, and it would be gone with the
   * process. So both are looked at before, and again after, because a commit takes a while.
   *
   * @throws {Error} if nothing of it may count.
   */
  write<T>(work: () => T): T {
    if (!this.database.isOpen) throw new Error('it is closed')
    if (!isUntouched(this.#seen, this.#look())) throw new Error(CHANGED)
    if (!this.#isMarked) this.#mark()
    let result: T
    try {
      this.database.exec('BEGIN IMMEDIATE')
      result = work()
      this.database.exec('COMMIT')
    } catch (error) {
      this.#rollback()
      this.#keepWatch()
      throw error
    }
    if (!this.#keepWatch()) throw new Error(CHANGED)
    return result
  }

  /** Takes what was deleted out of file and log: until then it may still stand in pages that were split. */
  purge(): void {
    this.#isMarked = false
    this.#maintain(`PRAGMA user_version = ${SCHEMA_VERSION}; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)`)
    this.#mark()
  }

  /** @param work - done within the last commit, if there can be one. */
  close(work: () => void = () => {}): void {
    if (!this.database.isOpen) return
    try {
      if (this.#isWhole()) this.#unmark(work)
      // SQLite would write what stands in the log now into the file, whatever it is. It does not read beyond the end.
      else if (!this.#isOwnLog()) ftruncateSync(this.#handles.log)
    } catch {
      this.#rollback()
    }
    this.database.close()
    openHere.delete(this.#name)
    for (const handle of Object.values(this.#handles)) closeSync(handle)
  }

  #mark(): void {
    // First into the log, and from there into the file.
    this.#maintain(`PRAGMA user_version = ${SCHEMA_VERSION + IN_USE}; PRAGMA wal_checkpoint(PASSIVE)`)
    this.#isMarked = true
  }

  /** File and log may shrink by this: it is SQLite that does it. */
  #maintain(statements: string): void {
    try {
      this.database.exec(statements)
    } finally {
      this.#seen = this.#look()
    }
  }

  #unmark(work: () => void): void {
    // The log is written from its beginning then, which needs no room on a disk that is full.
    this.database.exec('PRAGMA wal_checkpoint(PASSIVE); BEGIN IMMEDIATE')
    work()
    this.database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
  }

  #rollback(): void {
    try {
      if (this.database.isOpen && this.database.isTransaction) this.database.exec('ROLLBACK')
    } catch {
      // The next write fails too, then, and says why.
    }
  }

  /** Takes file and log as they are for what this process has made of them, unless somebody has taken from them. */
  #keepWatch(): boolean {
    const now = this.#look()
    if (!isContinued(this.#seen, now)) return false
    this.#seen = now
    return true
  }

  #look(): Seen {
    const place = (name: string) => statSync(name, { throwIfNoEntry: false })
    return {
      file: place(this.#path),
      log: place(logOf(this.#path)),
      logHeader: readBeginning(this.#handles.log, HEADER),
    }
  }

  /** Whether both are as they were left, by whatever name: a log that was removed is still there for who has it open. */
  #isWhole(): boolean {
    const { file, log } = this.#handles
    const now = { file: fstatSync(file), log: fstatSync(log), logHeader: readBeginning(log, HEADER) }
    return isUntouched(this.#seen, now)
  }

  #isOwnLog(): boolean {
    return readBeginning(this.#handles.log, HEADER).equals(this.#seen.logHeader)
  }
}

/** @throws {Error} if it can't be opened, is in use, is damaged, or is not this package's. */
export function openSqliteFile(file: string): SqliteFile {
  createPrivate(file)
  const path = realpathSync(file)
  const name = inode(statSync(path))
  const handle = kept.get(name) ?? openSync(path, 'r')
  kept.delete(name)
  let database: DatabaseSync | null = null
  try {
    refuseDamagedLog(path, handle)
    database = new DatabaseSync(path, { timeout: 1000 })
    prepare(database)
    return new SqliteFile(path, handle, database)
  } catch (error) {
    if (isLocked(error)) kept.set(name, handle)
    else unmarkRefused(database)
    database?.close()
    if (!isLocked(error)) closeSync(handle)
    throw isLocked(error) ? new Error(openHere.has(name) ? OPEN_HERE : OPEN_ELSEWHERE, { cause: error }) : error
  }
}

/**
 * Files that somebody else has open, who may be in this process. To close one would let go of the locks that this process
 * has on it (POSIX, `fcntl`).
 */
const kept = new Map<string, number>()

const OPEN_ELSEWHERE = 'another process has it open'
const OPEN_HERE =
  'this process has it open already: let all of it share one store, also what was bundled or loaded twice'

/** Whether somebody else has the file open. */
function isLocked(error: unknown): boolean {
  return error instanceof Error && error.message === 'database is locked'
}

/**
 * It says who is waiting for an answer, which is not for every user of the machine to read. A file that is there is left
 * alone, for its locks.
 */
function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Before SQLite sees the log: it drops what it can't read of it, and all of it where the file itself is empty. */
function refuseDamagedLog(path: string, handle: number): void {
  const look = () => ({ header: readFileHeader(handle), log: readIfThere(logOf(path)) })
  const seen = look()
  const complaint = complainOf(seen)
  if (complaint === null) return
  const again = look()
  // Where a process was writing in the meantime, SQLite says next that it has the file open.
  if (seen.header.equals(again.header) && isSameLog(seen.log, again.log)) throw new Error(complaint)
}

function complainOf({ header, log }: { header: Buffer; log: Buffer | null }): string | null {
  if (header.length === 0 && log !== null && log.length > 0)
    return `it is empty, and its log (-wal) is not: ${WHAT_TO_DO}`
  if (!isInUse(header)) return null
  if (log === null) return `its log (-wal) is missing: ${WHAT_TO_DO}`
  if (isEmpty(log)) return `its log (-wal) was emptied: ${WHAT_TO_DO}`
  return isHeaderRight(log) && !hidesCommits(log) ? null : `it is damaged: its log (-wal) is: ${WHAT_TO_DO}`
}

/** The `sum` of a row. */
export function checksum(values: readonly unknown[]): number {
  return crc32(values.join('\0'))
}

function prepare(database: DatabaseSync): void {
  database.function('crc32', { deterministic: true, varargs: true }, (...values) => checksum(values))
  // The exclusive lock comes first, so that a second process meets it before it reads anything.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
  database.exec('BEGIN EXCLUSIVE')
  const isNew = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
  const version = versionOf(database) % IN_USE
  if (!isNew && applicationIdOf(database) !== APPLICATION_ID) throw new Error('it is the database of another program')
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
}

/** SQLite writes the log back and removes it when it lets go of a file, so the file may not miss it next time. */
function unmarkRefused(database: DatabaseSync | null): void {
  try {
    if (database?.isTransaction) database.exec('ROLLBACK')
    if (!database || applicationIdOf(database) !== APPLICATION_ID || versionOf(database) < IN_USE) return
    database.exec(`PRAGMA wal_checkpoint(PASSIVE); PRAGMA user_version = ${versionOf(database) % IN_USE}`)
  } catch {
    // The log stays, then.
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version)
}

function applicationIdOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA application_id').get()?.application_id)
}

/** Whether a file says of itself that commits may stand in its log alone. */
function isInUse(header: Buffer): boolean {
  return (
    header.length === FILE_HEADER &&
    header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID &&
    header.readUInt32BE(VERSION_AT) >= IN_USE
  )
}

function logOf(path: string): string {
  return `${path}-wal`
}

const readFileHeader = (handle: number) => readBeginning(handle, FILE_HEADER)

/** As much of it as there is. */
function readBeginning(handle: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(handle, bytes, 0, length, 0))
}

function readIfThere(name: string): Buffer | null {
  try {
    return readFileSync(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function isSameLog(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other)
}

/** A file, its log, and the header of the log. */
interface Seen {
  file: Stats | undefined
  log: Stats | undefined
  logHeader: Buffer
}

/** Whether nobody has done anything to either of them. */
function isUntouched(before: Seen, now: Seen): boolean {
  return (
    isGrown(before, now) &&
    now.file?.size === before.file?.size &&
    now.log?.size === before.log?.size &&
    now.logHeader.equals(before.logHeader)
  )
}

/** Whether nobody has taken anything from them, while SQLite has written to both. */
function isContinued(before: Seen, now: Seen): boolean {
  return isGrown(before, now) && now.logHeader.length === HEADER && isHeaderRight(now.logHeader)
}

function isGrown(before: Seen, now: Seen): boolean {
  return hasGrown(before.file, now.file) && hasGrown(before.log, now.log)
}

function hasGrown(before: Stats | undefined, now: Stats | undefined): boolean {
  return before !== undefined && now !== undefined && inode(before) === inode(now) && now.size >= before.size
}

/** Tells a file from every other one. */
function inode({ dev, ino }: Stats): string {
  return `${dev}:${ino}`
}
