import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { onTestFinished, vi } from 'vitest'
import { subscriptionTokens } from '../../src/relay/access/subscription-tokens.ts'
import { createRelay, type Relay, type RelayOptions, type StandardSchema } from '../../src/relay/index.ts'
import { toNodeHandler } from '../../src/relay/servers/node.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'

export const USER = 'bca65c48-df49-4831-a7b2-de7903321581'
export const WEBHOOK_TOKEN = 'the-webhook-token'
export const SECRET = 'a secret of at least thirty-two bytes'
export const tokens = subscriptionTokens(SECRET)

/** A schema by hand that every body fits. */
export const anything: StandardSchema<unknown> = {
  '~standard': { version: 1, vendor: 'by hand', validate: (value) => ({ value }) },
}

/** A logger that keeps to itself what it is told. */
export function silentLogger() {
  return { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
}

export interface Served {
  relay: Relay
  url: string
  webhook(body: unknown, headers?: Record<string, string>): Promise<Response>
  /** Posts to another webhook, with the webhook token. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  open(externalUserId: string, headers?: Record<string, string>): Promise<Stream>
}

/** A relay behind a real `node:http` server on a free port; it ends with the test. */
export async function serve(options: Partial<RelayOptions> = {}): Promise<Served> {
  const store = options.store ?? memoryStore()
  const relay = createRelay({
    store,
    webhookTokens: [WEBHOOK_TOKEN],
    subscriptionTokens: tokens,
    logger: silentLogger(),
    ...options,
  })
  const server = createServer(toNodeHandler(relay))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await store.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${options.basePath ?? ''}`
  const post: Served['post'] = (path, body, headers) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return {
    relay,
    url,
    post,
    webhook: (body, headers) => post('/webhook/kyc-files/status', body, headers),
    open: async (externalUserId, headers) => {
      const authorization = `Bearer ${await tokens.issue(externalUserId)}`
      return openStream(`${url}/events/${encodeURIComponent(externalUserId)}`, { authorization, ...headers })
    },
  }
}

export interface Stream {
  status: number | undefined
  headers: IncomingMessage['headers']
  retries: number[]
  comments: string[]
  /** The next event; rejects when the stream ends before it. */
  next(): Promise<EventSourceMessage>
  /** Every event up to the next `sync`, and that. */
  untilSync(): Promise<EventSourceMessage[]>
  /** Resolves with the events that nobody has asked for, once the stream has ended. */
  ended: Promise<EventSourceMessage[]>
  close(): void
}

/** Follows a stream through a parser that is not ours. */
export function openStream(url: string, headers: Record<string, string>): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers: { accept: 'text/event-stream', ...headers } }, (response) => {
      const events: EventSourceMessage[] = []
      const waiting: { resolve(event: EventSourceMessage): void; reject(error: Error): void }[] = []
      const retries: number[] = []
      const comments: string[] = []
      const parser = createParser({
        onEvent: (event) => {
          const first = waiting.shift()
          if (first) first.resolve(event)
          else events.push(event)
        },
        onRetry: (ms) => retries.push(ms),
        onComment: (comment) => comments.push(comment),
      })
      response.setEncoding('utf8').on('data', (chunk: string) => parser.feed(chunk))
      const ended = new Promise<EventSourceMessage[]>((end) => {
        response
          .on('error', () => {})
          .on('close', () => {
            for (const { reject: fail } of waiting) fail(new Error('the stream has ended'))
            end(events)
          })
      })
      const next = () => {
        const event = events.shift()
        if (event) return Promise.resolve(event)
        if (response.destroyed) return Promise.reject(new Error('the stream has ended'))
        return new Promise<EventSourceMessage>((resolveNext, rejectNext) => {
          waiting.push({ resolve: resolveNext, reject: rejectNext })
        })
      }
      const stream: Stream = {
        status: response.statusCode,
        headers: response.headers,
        retries,
        comments,
        next,
        async untilSync() {
          const seen = [await next()]
          while (seen.at(-1)?.event !== 'sync') seen.push(await next())
          return seen
        },
        ended,
        close: () => outgoing.destroy(),
      }
      resolve(stream)
    })
    outgoing.on('error', reject).end()
  })
}
