import { type BunServeOptions, toBunServe } from '../../dist/relay/servers/bun.js'
import './collect.ts'
import { HOST, PORT } from './protocol.ts'
import { makeRelay } from './relay.ts'

declare const Bun: { serve(options: BunServeOptions & { port: number; hostname: string }): void }

Bun.serve({ port: PORT, hostname: HOST, ...toBunServe(makeRelay()) })
