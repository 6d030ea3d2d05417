import './collect.ts'
import { HOST, PORT } from './protocol.ts'
import { makeRelay } from './relay.ts'

declare const Bun: {
  serve(options: {
    port: number
    hostname: string
    idleTimeout: number
    fetch(request: Request): Promise<Response>
  }): void
}

// Otherwise it ends a stream after ten silent seconds, before its first heartbeat.
Bun.serve({ port: PORT, hostname: HOST, idleTimeout: 0, fetch: makeRelay().fetch })
