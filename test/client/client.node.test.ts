import { createServer, get, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ChannelState } from '../../src/client/channel.ts'
import { createKycStatusClient, type KycStatusClient, type KycStatusClientOptions } from '../../src/client/index.ts'
import { serve, tokens, USER } from '../relay/serve.ts'

const retry = { base: 1, max: 20 }

function connectTo(
  url: string,
  options: Partial<KycStatusClientOptions> = {},
): KycStatusClient & { requests: Request[] } {
  const requests: Request[] = []
  const client = createKycStatusClient({
    url,
    retry,
    getToken: () => tokens.issue(USER),
    fetch: (input, init) => {
      requests.push(new Request(input, init))
      return fetch(input, init)
    },
    ...options,
  })
  onTestFinished(() => client.close())
  return Object.assign(client, { requests })
}

/** Resolves with the first state that passes; reads the stream until the test ends. */
function until(client: KycStatusClient, test: (state: ChannelState) => boolean, user = USER): Promise<ChannelState> {
  return new Promise((resolve) => {
    const check = () => {
      const state = client.getState(user)
      if (test(state)) resolve(state)
    }
    onTestFinished(client.subscribe(user, check))
    check()
  })
}

const outcome = (expected: string) => (state: ChannelState) => state.status?.outcome === expected
const connection = (expected: string) => (state: ChannelState) => state.connection.status === expected

