import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createRelay } from '../../../src/relay/index.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { isLong } from '../../long.ts'
import { openStream, silentLogger, tokens } from '../serve.ts'
import { type MeasuredRelay, startMeasured, times, type Usage } from './measured-relay.ts'

const SUBSCRIBERS = isLong ? 2000 : 500
const IDLE = isLong ? 10_000 : 1000
/** Connects and disconnects over which the relay stays flat; it is warmed up by a fifth of them before. */
const CONNECTS = isLong ? 100_000 : 10_000
const MiB = 1024 * 1024
const mib = (bytes: number) => `${(bytes / MiB).toFixed(2)} MiB`

it('brings each of many subscribers exactly their own events, while they connect and after', async () => {
  const relay = await startMeasured()
  const users = Array.from({ length: SUBSCRIBERS }, (_, i) => `user ${i}`)
  const statuses = ['ERROR', 'ERROR', 'ADDED'] as const
  const deliver = (status: (typeof statuses)[number]) =>
    times(users.length, 32, async (i) => {
      // In another order than they connect.
      const user = users[(i * 1237) % users.length] ?? ''
      expect(await relay.webhook(user, status)).toBe(200)
    })

  const delivering = deliver('ERROR')
  const streams = await Promise.all(
    users.map(async (user) => {
      const authorization = `Bearer ${await tokens.issue(user)}`
      return openStream(`http://127.0.0.1:${relay.port}/events/${encodeURIComponent(user)}`, { authorization })
    }),
  )
  await delivering
  await deliver('ERROR')
  await deliver('ADDED')

  for (const [i, stream] of streams.entries()) {
    const events: { externalUserId: string; status: string; id: string | undefined }[] = []
    while (events.length < 3) {
      const { event, data, id } = await stream.next()
      if (event === 'kyc-file') events.push({ ...JSON.parse(data), id })
    }
    expect(events.map(({ externalUserId, status }) => [externalUserId, status])).toEqual(
      statuses.map((status) => [users[i], status]),
    )
    expect(new Set(events.map(({ id }) => id)).size).toBe(3)
    stream.close()
    expect((await stream.ended).filter(({ event }) => event !== 'sync')).toEqual([])
  }
})

it('keeps idle streams through an hour of heartbeats', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const relay = createRelay({
    store: memoryStore(),
    webhookTokens: ['token'],
    subscriptionTokens: tokens,
    maxLifetime: 2 * 60 * 60 * 1000,
    logger: silentLogger(),
  })
  const users = Array.from({ length: IDLE }, (_, i) => `user-${i}`)
  const open = async (user: string) => {
    const authorization = `Bearer ${await tokens.issue(user, { expiresIn: '2h' })}`
    return relay.fetch(new Request(`http://relay/events/${user}`, { headers: { authorization } }))
  }
  const responses = await Promise.all(users.map(open))

  // Each reads its stream up to now, as a browser does that waits.
  const decoder = new TextDecoder()
  const readers = responses.map((response) => response.body?.getReader())
  const beats = new Uint16Array(users.length)
  const read = async (i: number) => {
    const part = await readers[i]?.read()
    if (decoder.decode(part?.value) === ':\n\n') beats[i] = (beats[i] ?? 0) + 1
    return part
  }
  await Promise.all(users.map((_, i) => read(i)))
  for (let minute = 0; minute < 60; minute++) {
    vi.advanceTimersByTime(60_000)
    for (let beat = 0; beat < 4; beat++) await Promise.all(users.map((_, i) => read(i)))
  }
  expect(new Set(beats)).toEqual(new Set([240]))

  const webhook = JSON.stringify({ externalUserId: `user-${IDLE - 1}`, status: 'ADDED' })
  const headers = { authorization: 'token', 'content-type': 'application/json' }
  await relay.fetch(new Request('http://relay/webhook/kyc-files/status', { method: 'POST', headers, body: webhook }))
  expect(decoder.decode((await read(IDLE - 1))?.value)).toContain('"status":"ADDED"')
})

