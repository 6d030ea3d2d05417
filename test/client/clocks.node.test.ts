import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { KycStatusClient, KycStatusClientOptions } from '../../src/client/index.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { createMockRelay } from '../../src/testing/index.ts'
import { fakePage, fakeTime, pass as passInSteps } from './fake-time.ts'
import { USER } from './mock-page.ts'
import { known, mockServer, Network, openPage, relayServer, type Server, stubSessionStorage, track } from './network.ts'

const HOUR = 3_600_000
const JUMPS = [-HOUR, -2000, 0, 2000, HOUR]
const NOON = Date.parse('2026-11-23T12:00:00Z')

/** How far each wall clock is ahead of the true time. */
const ahead = { device: 0, relay: 0 }
let trueTime = { base: 0, at: 0 }

beforeEach(() => {
  fakeTime(NOON)
  stubSessionStorage()
  Object.assign(ahead, { device: 0, relay: 0 })
  trueTime = { base: NOON, at: performance.now() }
})

/** The true time, in milliseconds since the epoch: `performance.now()` stands still while the device sleeps. */
const now = () => trueTime.base + performance.now() - trueTime.at
const setClock = () => void vi.setSystemTime(now() + ahead.device)
/** The wall clock of an end is set; everything else runs on. */
function jump(end: 'device' | 'relay', ms: number): void {
  ahead[end] += ms
  setClock()
}
/** The device sleeps: its timers and its steady clock stand still, and the true time goes on. */
function sleepThrough(ms: number): void {
  trueTime = { ...trueTime, base: trueTime.base + ms }
  setClock()
}
const pass = (ms: number) => passInSteps(ms, 250)

/** A relay whose wall clock is its own. */
function withClock(server: Server): Server {
  const by = async <T>(work: () => Promise<T>): Promise<T> => {
    vi.setSystemTime(now() + ahead.relay)
    const done = work()
    setClock()
    return done
  }
  return { fetch: (...args) => by(() => server.fetch(...args)), emit: (...args) => by(() => server.emit(...args)) }
}

function open(options: Partial<KycStatusClientOptions> = {}, server: Server = mockServer()) {
  const network = new Network(withClock(server))
  const client = openPage(network, { retry: { base: 500, max: 1000 }, ...options })
  const read = (page: KycStatusClient) => onTestFinished(page.subscribe(USER, () => {}))
  read(client)
  return { network, client, read }
}

const ends = JUMPS.flatMap((device) => JUMPS.map((relay) => [device, relay] as const))

describe.each([
  ['by a relay that had been heard', true],
  ['by a relay that had never been heard', false],
] as const)('an upload that begins without a line, %s', (_, isHeard) => {
  async function begin(old: 'ERROR' | 'ADDED' = 'ERROR') {
    const opened = open()
    const { network, client } = opened
    network.isDown = !isHeard
    await pass(1000)
    network.isDown = true
    network.cut()
    await network.server.emit(old)
    await pass(10_000)
    const beginning = client.beginUpload(USER)
    await pass(3000)
    await beginning
    return opened
  }
  const comeBack = async ({ network }: { network: Network }) => {
    network.isDown = false
    await pass(35_000)
  }

  it.each(ends)(
    "is not answered by an old refusal where the device's clock is set by %i ms, and the relay's by %i ms",
    async (device, relay) => {
      const page = await begin()
      await pass(1000)
      jump('device', device)
      jump('relay', relay)
      await pass(1000)
      await comeBack(page)
      expect(known(page.client)).toMatchObject({ outcome: 'waiting', files: { added: 0, failed: 0 } })
    },
  )

  it.each(ends)(
    "counts its own answer where the device's clock is set by %i ms, and the relay's by %i ms, before it",
    async (device, relay) => {
      const page = await begin()
      await pass(500)
      jump('device', device)
      jump('relay', relay)
      await pass(500)
      await page.network.server.emit('ADDED')
      await pass(1000)
      await comeBack(page)
      expect(known(page.client)).toMatchObject({ outcome: 'added', files: { added: 1, failed: 0 } })
    },
  )

  it.each(JUMPS)("counts its own answer where the device's clock is set by %i ms after it", async (device) => {
    const page = await begin('ADDED')
    await pass(500)
    await page.network.server.emit('ERROR')
    await pass(500)
    jump('device', device)
    await comeBack(page)
    expect(known(page.client)).toMatchObject({ outcome: 'error', files: { added: 0, failed: 1 } })
  })

  it.each(JUMPS)("goes by neither clock's error where the device's is %i ms off all the time", async (device) => {
    jump('device', device)
    const page = await begin()
    await pass(1000)
    await comeBack(page)
    expect(known(page.client)).toMatchObject({ outcome: 'waiting', files: { failed: 0 }, doubt: null })
    await page.network.server.emit('ADDED')
    await pass(100)
    expect(known(page.client)).toMatchObject({ outcome: 'added', doubt: null })
  })

  it.each([10_000, HOUR])('says that an answer may be missing where the device slept for %i ms', async (slept) => {
    const page = await begin()
    sleepThrough(slept)
    await comeBack(page)
    expect(known(page.client)).toMatchObject({ outcome: 'waiting', files: { failed: 0 }, doubt: 'missed' })
  })

  it('counts an answer that came while the device slept for 2 s', async () => {
    const page = await begin()
    await page.network.server.emit('ADDED')
    sleepThrough(2000)
    await comeBack(page)
    expect(known(page.client)?.outcome).toBe('added')
  })
})

