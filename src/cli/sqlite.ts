import type { EventStore } from '../relay/store.ts'
import { CommandError } from './command.ts'

/** Opens the durable store. It is loaded when it is asked for, because Node.js has SQLite from 22.13 on only. */
export async function openSqlite(file: string): Promise<EventStore> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 22 || (major === 22 && minor < 13)) {
    throw new CommandError(`SQLite needs Node.js 22.13 or later, and this is ${process.version}`)
  }
  const { sqliteStore } = await import('../relay/stores/sqlite.ts')
  return sqliteStore(file)
}
