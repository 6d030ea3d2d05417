import { beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { isForStream, USER } from './mock-page.ts'
import {
  comeBack,
  isOpen,
  isOutcome,
  known,
  Network,
  openPage,
  relayServer,
  type Server,
  servers,
  stubSessionStorage,
  track,
  until,
} from './network.ts'

beforeEach(() => void stubSessionStorage())

const hasCounted = (added: number, failed: number) => (state: { status: ReturnType<typeof known> }) =>
  state.status?.files.added === added && state.status.files.failed === failed

/** A cache between page and relay that keeps the body of the first stream, and may answer with it. */
function caching(server: Server) {
  const cache = { isStale: false, body: '' }
  let isFirst = true
  const stale = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode(cache.body)),
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    )
  const keep = async (body: ReadableStream<Uint8Array>) => {
    const reader = body.pipeThrough(new TextDecoderStream() as never).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      cache.body += value
    }
  }
  const cached: Server = {
    emit: server.emit,
    async fetch(input, init) {
      const isStream = isForStream(init)
      if (isStream && cache.isStale) return stale()
      const response = await server.fetch(input, init)
      if (!isStream || !isFirst || !response.body) return response
      isFirst = false
      const [one, other] = response.body.tee()
      keep(other).catch(() => {})
      return new Response(one, { headers: response.headers })
    },
  }
  return { cache, cached }
}

describe.each(servers)('an old stream body that a cache replays, ids and all, by %s', (_, serve) => {
  async function open(files: number) {
    const { cache, cached } = caching(serve())
    const network = new Network(cached)
    const client = openPage(network)
    await until(client, isOpen)
    await client.beginUpload(USER, { files })
    return { cache, network, client }
  }

  it.each([
    ['ADDED', { added: 1, failed: 0 }, 'waiting'],
    ['ERROR', { added: 0, failed: 1 }, 'error'],
  ] as const)('counts %s once', async (status, files, outcome) => {
    const { cache, network, client } = await open(2)
    await network.server.emit(status)
    await until(client, hasCounted(files.added, files.failed))
    await vi.waitFor(() => expect(cache.body).toContain(status))
    cache.isStale = true
    for (let time = 0; time < 3; time++) await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome, files })
    cache.isStale = false
    await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome, files })
  })

  it('counts what came after it, when the relay is heard again', async () => {
    const { cache, network, client } = await open(2)
    await network.server.emit('ADDED')
    await until(client, hasCounted(1, 0))
    await vi.waitFor(() => expect(cache.body).toContain('ADDED'))
    cache.isStale = true
    await comeBack(network, client)
    await network.server.emit('ADDED')
    cache.isStale = false
    await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome: 'added', files: { added: 2, failed: 0 }, doubt: null })
  })

  it('counts nothing twice after a reload', async () => {
    const { cache, network, client } = await open(3)
    await network.server.emit('ADDED')
    await network.server.emit('ERROR')
    await until(client, hasCounted(1, 1))
    await vi.waitFor(() => expect(cache.body).toContain('ERROR'))
    cache.isStale = true
    client.close()
    const reloaded = openPage(network)
    await until(reloaded, isOpen)
    expect(known(reloaded)).toMatchObject({ outcome: 'error', files: { added: 1, failed: 1 } })
  })

  it('does not bring back what was shown before', async () => {
    const { cache, cached } = caching(serve())
    const network = new Network(cached)
    await network.server.emit('ERROR')
    const client = openPage(network)
    await until(client, isOutcome('error'))
    await network.server.emit('ADDED')
    await until(client, isOutcome('added'))
    await vi.waitFor(() => expect(cache.body).toContain('ADDED'))
    cache.body = cache.body.slice(0, cache.body.lastIndexOf('event: kyc-file'))
    cache.isStale = true
    await comeBack(network, client)
    expect(known(client)?.outcome).toBe('added')
  })

  it('does not bring back an answer from before the upload after a reload', async () => {
    const { cache, cached } = caching(serve())
    const network = new Network(cached)
    await network.server.emit('ERROR')
    const client = openPage(network)
    await until(client, isOutcome('error'))
    await client.beginUpload(USER)
    await network.server.emit('ADDED')
    await until(client, isOutcome('added'))
    await vi.waitFor(() => expect(cache.body).toContain('ADDED'))
    client.close()
    cache.body = cache.body.slice(0, cache.body.lastIndexOf('event: kyc-file'))
    cache.isStale = true
    const reloaded = openPage(network)
    await until(reloaded, isOpen)
    reloaded.clear(USER)
    expect(known(reloaded)?.outcome).toBe('added')
    cache.isStale = false
    await comeBack(network, reloaded)
    expect(known(reloaded)?.outcome).toBe('added')
  })
})

describe.each(servers)('what the relay replays, by %s', (_, serve) => {
  it('counts once over ten lines', async () => {
    const network = new Network(serve())
    const client = openPage(network)
    await client.beginUpload(USER, { files: 3 })
    await network.server.emit('ADDED')
    for (let line = 0; line < 10; line++) await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome: 'waiting', files: { added: 1, failed: 0 } })
  })

  it('counts once for a page that asks and has a line as well', async () => {
    const network = new Network(serve())
    const client = openPage(network)
    await until(client, isOpen)
    await client.beginUpload(USER, { files: 2 })
    // The snapshot has it, and so has the line that goes on.
    network.silence()
    await network.server.emit('ADDED')
    const letThrough = network.hold('stream')
    await Promise.all([client.ready(USER, new AbortController().signal), comeBack(network, client), letThrough()])
    await until(client, hasCounted(1, 0))
    await comeBack(network, client)
    expect(known(client)).toMatchObject({ files: { added: 1, failed: 0 } })
  })

  it('of an upload before counts for no other', async () => {
    const network = new Network(serve())
    const client = openPage(network)
    await client.beginUpload(USER)
    await until(client, isOpen)
    await network.server.emit('ADDED')
    await until(client, isOutcome('added'))
    await client.beginUpload(USER)
    await comeBack(network, client)
    client.close()
    const reloaded = openPage(network)
    await until(reloaded, isOpen)
    expect(known(reloaded)).toMatchObject({ outcome: 'waiting', files: { added: 0, failed: 0 }, doubt: null })
  })
})

describe('a webhook that is repeated', () => {
  it('without a delivery id is a new event, and counts', async () => {
    const network = new Network(relayServer(track(memoryStore())))
    const client = openPage(network)
    await client.beginUpload(USER, { files: 2 })
    await until(client, isOpen)
    await network.server.emit('ADDED')
    await network.server.emit('ADDED')
    expect((await until(client, isOutcome('added'))).status).toMatchObject({ files: { added: 2 }, doubt: null })
  })

  it('without a delivery id is one answer too many for one file, and the page says so', async () => {
    const network = new Network(relayServer(track(memoryStore())))
    const client = openPage(network)
    await client.beginUpload(USER)
    await until(client, isOpen)
    await network.server.emit('ERROR')
    await network.server.emit('ERROR')
    const { status } = await until(client, hasCounted(0, 2))
    expect(status).toMatchObject({ outcome: 'error', doubt: 'extra' })
  })

  it('with its delivery id counts once', async () => {
    const network = new Network(relayServer(track(memoryStore())))
    const client = openPage(network)
    await client.beginUpload(USER, { files: 2 })
    await until(client, isOpen)
    await network.server.emit('ADDED', 'one')
    await network.server.emit('ADDED', 'one')
    await network.server.emit('ERROR', 'two')
    const { status } = await until(client, isOutcome('error'))
    expect(status).toMatchObject({ files: { added: 1, failed: 1 }, doubt: null })
  })
})