describe.each([
  ['the mock relay', () => mockServer()],
  ['memoryStore', () => relayServer(track(memoryStore()))],
])('while the clock of a relay is set, by %s', (_, serve) => {
  it.each(JUMPS)('by %i ms, an upload counts its own answer and none before it', async (relay) => {
    const { network, client } = open({}, serve())
    await pass(1000)
    await network.server.emit('ERROR')
    await pass(5000)
    jump('relay', relay)
    const beginning = client.beginUpload(USER)
    await pass(100)
    await beginning
    expect(known(client)).toMatchObject({ outcome: 'waiting', files: { failed: 0 } })
    await network.server.emit('ADDED')
    await pass(100)
    expect(known(client)).toMatchObject({ outcome: 'added', doubt: null })
  })

  it.each(JUMPS)(
    'by %i ms, an upload of a page that never had a line counts its own answer and none before it',
    async (relay) => {
      const { network, client } = open({}, serve())
      network.isDown = true
      await network.server.emit('ERROR')
      await pass(5000)
      const beginning = client.beginUpload(USER)
      await pass(3000)
      await beginning
      jump('relay', relay)
      await pass(1000)
      network.isDown = false
      await pass(35_000)
      expect(known(client)).toMatchObject({ outcome: 'waiting', files: { failed: 0 }, doubt: null })
      await network.server.emit('ADDED')
      await pass(1000)
      expect(known(client)).toMatchObject({ outcome: 'added', doubt: null })
    },
  )

  it.each(JUMPS)('by %i ms, an upload without a line counts its own answer and none before it', async (relay) => {
    const { network, client } = open({}, serve())
    await pass(1000)
    await network.server.emit('ADDED')
    await pass(5000)
    network.isDown = true
    network.cut()
    jump('relay', relay)
    const beginning = client.beginUpload(USER)
    await pass(3000)
    await beginning
    await pass(1000)
    await network.server.emit('ERROR')
    network.isDown = false
    await pass(35_000)
    expect(known(client)).toMatchObject({ outcome: 'error', files: { added: 0, failed: 1 }, doubt: null })
  })
})