/** A server with manners of its own, for what our relay never does. */
async function misbehave(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('tells what is known, then what happens', async () => {
  const { url, webhook } = await serve()
  const client = connectTo(url)
  await until(client, outcome('none'))
  await webhook({ externalUserId: USER, status: 'ERROR' })
  await until(client, outcome('error'))
  await webhook({ externalUserId: USER, status: 'ADDED' })
  expect((await until(client, outcome('added'))).connection).toEqual({
    status: 'open',
    pauseReason: null,
    transport: 'stream',
    heardAt: expect.any(Number),
    cause: null,
  })
})

it('opens one connection for all who read a user', async () => {
  const { url } = await serve()
  const client = connectTo(url)
  await Promise.all(Array.from({ length: 100 }, () => until(client, connection('open'))))
  expect(client.requests).toHaveLength(1)
})

it('opens nothing before somebody reads, and closes after the last one has left', async () => {
  const { url } = await serve()
  const client = connectTo(url)
  expect(client.getState(USER).connection.status).toBe('idle')
  expect(client.requests).toHaveLength(0)

  await client.ready(USER, new AbortController().signal)
  expect(client.requests).toHaveLength(1)
  await vi.waitFor(() => expect(client.getState(USER).connection.status).toBe('idle'), { timeout: 3000 })
  expect(client.requests[0]?.signal.aborted).toBe(true)
})

it('keeps its connection when a reader leaves and another one comes', async () => {
  const { url } = await serve()
  const client = connectTo(url)
  await client.ready(USER, new AbortController().signal)
  const stop = client.subscribe(USER, () => {})
  stop()
  client.subscribe(USER, () => {})
  expect(client.getState(USER).connection.status).toBe('open')
  expect(client.requests).toHaveLength(1)
})

it('comes back from where it was, and loses nothing that happened meanwhile', async () => {
  const { url, relay, webhook } = await serve()
  const client = connectTo(url)
  const { id } = await client.beginUpload(USER, { files: 2 })
  await until(client, connection('open'))
  await webhook({ externalUserId: USER, status: 'ADDED' })
  await until(client, (state) => state.status?.files.added === 1)

  await relay.disconnect(USER)
  await webhook({ externalUserId: USER, status: 'ADDED' })
  const state = await until(client, outcome('added'))
  expect(state.status).toMatchObject({ attemptId: id, files: { expected: 2, added: 2, failed: 0 } })
  expect(client.requests.at(-1)?.headers.get('last-event-id')).toMatch(/^\d+-\d+$/)
})

it('asks for a fresh token once when the relay refuses one, and goes on with it', async () => {
  const { url } = await serve()
  const getToken = vi.fn(async ({ reason }: { reason: string }) =>
    reason === 'connect' ? 'stale' : tokens.issue(USER),
  )
  const client = connectTo(url, { getToken })
  await until(client, connection('open'))
  expect(getToken.mock.calls.map(([{ reason }]) => reason)).toEqual(['connect', 'unauthorized'])
})

it('gives up when the fresh token is refused as well', async () => {
  const { url } = await serve()
  const client = connectTo(url, { getToken: () => 'stale' })
  const { error } = await until(client, connection('failed'))
  expect(error).toMatchObject({ name: 'KycStatusError', code: 'unauthorized', status: 401 })
  expect(client.requests).toHaveLength(2)
})

it("gives up on another user's stream, and knows nothing of it", async () => {
  const { url, webhook } = await serve()
  await webhook({ externalUserId: 'somebody else', status: 'ADDED' })
  const client = connectTo(url)
  const state = await until(client, connection('failed'), 'somebody else')
  expect(state).toMatchObject({ status: null, error: { code: 'forbidden' } })
})

it('rejects who waits for news when it gives up', async () => {
  const { url } = await serve()
  const client = connectTo(url)
  await expect(client.ready('somebody else', new AbortController().signal)).rejects.toMatchObject({
    code: 'forbidden',
    status: 403,
  })
})

it('connects again when it is asked to, also after it has given up', async () => {
  const { url } = await serve()
  let token = 'stale'
  const client = connectTo(url, { getToken: () => token })
  await until(client, connection('failed'))
  token = await tokens.issue(USER)
  client.reconnect(USER)
  expect((await until(client, connection('open'))).error).toBeNull()
})

it('tries again while the page cannot get a token, or the relay cannot serve', async () => {
  const { url } = await serve()
  let failures = 0
  const client = connectTo(url, {
    getToken: () => (failures++ < 2 ? Promise.reject(new Error('the session server is away')) : tokens.issue(USER)),
    fetch: (...args) => (failures++ < 5 ? Promise.resolve(new Response(null, { status: 503 })) : fetch(...args)),
  })
  expect((await until(client, connection('reconnecting'))).error).toBeNull()
  await until(client, connection('open'))
})

it('sends cookies where there is no getToken', async () => {
  const { url } = await serve()
  const client = connectTo(url, { getToken: undefined as never })
  await until(client, connection('failed'))
  expect(client.requests[0]?.credentials).toBe('include')
  expect(client.requests[0]?.headers.has('authorization')).toBe(false)
})

it('follows a redirect, and comes back to the address that it was given', async () => {
  const { url, relay } = await serve()
  const asked: string[] = []
  const front = await misbehave((request, response) => {
    asked.push(request.url ?? '')
    if (request.url?.startsWith('/old/')) {
      response.writeHead(307, { location: request.url.replace('/old', '/new') }).end()
      return
    }
    const target = `${url}${request.url?.replace('/new', '')}`
    get(target, { headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    }).on('error', () => response.destroy())
  })
  const client = connectTo(`${front}/old`)
  await until(client, connection('open'))
  await relay.disconnect(USER)
  await vi.waitFor(() => expect(asked).toHaveLength(4))
  const path = `/events/${USER}`
  expect(asked).toEqual([`/old${path}`, `/new${path}`, `/old${path}`, `/new${path}`])
})

it('takes a silent line for dead and opens a new one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const sync = { cursor: '1-0', now: new Date().toISOString(), complete: true, heartbeat: 15 }
  const url = await misbehave((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`event: sync\nid: 1-0\ndata: ${JSON.stringify(sync)}\n\n`)
  })
  const client = connectTo(url)
  await until(client, connection('open'))
  await vi.advanceTimersByTimeAsync(34_000)
  expect(client.getState(USER).connection.status).toBe('open')
  const lost = until(client, connection('reconnecting'))
  await vi.advanceTimersByTimeAsync(1000)
  await lost
  await vi.advanceTimersByTimeAsync(20)
  await vi.waitFor(() => expect(client.getState(USER).connection.status).toBe('open'))
  expect(client.requests).toHaveLength(2)
})

it('gives up waiting for a server that does not answer, and tries again', async () => {
  const url = await misbehave(() => {})
  const client = connectTo(url, { connectTimeout: 20 })
  await until(client, () => client.requests.length >= 3)
  expect(client.getState(USER).connection.status).toBe('reconnecting')
})