it('keeps idle sockets through a round of heartbeats, and serves each of them', async () => {
  const relay = await startMeasured()
  const before = await relay.measure()
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const heard: Promise<unknown>[] = []
  await times(IDLE, 64, async (i) => {
    const socket = await subscribe(relay.port, `user-${i}`, i)
    sockets.push(socket)
    await received(socket, 'event: sync')
    heard.push(received(socket, ':\n\n'))
  })
  const after = await relay.measure()
  expect(await relay.sample('connections')).toBe(IDLE)
  await Promise.all(heard)
  expect(sockets.every((socket) => !socket.destroyed)).toBe(true)

  const told = sockets.map((socket) => received(socket, '"status":"ADDED"'))
  await times(IDLE, 32, (i) => relay.webhook(`user-${i}`, 'ADDED'))
  await Promise.all(told)
  console.log(
    `${IDLE.toLocaleString('en')} idle streams: ${((after.rss - before.rss) / IDLE / 1024).toFixed(1)} KiB resident each`,
  )
})

it('stays flat over many connects and disconnects, before, during and after a stream is set up', async () => {
  const relay = await startMeasured()
  const token = await tokens.issue('user')
  const head = `GET /events/user HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer ${token}\r\n`
  const round = async (count: number) => {
    await times(count, 64, async (i) => {
      const socket = connect({ port: relay.port, host: '127.0.0.1' }).on('error', () => {})
      await once(socket, 'connect')
      if (i % 4 === 0) socket.write(head)
      else socket.write(`${head}\r\n`)
      // Neither end of the request, nor an answer; the answer without its end; all of it.
      if (i % 4 === 2) await once(socket, 'data')
      if (i % 4 === 3) await received(socket, 'event: sync')
      // A reset leaves no port in TIME_WAIT, of which there are fewer than connections here.
      socket.resetAndDestroy()
    })
    await vi.waitFor(async () => expect(await relay.sample('connections')).toBe(0), { timeout: 5000 })
    return settled(relay)
  }
  const warm = await round(CONNECTS / 5)
  const half = await round(CONNECTS / 2)
  const whole = await round(CONNECTS / 2)
  const more = (from: Usage, to: Usage) => `${mib(to.bytes - from.bytes)} and ${to.files - from.files} files`
  console.log(
    `${CONNECTS.toLocaleString('en')} connects and disconnects: ` +
      `${more(warm, half)} more after half of them, ${more(half, whole)} after all`,
  )
  expect(whole.bytes - warm.bytes).toBeLessThan(MiB)
  expect(whole.bytes - half.bytes).toBeLessThan(MiB / 2)
  expect(whole.files).toBeLessThanOrEqual(warm.files)
})

it('spends less than 1 MiB on a reader that does not read', async () => {
  const relay = await startMeasured()
  const user = 'x'.repeat(256)
  for (let i = 0; i < 2000; i++) await relay.webhook(`${user.slice(1)}y`, 'ADDED')
  const stuck = await subscribe(relay.port, user, 0)
  stuck.pause()
  const before = await relay.measure()

  // Bounded: what the kernel holds for the two sockets is a few megabytes, and this is 40.
  let most = 0
  let sent = 0
  while (sent < 100_000 && (await relay.sample('slow_readers_total')) === 0) {
    await times(1000, 32, () => relay.webhook(user, 'ADDED'))
    sent += 1000
    most = Math.max(most, (await relay.measure()).bytes - before.bytes)
  }
  stuck.destroy()
  console.log(`a reader that does not read: ${mib(most)} more memory at most, cut after ${sent} events`)
  expect(await relay.sample('disconnects_total{reason="slow_reader"}')).toBe(1)
  expect(most).toBeLessThan(MiB)
})

/** The relay's usage once it no longer changes: some garbage is finalized late, and one measurement alone may be too high. */
async function settled(relay: MeasuredRelay): Promise<Usage> {
  let last = await relay.measure()
  for (;;) {
    await wait(100)
    const usage = await relay.measure()
    if (Math.abs(usage.bytes - last.bytes) < 16_384) return usage
    last = usage
  }
}

/** Opens a stream by hand, from one of several addresses, since an address has some 28,000 ports only. */
async function subscribe(port: number, user: string, i: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + (i % 4)}` }).setEncoding('utf8')
  await once(socket, 'connect')
  const authorization = `Bearer ${await tokens.issue(user)}`
  socket.write(`GET /events/${user} HTTP/1.1\r\nHost: relay\r\nAuthorization: ${authorization}\r\n\r\n`)
  return socket
}

/** Resolves once a socket has received this text in one piece, as small frames come. */
function received(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (chunk: string | Buffer) => {
      if (!chunk.toString().includes(text)) return
      socket.off('data', look).off('close', fail)
      resolve()
    }
    const fail = () => reject(new Error(`the connection closed before ${JSON.stringify(text)}`))
    socket.on('data', look).once('close', fail)
  })
}
