import { copyFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { KycStatusClient } from '../../src/client/index.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { sqliteStore } from '../../src/relay/stores/sqlite/sqlite.ts'
import { isForStream, USER } from './mock-page.ts'
import {
  comeBack,
  isOpen,
  isOutcome,
  known,
  mockServer,
  Network,
  newFile,
  openPage,
  relayServer,
  type Server,
  servers,
  stubSessionStorage,
  track,
  until,
} from './network.ts'

beforeEach(() => void stubSessionStorage())

const HOUR = 3_600_000

/** An upload that is let go although the relay cannot be reached: after 3 s, which are over now. */
async function beginWithoutRelay(client: KycStatusClient, files: number): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.now() - 3000 })
  try {
    const beginning = client.beginUpload(USER, { files })
    await vi.advanceTimersByTimeAsync(3000)
    await beginning
  } finally {
    vi.useRealTimers()
  }
}

describe.each(servers)('an answer from before an upload, by %s', (_, serve) => {
  it.each(['ERROR', 'ADDED'] as const)(
    '%s is not taken for its own where the line is dead and nobody knows',
    async (old) => {
      const network = new Network(serve())
      const client = openPage(network)
      await until(client, isOutcome('none'))
      network.silence()
      await network.server.emit(old)
      await client.beginUpload(USER)
      expect(known(client)).toMatchObject({ outcome: 'waiting', doubt: null })
      await comeBack(network, client)
      expect(known(client)).toMatchObject({ outcome: 'waiting', files: { added: 0, failed: 0 } })
      await network.server.emit('ADDED')
      const { status } = await until(client, isOutcome('added'))
      expect(status).toMatchObject({ files: { added: 1, failed: 0 }, doubt: null })
    },
  )

  it('is not taken for its own where a user had others before', async () => {
    const network = new Network(serve())
    await network.server.emit('ADDED')
    const client = openPage(network)
    await until(client, isOutcome('added'))
    network.silence()
    await network.server.emit('ERROR')
    await network.server.emit('ERROR')
    await client.beginUpload(USER, { files: 2 })
    await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome: 'waiting', files: { added: 0, failed: 0 } })
  })

  it.each(['ERROR', 'ADDED'] as const)('%s is not taken for its own while a sync is under way', async (old) => {
    const network = new Network(serve())
    const client = openPage(network)
    const letThrough = network.hold('stream')
    const heard = until(client, isOpen)
    await vi.waitFor(() => expect(network.asked).toContain('stream'))
    await network.server.emit(old)
    const beginning = client.beginUpload(USER)
    await beginning
    letThrough()
    await heard
    await network.server.emit('ADDED')
    const { status } = await until(client, isOutcome('added'))
    expect(status).toMatchObject({ files: { added: 1, failed: 0 }, doubt: null })
  })

  it('is not taken for its own where the sync that was under way comes before the snapshot', async () => {
    const network = new Network(serve())
    const client = openPage(network)
    const letStreamThrough = network.hold('stream')
    const heard = until(client, isOpen)
    await vi.waitFor(() => expect(network.asked).toContain('stream'))
    await network.server.emit('ERROR')
    const letSnapshotThrough = network.hold('snapshot')
    const beginning = client.beginUpload(USER)
    await vi.waitFor(() => expect(network.asked).toContain('snapshot'))
    letStreamThrough()
    await heard
    expect(known(client)).toMatchObject({ outcome: 'waiting', files: { failed: 0 } })
    letSnapshotThrough()
    await beginning
    expect(known(client)).toMatchObject({ outcome: 'waiting', files: { failed: 0 }, doubt: null })
  })
})

describe.each(servers)('the answer to an upload, by %s', (_, serve) => {
  it('counts where it comes between the point that the relay names and the moment that the page knows it', async () => {
    const network = new Network(serve())
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await network.server.emit('ERROR')
    await until(client, isOutcome('error'))
    const letThrough = network.hold('snapshot')
    const beginning = client.beginUpload(USER)
    await vi.waitFor(() => expect(network.asked).toContain('snapshot'))
    // The relay has named the point by now.
    await network.server.emit('ADDED')
    letThrough()
    await beginning
    expect((await until(client, isOutcome('added'))).status).toMatchObject({ files: { added: 1, failed: 0 } })
  })
})

