import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import type { EventStore, History } from '../relay/stores/store.ts'
import { CommandError, UsageError } from './command.ts'

/**
 * Opens the store that many machines share. It is loaded when it is asked for, because its client is an optional package.
 *
 * @param addresses - URLs, separated by commas.
 * @param named - the option or variable that they come from, for messages: they may hold a password, and are never printed.
 */
export async function openRedis(addresses: string, named: string, history: History): Promise<EventStore> {
  const { redisStore } = await import('../relay/stores/redis/redis.ts').catch((error: unknown) => {
    throw new CommandError(`${named}: redis://… needs the package redis: npm install redis`, { cause: error })
  })
  try {
    // A password may have a comma in it, so only one before the next address separates them.
    return redisStore(addresses.split(/,(?=rediss?:)/), history)
  } catch (error) {
    if (error instanceof InvalidOptionsError) throw new UsageError(`${named}: ${error.message}`)
    throw error
  }
}
