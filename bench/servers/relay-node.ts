import { createServer } from 'node:http'
import type { EventStore } from '../../dist/relay/index.js'
import { toNodeHandler } from '../../dist/relay/servers/node.js'
import './collect.ts'
import { HOST, PORT } from './protocol.ts'
import { makeRelay } from './relay.ts'

/** Each is loaded for itself, as in an application, so that none of them pays for another. */
async function openStore(address: string | undefined): Promise<EventStore | undefined> {
  if (!address) return undefined
  if (address.startsWith('redis:')) {
    const { redisStore } = await import('../../dist/relay/stores/redis/redis.js')
    return redisStore([address])
  }
  const { sqliteStore } = await import('../../dist/relay/stores/sqlite/sqlite.js')
  return sqliteStore(address)
}

const relay = makeRelay(await openStore(process.env.STORE))
createServer(toNodeHandler(relay)).listen(PORT, HOST)