describe('a frame that should not be there', () => {
  const sync = { cursor: '1-0', now: '2026-11-23T12:00:00Z', complete: true, heartbeat: 15 }
  const kycFile = { externalUserId: USER, status: 'ADDED', receivedAt: '2026-11-23T12:00:00Z' }
  const frame = (event: string, data: unknown) => `event: ${event}\nid: 1-0\ndata: ${JSON.stringify(data)}\n\n`
  const serveText = (text: string) =>
    misbehave((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(text)
    })

  it.each([
    ["another user's event", frame('kyc-file', { ...kycFile, externalUserId: 'somebody else' })],
    ['an unknown status', frame('kyc-file', { ...kycFile, status: 'MAYBE' })],
    ['no JSON', 'event: kyc-file\nid: 1-0\ndata: {\n\n'],
    ['a sync without a cursor', frame('sync', { ...sync, cursor: 'x' })],
  ])('%s ends the line, is told, and is not shown', async (_, text) => {
    const client = connectTo(await serveText(text + frame('sync', sync)))
    const { status, error, connection } = await until(client, (state) => state.connection.cause !== null)
    expect({ status, error }).toEqual({ status: null, error: null })
    expect(connection).toMatchObject({ status: 'reconnecting', cause: { code: 'bad_response' } })
  })

  it('of a name that is not known is left alone', async () => {
    const client = connectTo(await serveText(frame('poa-status', { any: 'thing' }) + frame('sync', sync)))
    await until(client, outcome('none'))
  })

  it('that is a page, and no stream, is told', async () => {
    const url = await misbehave((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'))
    const { connection } = await until(connectTo(url), (state) => state.connection.cause !== null)
    expect(connection).toMatchObject({ status: 'reconnecting', cause: { code: 'bad_response' } })
  })
})

it('goes with a store that takes over, empty and with a clock that is behind', async () => {
  const event = (id: string, status: string) =>
    `event: kyc-file\nid: ${id}\ndata: ${JSON.stringify({ externalUserId: USER, status, receivedAt: '2026-11-23T12:00:00Z' })}\n\n`
  const sync = (cursor: string, complete: boolean) =>
    `event: sync\nid: ${cursor}\ndata: ${JSON.stringify({ cursor, now: '2026-11-23T12:00:00Z', complete, heartbeat: 15 })}\n\n`
  const answers = [event('900-0', 'ERROR') + sync('900-0', true), event('500-0', 'ADDED') + sync('500-0', false)]
  let served = 0
  const url = await misbehave((request, response) => {
    if (served > 0) expect(request.headers['last-event-id']).toBe('900-0')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(answers[served++])
    if (served < answers.length) setTimeout(() => response.destroy())
  })
  const client = connectTo(url)
  await until(client, outcome('error'))
  await until(client, outcome('added'))
})

describe('an attempt', () => {
  it('does not show the answer to the upload before it', async () => {
    const { url, webhook } = await serve()
    await webhook({ externalUserId: USER, status: 'ERROR' })
    const client = connectTo(url)
    await until(client, outcome('error'))
    await client.beginUpload(USER)
    expect(client.getState(USER).status?.outcome).toBe('waiting')
    await webhook({ externalUserId: USER, status: 'ADDED' })
    await until(client, outcome('added'))
  })

  it('that begins first of all waits for the position of the stream, so that old answers do not count', async () => {
    const { url, webhook } = await serve()
    await webhook({ externalUserId: USER, status: 'ADDED' })
    const client = connectTo(url)
    const { cursor } = await client.beginUpload(USER)
    expect(cursor).toMatch(/^\d+-\d+$/)
    expect(client.getState(USER).status?.outcome).toBe('waiting')
  })

  it('never holds an upload back for longer than 3 s, and still counts what comes after it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { url, webhook } = await serve()
    await webhook({ externalUserId: USER, status: 'ERROR' })
    let isUp = false
    const client = connectTo(url, {
      fetch: (...args) => (isUp ? fetch(...args) : Promise.reject(new TypeError('fetch failed'))),
    })
    client.subscribe(USER, () => {})
    const beginning = client.beginUpload(USER)
    await vi.advanceTimersByTimeAsync(3000)
    expect(await beginning).toMatchObject({ cursor: null })

    await vi.advanceTimersByTimeAsync(1000)
    await webhook({ externalUserId: USER, status: 'ADDED' })
    isUp = true
    const added = until(client, outcome('added'))
    // The clock runs on while the answer is on its way.
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(50)
      expect(client.getState(USER).status?.outcome).toBe('added')
    })
    expect((await added).status?.files).toEqual({ expected: 1, added: 1, failed: 0 })
  })

  it('whose point cannot be asked for gets it from the line, which has to say again what is known', async () => {
    const { url, webhook } = await serve()
    await webhook({ externalUserId: USER, status: 'ERROR' })
    const client = connectTo(url, {
      fetch: (input, init) =>
        new Headers(init?.headers).get('accept') === 'application/json'
          ? Promise.resolve(new Response(null, { status: 403 }))
          : fetch(input, init),
    })
    await until(client, outcome('error'))
    await client.beginUpload(USER)
    await until(client, connection('open'))
    await webhook({ externalUserId: USER, status: 'ADDED' })
    expect((await until(client, outcome('added'))).status?.files).toEqual({ expected: 1, added: 1, failed: 0 })
  })

  it.each([0, 1.5, -1, '2'])('of %j files is refused', async (files) => {
    const client = connectTo('http://relay.test')
    await expect(client.beginUpload(USER, { files: files as number })).rejects.toThrow(/files: expected/)
  })
})