describe('Retry-After', () => {
  const until = (ms: number) => new Date(now() + ahead.relay + ms).toUTCString()

  async function refused(headers: () => Record<string, string>) {
    const relay = createMockRelay()
    const { network, client } = open({}, { ...mockServer(relay), fetch: relay.fetch })
    relay.respond(() => new Response(null, { status: 503, headers: headers() }))
    await pass(100)
    const { length } = network.asked
    relay.respond(null)
    return { network, client, length }
  }

  it.each(JUMPS)(
    "is a date, and the device's clock is %i ms off: it is asked again then, and not before",
    async (device) => {
      jump('device', device)
      const { network, client, length } = await refused(() => ({ 'retry-after': until(30_000), date: until(0) }))
      await pass(28_000)
      expect(network.asked).toHaveLength(length)
      await pass(3500)
      expect(known(client)?.outcome).toBe('none')
    },
  )

  it.each(JUMPS)(
    "is a date, and the relay's clock is %i ms off: it is asked again then, and not before",
    async (relay) => {
      jump('relay', relay)
      const { network, client, length } = await refused(() => ({ 'retry-after': until(30_000), date: until(0) }))
      await pass(28_000)
      expect(network.asked).toHaveLength(length)
      await pass(3500)
      expect(known(client)?.outcome).toBe('none')
    },
  )

  it.each(JUMPS)(
    "is a date, and the device's clock is set by %i ms while it waits: it is asked again then",
    async (device) => {
      const { network, client, length } = await refused(() => ({ 'retry-after': until(30_000), date: until(0) }))
      await pass(1000)
      jump('device', device)
      await pass(27_000)
      expect(network.asked).toHaveLength(length)
      await pass(3500)
      expect(known(client)?.outcome).toBe('none')
    },
  )

  it.each(JUMPS)(
    "is seconds, and the device's clock is %i ms off: it is asked again then, and not before",
    async (device) => {
      jump('device', device)
      const { network, client, length } = await refused(() => ({ 'retry-after': '30' }))
      await pass(28_000)
      expect(network.asked).toHaveLength(length)
      await pass(3500)
      expect(known(client)?.outcome).toBe('none')
    },
  )
})

describe('the wait after a line was lost', () => {
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(1)
    onTestFinished(() => void vi.restoreAllMocks())
  })

  /** The next wait is as long as it gets, unless a line holds. */
  async function troubled() {
    const page = open({ retry: { base: 500, max: 30_000 } })
    page.network.isDown = true
    await pass(70_000)
    page.network.isDown = false
    await pass(30_000)
    expect(page.client.getState(USER).connection.status).toBe('open')
    return page
  }
  const asksAfter = async ({ network }: { network: Network }, ms: number) => {
    const { length } = network.asked
    network.cut()
    await pass(ms)
    return network.asked.length > length
  }

  it.each(JUMPS)(
    'begins again once a line has held for 20 s, the clock of the device being set by %i ms meanwhile',
    async (device) => {
      const page = await troubled()
      await pass(10_000)
      jump('device', device)
      await pass(10_000)
      expect(await asksAfter(page, 5000)).toBe(true)
    },
  )

  it.each([-HOUR, -2000, 0])(
    'goes on growing where a line held for 1 s, the clock of the device being set by %i ms meanwhile',
    async (device) => {
      const page = open({ retry: { base: 500, max: 30_000 } })
      page.network.isDown = true
      await pass(70_000)
      page.network.isDown = false
      for (let left = 120; left > 0 && page.client.getState(USER).connection.status !== 'open'; left--) await pass(250)
      jump('device', device)
      expect(await asksAfter(page, 5000)).toBe(false)
      await pass(30_000)
      expect(page.client.getState(USER).connection.status).toBe('open')
    },
  )
})

describe('a page that is hidden', () => {
  function openHidden() {
    const { presence, turn } = fakePage()
    const opened = open({ presence })
    const show = (isVisible: boolean) => turn({ isVisible })
    return { ...opened, show, status: () => opened.client.getState(USER).connection.status }
  }

  it.each(JUMPS)('pauses after 30 s, the clock of the device being set by %i ms meanwhile', async (device) => {
    const { show, status } = openHidden()
    await pass(1000)
    show(false)
    await pass(10_000)
    jump('device', device)
    await pass(20_250)
    expect(status()).toBe('paused')
    show(true)
    await pass(1000)
    expect(status()).toBe('open')
  })

  it.each([-HOUR, -2000, 0])(
    'keeps its line for 30 s, the clock of the device being set by %i ms meanwhile',
    async (device) => {
      const { network, show, status } = openHidden()
      await pass(1000)
      show(false)
      await pass(10_000)
      jump('device', device)
      await pass(19_000)
      expect(status()).toBe('open')
      show(true)
      await pass(60)
      expect(network.asked).toEqual(['stream'])
    },
  )

  it('while the device sleeps for an hour, shows what came when it is back', async () => {
    const { network, client, show, status } = openHidden()
    await pass(1000)
    show(false)
    await pass(1000)
    await pass(0)
    network.silence()
    await network.server.emit('ADDED')
    sleepThrough(HOUR)
    show(true)
    await pass(8000)
    expect(status()).toBe('open')
    expect(known(client)?.outcome).toBe('added')
  })
})