describe.each([404, 500, 503])('a relay that answers %i to snapshots while its line goes on', (status) => {
  it.each([
    ['ADDED', 'added', { added: 1, failed: 0 }],
    ['ERROR', 'error', { added: 0, failed: 1 }],
  ] as const)('still lets %s count, and nothing from before', async (own, outcome, files) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: Date.now() })
    onTestFinished(() => void vi.useRealTimers())
    const server = mockServer()
    const isSnapshot = (init?: RequestInit) => new Headers(init?.headers).get('accept') === 'application/json'
    const network = new Network({
      ...server,
      fetch: async (input, init) => (isSnapshot(init) ? new Response(null, { status }) : server.fetch(input, init)),
    })
    const client = openPage(network)
    const none = until(client, isOutcome('none'))
    await vi.advanceTimersByTimeAsync(10)
    await none
    await server.emit(own === 'ADDED' ? 'ERROR' : 'ADDED')
    await vi.advanceTimersByTimeAsync(5000)
    const beginning = client.beginUpload(USER)
    await vi.advanceTimersByTimeAsync(3000)
    await beginning
    await vi.advanceTimersByTimeAsync(1000)
    await server.emit(own)
    await vi.advanceTimersByTimeAsync(5000)
    expect(known(client)).toMatchObject({ outcome, files, doubt: null })
  })
})

describe.each(servers)('the answers to two files while the line is down, by %s', (_, serve) => {
  const orders = [
    ['ADDED', 'ADDED', { outcome: 'added', files: { expected: 2, added: 2, failed: 0 } }],
    ['ADDED', 'ERROR', { outcome: 'error', files: { expected: 2, added: 1, failed: 1 } }],
    ['ERROR', 'ADDED', { outcome: 'error', files: { expected: 2, added: 1, failed: 1 } }],
  ] as const

  it.each(orders)('%s and %s both count after a reload', async (first, second, expected) => {
    const network = new Network(serve())
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await client.beginUpload(USER, { files: 2 })
    network.isDown = true
    network.cut()
    await network.server.emit(first)
    await network.server.emit(second)
    client.close()
    const reloaded = openPage(network)
    expect(known(reloaded)?.outcome).toBe('waiting')
    await comeBack(network, reloaded)
    expect(known(reloaded)).toMatchObject({ ...expected, doubt: null })
  })

  it.each(orders)(
    '%s and %s both count after a reload, for an upload that began without a line',
    async (first, second, expected) => {
      const network = new Network(serve())
      const client = openPage(network)
      await until(client, isOutcome('none'))
      network.isDown = true
      network.cut()
      await beginWithoutRelay(client, 2)
      await network.server.emit(first)
      await network.server.emit(second)
      client.close()
      const reloaded = openPage(network)
      await comeBack(network, reloaded)
      expect(known(reloaded)).toMatchObject(expected)
    },
  )

  it.each(orders)('%s and %s both count after clear()', async (first, second, expected) => {
    const network = new Network(serve())
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await client.beginUpload(USER)
    network.isDown = true
    network.cut()
    client.clear(USER)
    await beginWithoutRelay(client, 2)
    await network.server.emit(first)
    await network.server.emit(second)
    await comeBack(network, client)
    expect(known(client)).toMatchObject(expected)
  })

  it.each(orders)(
    '%s and %s both count for an upload that begins after a reload without a line',
    async (first, second, expected) => {
      const network = new Network(serve())
      const client = openPage(network)
      await until(client, isOutcome('none'))
      await client.beginUpload(USER)
      await network.server.emit('ADDED')
      await until(client, isOutcome('added'))
      network.isDown = true
      network.cut()
      client.close()
      const reloaded = openPage(network)
      await beginWithoutRelay(reloaded, 2)
      await network.server.emit(first)
      await network.server.emit(second)
      await comeBack(network, reloaded)
      expect(known(reloaded)).toMatchObject(expected)
    },
  )

  it.each([
    ['a reload', true],
    ['a line that was lost', false],
  ])('a late duplicate ERROR does not overturn ADDED after %s', async (_name, isReload) => {
    const network = new Network(serve())
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await client.beginUpload(USER)
    network.isDown = true
    network.cut()
    await network.server.emit('ADDED')
    await network.server.emit('ERROR')
    if (isReload) client.close()
    const page = isReload ? openPage(network) : client
    await comeBack(network, page)
    expect(known(page)).toMatchObject({ outcome: 'added', files: { added: 1, failed: 1 }, doubt: 'extra' })
  })

  it('a late duplicate ERROR does not overturn ADDED after clear()', async () => {
    const network = new Network(serve())
    await network.server.emit('ERROR')
    const client = openPage(network)
    await until(client, isOutcome('error'))
    network.isDown = true
    network.cut()
    client.clear(USER)
    await beginWithoutRelay(client, 1)
    await network.server.emit('ADDED')
    await network.server.emit('ERROR')
    await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome: 'added', files: { added: 1, failed: 1 } })
  })

  it('all count after two reloads, the first one without a line', async () => {
    const network = new Network(serve())
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await client.beginUpload(USER, { files: 2 })
    network.isDown = true
    network.cut()
    await network.server.emit('ADDED')
    client.close()
    openPage(network).close()
    await network.server.emit('ADDED')
    const page = openPage(network)
    await comeBack(network, page)
    expect(known(page)).toMatchObject({ outcome: 'added', files: { added: 2 }, doubt: null })
  })
})