it('goes on when a subscriber throws, and lets the error be seen', async () => {
  const { url, webhook } = await serve()
  const client = connectTo(url)
  await until(client, connection('open'))
  const seen = new Promise((resolve) => process.once('uncaughtException', resolve))
  const listeners = process.listeners('uncaughtException')
  const others = listeners.slice(0, -1)
  for (const other of others) process.off('uncaughtException', other)
  onTestFinished(() => {
    for (const other of others) process.on('uncaughtException', other)
  })
  let isFirst = true
  client.subscribe(USER, () => {
    if (!isFirst) return
    isFirst = false
    throw new Error('a bug of theirs')
  })
  await webhook({ externalUserId: USER, status: 'ERROR' })
  expect(await seen).toMatchObject({ message: 'a bug of theirs' })
  await webhook({ externalUserId: USER, status: 'ADDED' })
  await until(client, outcome('added'))
})

it('is ready for the next reader when it was told to reconnect while nobody was reading', async () => {
  const { url } = await serve()
  let token = 'stale'
  const client = connectTo(url, { getToken: () => token })
  await expect(client.ready(USER, new AbortController().signal)).rejects.toMatchObject({ code: 'unauthorized' })
  token = await tokens.issue(USER)
  client.reconnect(USER)
  expect(client.getState(USER)).toMatchObject({ error: null, connection: { status: 'idle' } })
  await until(client, connection('open'))
})

it('stays closed once it was closed', async () => {
  const { url } = await serve()
  const client = connectTo(url)
  await until(client, connection('open'))
  client.close()
  expect(client.requests[0]?.signal.aborted).toBe(true)
  client.reconnect(USER)
  expect(client.getState(USER)).toMatchObject({ connection: { status: 'failed' }, error: { code: 'closed' } })
  await expect(client.ready('another', new AbortController().signal)).rejects.toMatchObject({ code: 'closed' })
})

it.each([
  [undefined, /url: expected/],
  [{}, /url: expected/],
  [{ url: '' }, /url: expected/],
  [{ url: '/kyc', getToken: 'token' }, /getToken: expected a function/],
  [{ url: '/kyc', retry: { base: 0 } }, /retry: base: expected/],
  [{ url: '/kyc', retry: 7, connectTimeout: 1e12 }, /retry: expected an object; connectTimeout: expected at most/],
  [{ url: '/kyc', presence: {} }, /presence: expected an object with isVisible/],
  [{ url: '/kyc', shareAcrossTabs: 'yes' }, /shareAcrossTabs: expected true or false/],
  [{ url: '/kyc', heartbeat: 1 }, /heartbeat: not an option/],
])('refuses the options %j', (options, message) => {
  expect(() => createKycStatusClient(options as unknown as KycStatusClientOptions)).toThrow(message)
})