describe('a line that has fallen silent', () => {
  it.each(JUMPS)('is given up within 36 s, the clock of the device being set by %i ms meanwhile', async (device) => {
    const { network, client } = open()
    await pass(1000)
    network.silence()
    await network.server.emit('ADDED')
    await pass(5000)
    jump('device', device)
    await pass(31_000)
    expect(known(client)?.outcome).toBe('added')
  })

  it('is given up within 6 s after the device has slept for an hour', async () => {
    const { network, client } = open()
    await pass(1000)
    network.silence()
    await network.server.emit('ADDED')
    sleepThrough(HOUR)
    await pass(6000)
    expect(known(client)?.outcome).toBe('added')
  })

  it.each(JUMPS)(
    'and is not silent costs one request at most when the clock of the device is set by %i ms',
    async (device) => {
      const relay = createMockRelay()
      const { network, client } = open({}, mockServer(relay))
      await pass(1000)
      for (let beat = 0; beat < 8; beat++) {
        if (beat === 3) jump('device', device)
        relay.comment()
        await pass(15_000)
      }
      expect(network.asked.length).toBeLessThanOrEqual(2)
      expect(client.getState(USER).connection.status).toBe('open')
    },
  )
})

describe('a line that passes for live', () => {
  async function died() {
    const page = open()
    await pass(1000)
    page.network.silence()
    await page.network.server.emit('ADDED')
    return page
  }

  it.each(JUMPS)(
    'is asked past once nothing has come for 20 s, the clock of the device being set by %i ms: ready()',
    async (device) => {
      const { client } = await died()
      await pass(10_000)
      jump('device', device)
      await pass(10_000)
      const ready = client.ready(USER, new AbortController().signal)
      await pass(0)
      await pass(100)
      expect((await ready).status?.outcome).toBe('added')
    },
  )

  it.each(JUMPS)(
    'does not give an upload its point, the clock of the device being set by %i ms: beginUpload()',
    async (device) => {
      const { client } = await died()
      jump('device', device)
      await pass(5000)
      const beginning = client.beginUpload(USER)
      await pass(100)
      await beginning
      await pass(40_000)
      expect(known(client)).toMatchObject({ outcome: 'waiting', files: { added: 0 }, doubt: null })
    },
  )

  it.each([20_000, HOUR])('is asked past by ready() after the device has slept for %i ms', async (slept) => {
    const { client } = await died()
    sleepThrough(slept)
    const ready = client.ready(USER, new AbortController().signal)
    await pass(100)
    expect((await ready).status?.outcome).toBe('added')
  })

  it.each([20_000, HOUR])('does not give an upload its point after the device has slept for %i ms', async (slept) => {
    const { client } = await died()
    sleepThrough(slept)
    const beginning = client.beginUpload(USER)
    await pass(100)
    await beginning
    await pass(10_000)
    expect(known(client)).toMatchObject({ outcome: 'waiting', files: { added: 0 }, doubt: null })
  })

  it('answers ready() without a request while heartbeats come, whatever the clock of the device was set to', async () => {
    const relay = createMockRelay()
    const { network, client } = open({}, mockServer(relay))
    for (const device of [-HOUR, -2000, 2000]) {
      jump('device', device)
      await pass(1000)
      relay.comment()
      await pass(1000)
      const ready = client.ready(USER, new AbortController().signal)
      await pass(0)
      expect((await ready).status?.outcome).toBe('none')
    }
    expect(network.asked).toEqual(['stream'])
  })
})

describe('a reload between two settings of a clock', () => {
  it.each(ends)(
    "keeps the point that the relay gave where the device's clock is set by %i ms, and the relay's by %i ms",
    async (device, relay) => {
      const { network, client, read } = open()
      await pass(1000)
      await network.server.emit('ERROR')
      await pass(1000)
      const beginning = client.beginUpload(USER)
      await pass(100)
      await beginning
      client.close()
      jump('device', device)
      jump('relay', relay)
      await pass(1000)
      const reloaded = openPage(network)
      read(reloaded)
      await pass(1000)
      expect(known(reloaded)).toMatchObject({ outcome: 'waiting', files: { failed: 0 }, doubt: null })
      await network.server.emit('ADDED')
      await pass(100)
      expect(known(reloaded)).toMatchObject({ outcome: 'added', doubt: null })
    },
  )
})
