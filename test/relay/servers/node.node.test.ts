import { once } from 'node:events'
import { createServer, type RequestListener, request, type ServerResponse } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2'
import { type AddressInfo, connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createRelay, partnerApi, type Relay } from '../../../src/relay/index.ts'
import { toNodeHandler } from '../../../src/relay/servers/node.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { serve, silentLogger, tokens, USER, WEBHOOK_TOKEN } from '../serve.ts'

it('finds its paths where a framework has taken the mount path off', async () => {
  const relay = createRelay({
    store: memoryStore(),
    webhookTokens: ['token'],
    subscriptionTokens: tokens,
    basePath: '/kyc',
  })
  const handle = toNodeHandler(relay)
  const server = createServer((request, response) => {
    // What Express does for `app.use('/kyc', …)`.
    const mounted = Object.assign(request, { originalUrl: request.url, url: request.url?.replace(/^\/kyc/, '') })
    void handle(mounted, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  expect((await fetch(`http://127.0.0.1:${port}/kyc/webhook/health`)).status).toBe(200)
  expect((await fetch(`http://127.0.0.1:${port}/webhook/health`)).status).toBe(404)
})

it('says what is wrong when a body parser came first', async () => {
  const relay = createRelay({ store: memoryStore(), webhookTokens: ['token'], subscriptionTokens: tokens })
  const handle = toNodeHandler(relay)
  const server = createServer((request, response) => {
    request.on('end', () => void handle(request, response)).resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/webhook/kyc-files/status`, { method: 'POST', body: '{}' })
  expect(response.status).toBe(500)
  expect(await response.text()).toContain('before any body parser')
})

it('lets go of the socket of a reader that does not read', async () => {
  const store = memoryStore()
  const relay = createRelay({ store, webhookTokens: ['token'], subscriptionTokens: tokens })
  const server = createServer(toNodeHandler(relay))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const externalUserId = 'x'.repeat(256)
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const authorization = `Bearer ${await tokens.issue(externalUserId)}`
  socket.write(`GET /events/${externalUserId} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`)
  await once(socket, 'readable')

  const connections = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
  const event = { externalUserId, frame: 'kyc-file', data: JSON.stringify({ padding: 'x'.repeat(16_000) }) }
  // Bounded: the buffers of both sockets take a few megabytes, and this is 64.
  for (let sent = 0; sent < 4000 && (await connections()) > 0; sent++) await store.append(event)
  expect(await connections()).toBe(0)
})

it.each([
  '/events/..\\readyz',
  '/events/../readyz',
  '/events/%2e%2e/readyz',
  '/x/./../readyz',
  '/readyz#',
  '\\readyz',
  '*',
])('refuses the target %s, which a proxy may take for another path than we would', async (path) => {
  const { url } = await serve()
  const [response] = await once(request({ port: new URL(url).port, path }).end(), 'response')
  expect(response.statusCode).toBe(400)
  response.resume()
})

it('refuses a target with a user, and goes on serving, also where a relay was wrapped', async () => {
  const relay = createRelay({ store: memoryStore(), webhookTokens: ['token'], subscriptionTokens: tokens })
  const server = createServer(toNodeHandler({ fetch: (incoming) => relay.fetch(incoming) })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  for (const [path, status] of [
    ['http://user:password@host/healthz', 400],
    ['/healthz', 200],
  ] as const) {
    const [response] = await once(request({ port, path }).end(), 'response')
    expect(response.statusCode).toBe(status)
    response.resume()
  }
})

it('answers 500 where a handler fails, and goes on serving', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => error.mockRestore())
  const server = createServer(toNodeHandler({ fetch: () => Promise.reject(new Error('theirs')) })).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  for (let i = 0; i < 2; i++) expect((await fetch(url)).status).toBe(500)
})

it('lets go of a stream whose client left before its answer, where a relay was wrapped', async () => {
  const ended = vi.fn()
  const relay = createRelay({
    store: memoryStore(),
    webhookTokens: ['token'],
    authorizeSubscriber: () => 'user',
    metrics: {
      report: (fact) => fact.type === 'ended' && ended(fact.reason),
      expose: async () => ({ contentType: '', text: '' }),
    },
  })
  let left = () => {}
  const hasLeft = new Promise<void>((resolve) => {
    left = resolve
  })
  const handle = toNodeHandler({
    fetch: async (incoming) => {
      await hasLeft
      return relay.fetch(incoming)
    },
  })
  const server = createServer((message, outgoing) => {
    outgoing.once('close', left)
    void handle(message, outgoing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('GET /events/user HTTP/1.1\r\nHost: localhost\r\n\r\n', () => socket.destroy())
  await vi.waitFor(() => expect(ended).toHaveBeenCalledExactlyOnceWith('gone'))
})

it('says that a stream ends with its connection', async () => {
  const { open } = await serve()
  const stream = await open('user')
  expect(stream.headers.connection).toBe('close')
  expect(stream.headers['transfer-encoding']).toBeUndefined()
  stream.close()
})

it('takes a target in absolute form, as a proxy may send it', async () => {
  const { url } = await serve()
  const [response] = await once(
    request({ port: new URL(url).port, path: 'http://relay.example/healthz?x' }).end(),
    'response',
  )
  expect(response.statusCode).toBe(200)
  response.resume()
})

it('goes on serving, whatever bytes come', async () => {
  const { url } = await serve()
  const port = Number(new URL(url).port)
  const heads = fc.constantFrom(
    '',
    'POST /webhook/kyc-files/status HTTP/1.1\r\n',
    'GET /events/user HTTP/1.1\r\nHost: x\r\n',
  )
  await fc.assert(
    fc.asyncProperty(heads, fc.uint8Array({ maxLength: 500 }), async (head, bytes) => {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      socket.resume().write(head)
      socket.end(bytes)
      await once(socket, 'close')
    }),
    { numRuns: 300 },
  )
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

/** A `node:http` server that listens until the test ends, and the head of a request for its stream. */
async function listen(handle: RequestListener) {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const authorization = `Bearer ${await tokens.issue(USER)}`
  const head = `GET /events/${USER} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`
  return { server, port, head }
}

it('troubles nobody with a client that has said its last word', async () => {
  const store = memoryStore()
  const relay = createRelay({ store, webhookTokens: ['token'], subscriptionTokens: tokens })
  const { server, port, head } = await listen(toNodeHandler(relay))
  const failed = vi.fn()
  server.on('clientError', failed)
  const half = new Promise<void>((resolve) => {
    server.on('connection', (socket) => socket.on('error', failed).on('end', resolve))
  })
  // What the server does about it is done by then, and the stream has not heard of it.
  const stored = half.then(() => store.append({ externalUserId: USER, frame: 'kyc-file', data: '{}' }))
  const socket = connect(port, '127.0.0.1')
  socket.write(head)
  await vi.waitFor(() => expect(String(socket.read())).toContain('event: sync'))
  socket.resume().end()
  await Promise.all([stored, once(socket, 'close')])
  expect(failed).not.toHaveBeenCalled()
})

it('cuts a reader that does not read, also where it has said its last word', async () => {
  const store = memoryStore()
  const logger = silentLogger()
  const relay = createRelay({ store, webhookTokens: ['token'], subscriptionTokens: tokens, logger })
  const { server, port, head } = await listen(toNodeHandler(relay))
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.write(head)
  const [served] = await accepted
  await vi.waitFor(() => expect(String(socket.read())).toContain('event: sync'))
  const data = JSON.stringify({ padding: 'x'.repeat(16_000) })
  const append = () => store.append({ externalUserId: USER, frame: 'kyc-file', data })
  for (let i = 0; i < 1000 && served.writableLength < 20_000; i++) await append()
  const half = once(served, 'end')
  socket.end()
  await half
  for (let i = 0; i < 10; i++) await append()
  expect(logger.warn).toHaveBeenCalledWith(expect.objectContaining({ reason: 'slow_reader' }), 'stream ended')
})

it('keeps to chunks where a middleware wants them', async () => {
  const relay = createRelay({ store: memoryStore(), webhookTokens: ['token'], subscriptionTokens: tokens })
  const handle = toNodeHandler(relay)
  const { port, head } = await listen((incoming, outgoing) => {
    // As `on-headers` does.
    const { writeHead } = outgoing
    outgoing.writeHead = ((...rest: Parameters<typeof writeHead>) => {
      outgoing.setHeader('transfer-encoding', 'chunked')
      return writeHead.apply(outgoing, rest)
    }) as typeof writeHead
    void handle(incoming, outgoing)
  })
  const socket = connect(port, '127.0.0.1')
  socket.write(head)
  const [size = ''] = await received(socket, ({ length }) => length > 0, /\r\n\r\n(.+)\r\nretry: /g)
  socket.destroy()
  expect(size).toMatch(/^[0-9a-f]+$/)
})

it('lets whoever waits for the end of a request hear of it', async () => {
  const relay = createRelay({ store: memoryStore(), webhookTokens: [WEBHOOK_TOKEN], subscriptionTokens: tokens })
  const handle = toNodeHandler(relay)
  const heard: string[] = []
  const { port } = await listen((incoming, outgoing) => {
    for (const event of ['end', 'close']) incoming.on(event, () => heard.push(event))
    void handle(incoming, outgoing)
  })
  const response = await fetch(`http://127.0.0.1:${port}/webhook/kyc-files/status`, {
    method: 'POST',
    headers: { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({ externalUserId: USER, status: 'ADDED' }),
  })
  expect(response.status).toBe(200)
  await vi.waitFor(() => expect(heard).toEqual(['end', 'close']))
})

it('takes webhooks one behind the other on one connection, wherever their bytes are cut', async () => {
  const store = memoryStore()
  const { url } = await serve({ store })
  const port = Number(new URL(url).port)
  const post = (status: string, isChunked: boolean) => {
    const body = JSON.stringify({ externalUserId: USER, status })
    const [length, framed] = isChunked
      ? ['Transfer-Encoding: chunked', `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`]
      : [`Content-Length: ${body.length}`, body]
    return `POST /webhook/kyc-files/status HTTP/1.1\r\nHost: x\r\nAuthorization: ${WEBHOOK_TOKEN}\r\nContent-Type: application/json\r\n${length}\r\n\r\n${framed}`
  }
  const statuses = fc.array(fc.constantFrom('ADDED', 'ERROR'), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      statuses,
      fc.boolean(),
      fc.array(fc.nat({ max: 1000 }), { maxLength: 6 }),
      async (sent, isChunked, cuts) => {
        const { cursor } = await store.since(USER, null)
        const text = sent.map((status) => post(status, isChunked)).join('')
        const socket = connect(port, '127.0.0.1').setNoDelay(true)
        const answered = received(socket, ({ length }) => length >= sent.length, /HTTP\/1\.1 (\d+)/g)
        const positions = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b)]
        for (const [i, from] of positions.entries()) {
          socket.write(text.slice(from, positions[i + 1]))
          await new Promise((resolve) => setImmediate(resolve))
        }
        expect(await answered).toEqual(sent.map(() => '200'))
        socket.destroy()
        const { events } = await store.since(USER, cursor)
        expect(events.map(({ data }) => JSON.parse(data).status)).toEqual(sent)
      },
    ),
    { numRuns: 100 },
  )
})

/** What a pattern finds in all that a socket receives, as soon as that is enough. */
async function received(socket: Socket, isEnough: (found: string[]) => boolean, pattern: RegExp): Promise<string[]> {
  let text = ''
  for await (const bytes of socket) {
    text += bytes
    const found = [...text.matchAll(pattern)].map(([, group = '']) => group)
    if (isEnough(found)) return found
  }
  throw new Error(`the connection ended after ${JSON.stringify(text)}`)
}

it('answers where a middleware that compresses has replaced write and end', async () => {
  const relay = createRelay({ store: memoryStore(), webhookTokens: ['token'], subscriptionTokens: tokens })
  const handle = toNodeHandler(relay)
  const server = createServer((incoming, outgoing) => {
    // As `compression` does: callbacks are dropped.
    const { write } = outgoing
    outgoing.write = ((chunk: Uint8Array) => write.call(outgoing, chunk, 'utf8')) as typeof outgoing.write
    void handle(incoming, outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/events/user`)
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ status: 401 })
})

/** A relay behind a real `node:http2` server, and a connection to it; both end with the test. */
async function overHttp2(relay: Relay) {
  const server = createHttp2(toNodeHandler(relay) as never)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => {
    session.destroy()
    server.close()
  })
  return session
}

it('lets go of a stream whose client left before it began, over HTTP/2', async () => {
  let asked = () => {}
  let answer = () => {}
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const mayAnswer = new Promise<void>((resolve) => {
    answer = resolve
  })
  const ended = vi.fn()
  const relay = createRelay({
    store: memoryStore(),
    webhookTokens: ['token'],
    authorizeSubscriber: async () => {
      asked()
      await mayAnswer
      return 'user'
    },
    metrics: {
      report: (fact) => fact.type === 'ended' && ended(fact.reason),
      expose: async () => ({ contentType: '', text: '' }),
    },
  })
  const session = await overHttp2(relay)
  const stream = session.request({ ':path': '/events/user' })
  await isAsked
  stream.close()
  await once(stream, 'close')
  answer()
  await vi.waitFor(() => expect(ended).toHaveBeenCalledExactlyOnceWith('gone'))
})

it('lets go at once of a webhook whose request is reset over HTTP/2', async () => {
  const report = vi.fn()
  const relay = createRelay({
    store: memoryStore(),
    webhookTokens: [WEBHOOK_TOKEN],
    subscriptionTokens: tokens,
    logger: silentLogger(),
    metrics: { report, expose: async () => ({ contentType: '', text: '' }) },
  })
  const session = await overHttp2(relay)
  for (let i = 0; i < 20; i++) {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/webhook/kyc-files/status',
      authorization: WEBHOOK_TOKEN,
      'content-type': 'application/json',
      'content-length': '100',
    })
    stream.write('{"ex')
    stream.close()
  }
  await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(20))
  for (const [fact] of report.mock.calls) {
    expect(fact).toMatchObject({ type: 'webhook', result: 'gone', detail: 'The body broke off.' })
  }
})

/** A store that answers when it is told to. */
function slowStore() {
  const store = memoryStore()
  const { append } = store
  let release = () => {}
  const isReleased = new Promise<void>((resolve) => {
    release = resolve
  })
  let asked = () => {}
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  store.append = async (...args) => {
    asked()
    await isReleased
    return append.apply(store, args)
  }
  return { store, isAsked, release }
}

const WEBHOOK_BODY = JSON.stringify({ externalUserId: USER, status: 'ADDED' })

function postWebhook(port: number): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/webhook/kyc-files/status`, {
    method: 'POST',
    headers: { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json' },
    body: WEBHOOK_BODY,
  })
}

it.each([
  ['as it is', (relay: Relay) => relay],
  ['wrapped', (relay: Relay) => ({ fetch: (request: Request) => relay.fetch(request) })],
])('leaves an answer to whoever was faster, says so in one line, and streams go on: a relay %s', async (_, wrap) => {
  const { store, isAsked, release } = slowStore()
  const logger = silentLogger()
  const spied = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => spied.mockRestore())
  const relay = createRelay({ store, webhookTokens: [WEBHOOK_TOKEN], subscriptionTokens: tokens, logger })
  const handle = toNodeHandler(wrap(relay))
  const handled: Promise<void>[] = []
  const { port, head } = await listen((incoming, outgoing) => {
    // As a time limit does, while the store is slow.
    if (incoming.method === 'POST') void isAsked.then(() => outgoing.writeHead(503).end('too late'))
    handled.push(handle(incoming, outgoing))
  })
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(head)
  const event = received(socket, ({ length }) => length > 0, /event: (kyc-file)/g)
  await vi.waitFor(() => expect(handled).toHaveLength(1))
  const response = await postWebhook(port)
  expect(response.status).toBe(503)
  expect(await response.text()).toBe('too late')
  release()
  await expect(handled[1]).resolves.toBeUndefined()
  expect(await event).toEqual(['kyc-file'])
  const lines = [...logger.error.mock.calls, ...spied.mock.calls]
  expect(lines).toHaveLength(1)
  expect(String(lines[0]?.flatMap((said: unknown) => [said, ...Object.values(said as object)]))).toContain(
    "Somebody else had answered with 503, so the relay's 200 was not sent.",
  )
})

it('gives no stream to a request that somebody else has answered', async () => {
  const logger = silentLogger()
  const relay = createRelay({
    store: memoryStore(),
    webhookTokens: ['token'],
    authorizeSubscriber: () => USER,
    logger,
  })
  const handle = toNodeHandler(relay)
  const { port } = await listen((incoming, outgoing) => {
    outgoing.writeHead(503).end()
    void handle(incoming, outgoing)
  })
  expect((await fetch(`http://127.0.0.1:${port}/events/${USER}`)).status).toBe(503)
  await vi.waitFor(() => expect(logger.error).toHaveBeenCalledOnce())
  expect(logger.debug).not.toHaveBeenCalled()
})

it('says so where the sender had hung up before its 200, which it will deliver again', async () => {
  const { store, isAsked, release } = slowStore()
  const logger = silentLogger()
  const relay = createRelay({ store, webhookTokens: [WEBHOOK_TOKEN], subscriptionTokens: tokens, logger })
  const handle = toNodeHandler(relay)
  let handled: Promise<void> | undefined
  let left = () => {}
  const hasLeft = new Promise<void>((resolve) => {
    left = resolve
  })
  const { port } = await listen((incoming, outgoing) => {
    outgoing.once('close', left)
    handled = handle(incoming, outgoing)
  })
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `POST /webhook/kyc-files/status HTTP/1.1\r\nHost: x\r\nAuthorization: ${WEBHOOK_TOKEN}\r\nContent-Type: application/json\r\nContent-Length: ${WEBHOOK_BODY.length}\r\n\r\n${WEBHOOK_BODY}`,
  )
  await isAsked
  socket.destroy()
  await hasLeft
  release()
  await expect(handled).resolves.toBeUndefined()
  expect(logger.error).toHaveBeenCalledExactlyOnceWith(
    { err: expect.objectContaining({ message: expect.stringContaining('The sender had hung up') }) },
    'answer failed',
  )
})

it('goes on serving where a middleware makes the answer fail', async () => {
  const logger = silentLogger()
  const relay = createRelay({ store: memoryStore(), webhookTokens: ['token'], subscriptionTokens: tokens, logger })
  const handle = toNodeHandler(relay)
  const handled: Promise<void>[] = []
  const { port } = await listen((incoming, outgoing) => {
    if (handled.length === 0) {
      outgoing.writeHead = () => {
        throw new Error('theirs')
      }
    }
    handled.push(handle(incoming, outgoing))
  })
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
  await expect(handled[0]).resolves.toBeUndefined()
  expect(logger.error).toHaveBeenCalledOnce()
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
})

it.each([
  ['has hung up', (outgoing: ServerResponse) => void outgoing.socket?.destroy()],
  ['has been answered by somebody else', (outgoing: ServerResponse) => void outgoing.writeHead(503).end()],
])('stores nothing for a sender that %s by then: it delivers again', async (_, leave) => {
  const store = memoryStore()
  const logger = silentLogger()
  const report = vi.fn()
  let outgoing: ServerResponse | undefined
  const relay = createRelay({
    store,
    webhookTokens: [WEBHOOK_TOKEN],
    subscriptionTokens: tokens,
    logger,
    metrics: { report, expose: async () => ({ contentType: '', text: '' }) },
    // The last that is asked before it is stored.
    webhooks: partnerApi({
      authenticate: async () => {
        if (outgoing) leave(outgoing)
        await new Promise((resolve) => setTimeout(resolve, 50))
        return true
      },
    }),
  })
  for (const handler of [relay, { fetch: (request: Request) => relay.fetch(request) }]) {
    const handle = toNodeHandler(handler)
    let handled: Promise<void> | undefined
    const { port } = await listen((incoming, response) => {
      outgoing = response
      handled = handle(incoming, response)
    })
    await postWebhook(port).catch(() => {})
    await handled
  }
  expect((await store.since(USER, null)).events).toEqual([])
  const gone = expect.objectContaining({ type: 'webhook', result: 'gone' })
  expect(report.mock.calls.filter(([fact]) => fact.type === 'webhook')).toEqual([[gone], [gone]])
  expect(logger.warn).toHaveBeenCalledWith(expect.objectContaining({ result: 'gone' }), 'webhook refused')
})
