import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import type { EventStore } from '../relay/stores/store.ts'
import { CommandError, UsageError } from './command.ts'

/** Opens the store that many machines share. It is loaded when it is asked for, because its client is an optional package. */
export async function openRedis(urls: readonly string[]): Promise<EventStore> {
  const { redisStore } = await import('../relay/stores/redis/redis.ts').catch((error: unknown) => {
    throw new CommandError('--store redis://… needs the package redis: npm install redis', { cause: error })
  })
  try {
    return redisStore(urls)
  } catch (error) {
    if (error instanceof InvalidOptionsError) throw new UsageError(`--store: ${error.message}`)
    throw error
  }
}
