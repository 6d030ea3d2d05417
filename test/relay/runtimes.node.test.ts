import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { subscriptionTokens } from '../../src/relay/index.ts'
import { type Running, run, secrets, start } from '../cli/process.ts'
import { type RelayProcess, startProcess, startRelay } from '../conformance/relay-process.ts'
import { failure } from '../conformance/report.ts'
import { checks, type Result, runSuite } from '../conformance/suite.ts'
import { ownServer, runtimes } from './runtimes.ts'
import { openStream, type Stream, tokens, USER } from './serve.ts'

/** What the server of a runtime keeps from the relay, and so from the protocol. The documentation lists it too. */
const GAPS: Record<string, Record<string, string>> = {
  'Deno.serve': {
    '408, or a cut, to a body that dribbles': 'it sends the 408, and leaves the connection open',
    'a request without Host is refused': 'it takes its own address for the Host',
    'headers that dribble are cut': 'it waits for them without a limit',
  },
}

const forms = runtimes.flatMap(({ name, command = [] }) => {
  if (command.length === 0) return []
  return [
    { name: `the relay command on ${name}, in memory`, begin: () => startRelay('memory', command) },
    { name: `the relay command on ${name}, with SQLite`, begin: () => startRelay('sqlite', command) },
    { name: `${name}.serve`, begin: () => startProcess(() => ownServer(command)) },
  ]
})

interface Driven {
  results: readonly Result[]
  /** How long headers may take, in seconds; `null` if there is no end to it. */
  headersTimeout: number | null
}

/** Time is what checks take, so all forms are driven at once, beside the other tests. */
const driven = new Map<string, Promise<Driven>>()
beforeAll(() => {
  for (const { name, begin } of forms) {
    const outcome = drive(begin)
    // Whoever asks for it is told.
    outcome.catch(() => {})
    driven.set(name, outcome)
  }
})

async function drive(begin: () => Promise<RelayProcess>): Promise<Driven> {
  const { url, settings, stop } = await begin()
  try {
    const [results, headersTimeout] = await Promise.all([runSuite(url, settings), timeHeaders(url)])
    return { results, headersTimeout }
  } finally {
    await stop()
  }
}

async function timeHeaders(url: string): Promise<number | null> {
  const began = performance.now()
  const { socket, closed } = await connectTo(url)
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Name: ')
  const dribble = setInterval(() => socket.write('x'), 1000)
  const isCut = await Promise.race([closed.then(() => true), wait(16_000, false)])
  clearInterval(dribble)
  socket.destroy()
  return isCut ? (performance.now() - began) / 1000 : null
}

