import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2'
import { request as requestTls } from 'node:https'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { expect, onTestFinished } from 'vitest'
import { createRelay, type RelayOptions } from '../../src/relay/index.ts'
import { toNodeHandler } from '../../src/relay/servers/node.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { type Change, type Nginx, startNginx } from './nginx.ts'
import { openStream, tokens, USER, WEBHOOK_TOKEN } from './serve.ts'

export const added = { externalUserId: USER, status: 'ADDED' }
export const path = (user = USER) => `/events/${encodeURIComponent(user)}`

/** A relay on a free port, and what has reached it. */
export async function serveRelay(options: Partial<RelayOptions> = {}) {
  const relay = createRelay({
    store: memoryStore(),
    webhookTokens: [WEBHOOK_TOKEN],
    subscriptionTokens: tokens,
    ...options,
  })
  const handle = toNodeHandler(relay)
  const requests: { url: string | undefined; closed: Promise<unknown> }[] = []
  const server = createServer((incoming, outgoing) => {
    requests.push({ url: incoming.url, closed: once(outgoing, 'close') })
    void handle(incoming, outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { relay, requests, port: (server.address() as AddressInfo).port }
}

/** The relay with nginx before it. */
export async function behindNginx({ changes, ...options }: Partial<RelayOptions> & { changes?: Change[] } = {}) {
  const { port, ...relay } = await serveRelay(options)
  return { ...relay, nginx: await startNginx([port], changes) }
}

export const webhook = ({ plainUrl }: Nginx, body: unknown = added, headers: Record<string, string> = {}) =>
  fetch(`${plainUrl}/webhook/kyc-files/status`, {
    method: 'POST',
    headers: { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

export const subscriber = async (user = USER) => ({
  accept: 'text/event-stream',
  authorization: `Bearer ${await tokens.issue(user)}`,
})

/** Opens a stream over HTTP/1.1 in clear text. */
export const open = async ({ plainUrl }: Nginx, headers: Record<string, string> = {}, user = USER) =>
  openStream(`${plainUrl}${path(user)}`, { ...(await subscriber(user)), ...headers })

/** Opens a stream over HTTP/1.1 and TLS. */
export async function openTls({ url, certificate }: Nginx): Promise<IncomingMessage> {
  const outgoing = requestTls(`${url}${path()}`, { ca: certificate, headers: await subscriber() }).end()
  onTestFinished(() => void outgoing.destroy())
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return response
}

/** One HTTP/2 connection, which the test closes. */
export function http2({ url, certificate }: Nginx): ClientHttp2Session {
  const session = connectHttp2(url, certificate ? { ca: certificate } : {})
  onTestFinished(() => session.destroy())
  return session
}

export async function openHttp2(session: ClientHttp2Session, user = USER): Promise<ClientHttp2Stream> {
  const stream = session.request({ ':path': path(user), ...(await subscriber(user)) })
  const [headers] = await once(stream, 'response')
  expect(headers[':status']).toBe(200)
  return stream
}

export async function* events(body: Readable): AsyncGenerator<EventSourceMessage, undefined> {
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  for await (const chunk of body.setEncoding('utf8')) {
    parser.feed(chunk as string)
    yield* messages.splice(0)
  }
}

export const next = async (stream: AsyncGenerator<EventSourceMessage, undefined>) => (await stream.next()).value

export function connectTo({ plainUrl }: Nginx): Socket {
  const { hostname, port } = new URL(plainUrl)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  return socket
}

/** Sends bytes as they are, `Connection: close` among them; resolves with all of the answer. */
export async function raw(nginx: Nginx, text: string): Promise<string> {
  const socket = connectTo(nginx)
  // Not `end`: nginx takes a client that has ended its side for one that is gone.
  socket.write(text)
  let answer = ''
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk
  return answer
}

/** A webhook as it is on the wire. */
export const post = (body: string, headers: string[]) =>
  [
    'POST /webhook/kyc-files/status HTTP/1.1',
    'Host: localhost',
    ...headers,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')

export const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])

/** Something on a free port that counts requests, has the given answers for each connection, and then hangs up. */
export async function hangUp(answers: readonly string[] = []) {
  const heard: string[] = []
  const server = createTcpServer((socket) => {
    const left = [...answers]
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        heard.push(/^\S+/.exec(bytes.toString())?.[0] ?? '')
        const answer = left.shift()
        if (answer === undefined) socket.destroy()
        else socket.write(answer)
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { heard, port: (server.address() as AddressInfo).port }
}

/** A port that refuses connections. */
export async function refuse(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