describe('a durable relay without events for a user, restarted', () => {
  it.each([0, 2000, HOUR])('with its clock %i ms behind: the webhook that comes then is shown', async (behind) => {
    const now = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now })
    try {
      const file = newFile()
      const store = sqliteStore(file)
      const network = new Network(relayServer(store))
      const client = openPage(network)
      await until(client, isOutcome('none'))
      await store.close()
      network.isDown = true
      network.cut()
      vi.setSystemTime(now - behind)
      network.server = relayServer(track(sqliteStore(file)))
      await network.server.emit('ADDED')
      await comeBack(network, client)
      expect(known(client)).toMatchObject({ outcome: 'added', attemptId: null })
    } finally {
      vi.useRealTimers()
    }
  })

  it.each([0, 2000, HOUR])('with its clock %i ms behind: the webhook counts for an upload', async (behind) => {
    const now = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now })
    try {
      const file = newFile()
      const store = sqliteStore(file)
      const network = new Network(relayServer(store))
      const client = openPage(network)
      await until(client, isOutcome('none'))
      await client.beginUpload(USER)
      await store.close()
      network.isDown = true
      network.cut()
      vi.setSystemTime(now - behind)
      network.server = relayServer(track(sqliteStore(file)))
      await network.server.emit('ERROR')
      await comeBack(network, client)
      expect(known(client)).toMatchObject({ outcome: 'error', doubt: null })
    } finally {
      vi.useRealTimers()
    }
  })
})

/** A relay whose answers are written by the test. */
function scripted(...answers: { events?: [string, 'ADDED' | 'ERROR'][]; cursor: string; complete: boolean }[]): Server {
  let served = 0
  const data = (status: string) => ({ externalUserId: USER, status, receivedAt: '2026-11-23T12:00:00.000Z' })
  const frame = (event: string, id: string, value: object) =>
    `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(value)}\n\n`
  return {
    emit: async () => {},
    async fetch(_, init) {
      const isStream = isForStream(init)
      const {
        events = [],
        cursor,
        complete,
      } = answers[Math.min(Math.max(0, isStream ? served : served - 1), answers.length - 1)] ?? {
        cursor: '1-0',
        complete: true,
      }
      const now = new Date(Number.parseInt(cursor, 10)).toISOString()
      if (!isStream) {
        const sent = events.map(([id, status]) => ({ id, event: 'kyc-file', data: data(status) }))
        return Response.json({ cursor, now, events: sent, complete })
      }
      served++
      const text = [
        ...events.map(([id, status]) => frame('kyc-file', id, data(status))),
        frame('sync', cursor, { cursor, now, complete, heartbeat: 15 }),
      ].join('')
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    },
  }
}

describe('a complete replay', () => {
  const NOW = Date.parse('2026-11-23T12:00:00Z')

  it.each([2000, HOUR])('is trusted where its event lies %i ms before the cursor that the page had', async (behind) => {
    const id = `${NOW - behind}-0`
    const network = new Network(
      scripted({ cursor: `${NOW}-0`, complete: true }, { events: [[id, 'ADDED']], cursor: id, complete: true }),
    )
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await comeBack(network, client)
    expect(known(client)?.outcome).toBe('added')
  })

  it.each([2000, HOUR])('counts for an upload where its event lies %i ms before the point', async (behind) => {
    const id = `${NOW - behind}-0`
    const network = new Network(
      scripted({ cursor: `${NOW}-0`, complete: true }, { events: [[id, 'ERROR']], cursor: id, complete: true }),
    )
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await client.beginUpload(USER)
    await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome: 'error', doubt: null })
  })

  it.each([2000, HOUR])(
    'counts for an upload after a reload where its event lies %i ms before the point',
    async (behind) => {
      const id = `${NOW - behind}-0`
      const network = new Network(
        scripted({ cursor: `${NOW}-0`, complete: true }, { events: [[id, 'ERROR']], cursor: id, complete: true }),
      )
      const client = openPage(network)
      await until(client, isOutcome('none'))
      await client.beginUpload(USER)
      client.close()
      const reloaded = openPage(network)
      await comeBack(network, reloaded)
      expect(known(reloaded)).toMatchObject({ outcome: 'error', doubt: null })
    },
  )
})