describe.each(runtimes)('the relay command on $name', ({ command }) => {
  const test = it.skipIf(!command)
  const on = (file: string) => ['relay', '--port', '0', '--store', `sqlite:${file}`]
  const begin = (file: string) => start(on(file), secrets, [], command)

  function newFile(): string {
    const folder = mkdtempSync(join(tmpdir(), 'kyc-runtimes-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    return join(folder, 'events.sqlite')
  }

  test('drains on SIGTERM: streams end cleanly with a wait, and it exits with 0', async () => {
    const relay = await begin(newFile())
    const streams = await Promise.all([follow(relay), follow(relay)])
    await Promise.all(streams.map((stream) => stream.untilSync()))
    const stopped = relay.stop()
    expect(await Promise.all(streams.map(({ ended }) => ended))).toEqual([[], []])
    for (const { retries } of streams) expect(retries).toHaveLength(2)
    expect(await stopped).toBe(0)
  })

  test('still knows what it acknowledged after kill -9 right after the 200, once, under a higher id', async () => {
    const file = newFile()
    let relay = await begin(file)
    let cursor = (await (await follow(relay)).untilSync())[0]?.id ?? ''
    for (const status of ['ADDED', 'ERROR']) {
      expect(await deliver(relay, status)).toBe(200)
      expect(await relay.stop('SIGKILL')).toBe('SIGKILL')
      relay = await begin(file)
      const [event, sync] = await (await follow(relay, cursor)).untilSync()
      expect(JSON.parse(event?.data ?? '').status).toBe(status)
      expect(JSON.parse(sync?.data ?? '').complete).toBe(true)
      cursor = sync?.id ?? ''
    }
  })

  test('refuses a file that another process has open, and one that is damaged, in one line', async () => {
    const file = newFile()
    const relay = await begin(file)
    expect(await deliver(relay, 'ADDED')).toBe(200)
    const second = await run(on(file), secrets, [], command)
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(/^kyc-upload-status: [^\n]+another process has it open\n$/)
    await relay.stop()

    const bytes = readFileSync(file)
    const at = bytes.indexOf('"status":"ADDED"')
    expect(at).toBeGreaterThan(0)
    bytes.write('"status":"ERROR"', at)
    writeFileSync(file, bytes)
    const damaged = await run(on(file), secrets, [], command)
    expect(damaged).toMatchObject({ code: 1, stdout: '' })
    expect(damaged.stderr).toMatch(/^kyc-upload-status: [^\n]+it is damaged: [^\n]+\n$/)
  })
})

describe.each(runtimes)('$name.serve', ({ name, command = [] }) => {
  const test = it.skipIf(command.length === 0)
  const onBun = it.skipIf(command.length === 0 || name !== 'Bun')

  /** The runtime says by itself what it thinks of a stream that fails. */
  const QUIETLY = ['bash', '-c', 'exec "$0" "$@" 2>/dev/null']

  async function begin() {
    const relay = await startProcess(() => [...QUIETLY, ...ownServer(command)])
    onTestFinished(relay.stop)
    const send = async (text: string) => {
      const connection = await connectTo(relay.url)
      onTestFinished(() => void connection.socket.destroy())
      connection.socket.write(text)
      return connection
    }
    return {
      url: relay.url,
      webhookToken: relay.settings.webhookToken,
      send,
      open: async () => {
        const token = await subscriptionTokens(relay.settings.subscriptionSecret).issue(USER)
        return send(`GET /events/${USER} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`)
      },
      metric: async (sample: string) => {
        const text = await (await fetch(`${relay.url}/metrics`)).text()
        return Number(
          text
            .split('\n')
            .find((line) => line.startsWith(`kyc_relay_${sample} `))
            ?.split(' ')
            .at(-1),
        )
      },
    }
  }

  test('forgets a reader that has left', async () => {
    const { open, metric } = await begin()
    const [first, second] = await Promise.all([open(), open()])
    await vi.waitFor(async () => expect(await metric('connections')).toBe(2))
    first.socket.destroy()
    second.socket.resetAndDestroy()
    await vi.waitFor(async () => expect(await metric('disconnects_total{reason="gone"}')).toBe(2))
    expect(await metric('connections')).toBe(0)
  })

  test('cuts a reader that does not read, so that its stream has no end, and no other', async () => {
    const { url, open, metric } = await begin()
    const [stuck] = await Promise.all([open(), open()])
    await once(stuck.socket, 'data')
    stuck.socket.pause()
    await fetch(`${url}/flood/${USER}`)
    expect(await metric('slow_readers_total')).toBe(1)
    expect(await metric('connections')).toBe(1)
    stuck.socket.resume()
    await stuck.closed
    expect(stuck.received()).not.toMatch(/\r\n0\r\n\r\n$/)
  })

  onBun('closes the connection on which a webhook is refused before its end', async () => {
    const { send } = await begin()
    const { closed, received } = await send(
      'POST /webhook/kyc-files/status HTTP/1.1\r\nHost: x\r\nAuthorization: wrong\r\nContent-Length: 1000\r\n\r\n{',
    )
    await closed
    expect(received()).toMatch(/^HTTP\/1\.1 401 /)
  })

  onBun(
    'closes a connection on which a webhook comes before the last one is answered, and takes it when it comes again',
    async () => {
      const { send, webhookToken } = await begin()
      const body = JSON.stringify({ externalUserId: USER, status: 'ADDED' })
      const webhook = `POST /webhook/kyc-files/status HTTP/1.1\r\nHost: x\r\nAuthorization: ${webhookToken}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
      const { closed, received } = await send(webhook.repeat(3))
      await closed
      expect(received()).toBe('')
      const again = await send(webhook)
      await once(again.socket, 'data')
      expect(again.received()).toMatch(/^HTTP\/1\.1 200 /)
    },
  )

  test('answers a probe that speaks HTTP/1.0, and so has no Host', async () => {
    const { send } = await begin()
    const { closed, received } = await send('GET /readyz HTTP/1.0\r\n\r\n')
    await closed
    expect(received()).toMatch(/^HTTP\/1\.\d 200 /)
  })
})

describe.each(forms)('$name keeps the protocol', { timeout: 60_000 }, ({ name }) => {
  /** Skips what the server of the runtime does not let hold, and says so once it does. */
  const skipGap = (rule: string, holds: boolean, skip: (reason: string) => never) => {
    const gap = GAPS[name]?.[rule]
    if (gap === undefined) return
    expect(holds, 'this holds by now: it is no gap any more').toBe(false)
    skip(gap)
  }

  it.for(checks)('$topic: $rule', async (check, { skip }) => {
    const result = (await driven.get(name))?.results.find((candidate) => candidate.check === check)
    skipGap(check.rule, result?.outcome === 'passed', skip)
    if (result?.outcome === 'failed') throw new Error(failure(result))
    expect(result?.outcome).toBe('passed')
  })

  it('headers that dribble are cut', async ({ skip }) => {
    const seconds = (await driven.get(name))?.headersTimeout ?? null
    skipGap('headers that dribble are cut', seconds !== null, skip)
    expect(seconds).toBeGreaterThan(9)
    expect(seconds).toBeLessThan(14)
  })
})

async function deliver({ url }: Running, status: string): Promise<number> {
  const response = await fetch(`${url}/webhook/kyc-files/status`, {
    method: 'POST',
    headers: { authorization: 'first-token', 'content-type': 'application/json' },
    body: JSON.stringify({ externalUserId: USER, status }),
  })
  return response.status
}

async function follow({ url }: Running, lastEventId?: string): Promise<Stream> {
  return openStream(`${url}/events/${USER}`, {
    authorization: `Bearer ${await tokens.issue(USER)}`,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  })
}

/** A connection on which bytes go out as they stand, and what came back is kept. */
async function connectTo(url: string) {
  let received = ''
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('latin1')
  const closed = new Promise<void>((resolve) => {
    socket
      .on('data', (chunk: string) => {
        received += chunk
      })
      .on('error', () => {})
      .on('close', () => resolve())
  })
  await once(socket, 'connect')
  return { socket, closed, received: () => received }
}
