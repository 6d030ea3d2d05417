import { once } from 'node:events'
import { createServer } from 'node:net'

// Below the ports that connections come from, so that none of them takes it while a server is being restarted.
const FIRST = 20_000
const COUNT = 12_000

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    if (await isFree(port)) return port
  }
  throw new Error(`expected a free port between ${FIRST} and ${FIRST + COUNT}`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