describe('a relay that says that events are missing', () => {
  it('and keeps one event: the page says that an answer may be missing', async () => {
    const network = new Network(relayServer(track(memoryStore({ maxEvents: 1 }))))
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await client.beginUpload(USER, { files: 3 })
    network.isDown = true
    network.cut()
    for (let file = 0; file < 3; file++) await network.server.emit('ADDED')
    await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome: 'waiting', files: { expected: 3, added: 1 }, doubt: 'missed' })
  })

  it('and keeps one event in a file: the page says so after a reload, too', async () => {
    const network = new Network(relayServer(track(sqliteStore(newFile(), { maxEvents: 1 }))))
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await client.beginUpload(USER, { files: 3 })
    network.isDown = true
    network.cut()
    for (let file = 0; file < 3; file++) await network.server.emit('ADDED')
    client.close()
    const reloaded = openPage(network)
    await comeBack(network, reloaded)
    expect(known(reloaded)).toMatchObject({ outcome: 'waiting', files: { added: 1 }, doubt: 'missed' })
    await network.server.emit('ADDED')
    await until(reloaded, ({ status }) => status?.files.added === 2)
    expect(known(reloaded)?.doubt).toBe('missed')
    reloaded.clear(USER)
    expect(known(reloaded)).toMatchObject({ outcome: 'added', doubt: null })
  })

  it('and has kept the answer for too short a time: the page says that it may be missing', async () => {
    const now = Date.now()
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now })
    try {
      const network = new Network(relayServer(track(memoryStore({ maxAge: HOUR, keepLatest: HOUR }))))
      const client = openPage(network)
      await until(client, isOutcome('none'))
      await client.beginUpload(USER)
      network.isDown = true
      network.cut()
      await network.server.emit('ADDED')
      vi.advanceTimersByTime(HOUR + 1)
      await comeBack(network, client)
      expect(known(client)).toMatchObject({ outcome: 'waiting', doubt: 'missed' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('because it has started with an empty memory: the page says so, and takes the next answer', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() })
    onTestFinished(() => void vi.useRealTimers())
    const network = new Network(relayServer(track(memoryStore())))
    await network.server.emit('ERROR')
    const client = openPage(network)
    await until(client, isOutcome('error'))
    await client.beginUpload(USER)
    await network.server.emit('ADDED')
    network.isDown = true
    network.cut()
    vi.advanceTimersByTime(1000)
    network.server = relayServer(track(memoryStore()))
    client.close()
    const reloaded = openPage(network)
    await comeBack(network, reloaded)
    expect(known(reloaded)?.doubt).toBe('missed')
    await network.server.emit('ADDED')
    await until(reloaded, isOutcome('added'))
  })

  it('without an upload: the page shows what there is, without a doubt', async () => {
    const network = new Network(relayServer(track(memoryStore({ maxEvents: 1 }))))
    const client = openPage(network)
    await until(client, isOutcome('none'))
    network.isDown = true
    network.cut()
    for (const status of ['ERROR', 'ERROR', 'ADDED'] as const) await network.server.emit(status)
    await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome: 'added', doubt: null })
  })
})

describe('a file that comes back as it was before its last event', () => {
  it.each([
    ['ADDED', 'ERROR', { added: 2, failed: 1 }],
    ['ERROR', 'ADDED', { added: 2, failed: 1 }],
  ] as const)('with %s and without %s: what was counted counts once', async (first, second, files) => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() })
    onTestFinished(() => void vi.useRealTimers())
    const [file, copy] = [newFile(), newFile()]
    const store = sqliteStore(file)
    const network = new Network(relayServer(store))
    const client = openPage(network)
    await until(client, isOutcome('none'))
    await client.beginUpload(USER, { files: 2 })
    await network.server.emit(first)
    for (const end of ['', '-wal']) copyFileSync(file + end, copy + end)
    vi.advanceTimersByTime(HOUR)
    await network.server.emit(second)
    await until(client, ({ status }) => (status?.files.added ?? 0) + (status?.files.failed ?? 0) === 2)
    network.isDown = true
    network.cut()
    await store.close()
    vi.advanceTimersByTime(HOUR)
    network.server = relayServer(track(sqliteStore(copy)))
    await comeBack(network, client)
    expect(known(client)).toMatchObject({ outcome: 'error', files: { added: 1, failed: 1 }, doubt: 'missed' })
    await network.server.emit('ADDED')
    expect((await until(client, isOutcome('added'))).status?.files).toMatchObject(files)
  })
})
