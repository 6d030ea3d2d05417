import type { EventStore, History } from '../relay/stores/store.ts'
import { CommandError } from './command.ts'

/** Opens the durable store. It is loaded when it is asked for, because runtimes have SQLite from some version on only. */
export async function openSqlite(file: string, history: History = {}): Promise<EventStore> {
  const { sqliteStore } = await import('../relay/stores/sqlite/sqlite.ts').catch((error: unknown) => {
    throw new CommandError('SQLite needs Node.js 22.13, Bun 1.4 or Deno 2.9, or later', { cause: error })
  })
  return sqliteStore(file, history)
}
