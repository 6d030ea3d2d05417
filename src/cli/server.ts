import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CommandError } from './command.ts'

/** How long the headers of a request may take, in milliseconds. */
const HEADERS_TIMEOUT = 10_000
/** How long a request may take in all, in milliseconds; the relay itself cuts a webhook's body earlier. */
const REQUEST_TIMEOUT = 30_000
/**
 * How long a connection may be idle, in milliseconds. Longer than any load balancer before it, which would otherwise now and
 * then send a request into a connection that is being closed, and answer 502; AWS's and nginx's own default is 60 s.
 */
export const KEEP_ALIVE_TIMEOUT = 65_000
/** How long open requests may go on once the server is closed, in milliseconds. */
const CLOSE_TIMEOUT = 5000

/** Starts a server and tells where it listens. */
export async function listen(
  handler: RequestListener,
  { port, host }: { port: number; host: string },
): Promise<{ server: Server; url: string }> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
      connectionsCheckingInterval: 1000,
    },
    handler,
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new CommandError(`can't listen on ${host}:${port}: ${error.message}`)))
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return { server, url: `http://${name}:${address.port}` }
}

/** Stops taking connections, lets open requests end, and ends them after a while. */
export async function close(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT)
  // `close` ends the connections that are idle now; those that turn idle later would stay for their keep-alive time.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  await new Promise((resolve) => server.close(resolve))
  clearTimeout(late)
  clearInterval(idle)
}

/** Resolves with the first SIGTERM or SIGINT. A second one ends the process at once, as it would without us. */
export function terminationRequested(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      resolve()
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  })
}
