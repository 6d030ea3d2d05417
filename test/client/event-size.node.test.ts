import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type EventStreamItem, openEventStream } from '../../src/client/index.ts'
import { quiet } from '../quiet.ts'
import { mockPage, USER } from './mock-page.ts'

const KIB = 1024
const MIB = 1024 * KIB
/** What a network hands over at once. */
const PIECE = 64 * KIB

function bodyOf(text: string, size = PIECE): Response {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + size))
      else if (text === '') controller.close()
      at += size
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** The length of the data of each message, until there are so many of them, or the line is lost. */
async function read(
  text: string,
  count: number,
  options: { maxEventBytes?: number } = {},
): Promise<(number | 'lost')[]> {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => bodyOf(text))
  const lengths: (number | 'lost')[] = []
  for await (const item of openEventStream('http://relay.test', {
    fetch,
    ...options,
  }) as AsyncIterable<EventStreamItem>) {
    if (item.type !== undefined) lengths.push(item.data.length)
    else if (item.state === 'reconnecting') lengths.push('lost')
    if (lengths.length === count) break
  }
  expect(fetch).toHaveBeenCalledOnce()
  return lengths
}

const event = (size: number) => `data: ${'x'.repeat(size)}\n\n`

describe('an event stream', () => {
  it.each([
    ['64 KiB', 64 * KIB],
    ['64 KiB and a byte', 64 * KIB + 1],
    ['100 KiB', 100 * KIB],
    ['1 MiB', MIB],
    ['15 MiB', 15 * MIB],
  ])('reads an event of %s', async (_, size) => {
    expect(await read(event(size), 1)).toEqual([size])
  })

  it('reads what comes after a large event', async () => {
    expect(await read(event(200 * KIB) + event(3) + event(300 * KIB), 3)).toEqual([200 * KIB, 3, 300 * KIB])
  })

  it('reads an event of many lines that are small', async () => {
    expect(await read(`${'data: 0123456789\n'.repeat(20_000)}\n`, 1)).toEqual([20_000 * 11 - 1])
  })

  it('is lost with an event of more than 16 MiB', async () => {
    expect(await read(event(16 * MIB + 1), 1)).toEqual(['lost'])
  })
})

describe('with maxEventBytes', () => {
  it('it reads an event of so many bytes', async () => {
    expect(await read(event(90_000), 1, { maxEventBytes: 100_000 })).toEqual([90_000])
  })

  it.each([
    ['in one line', event(100_001)],
    ['in many lines', `${'data: 0123456789\n'.repeat(10_000)}\n`],
    ['that never ends', `data: ${'x'.repeat(300_000)}`],
  ])('it is lost with a longer one %s', async (_, text) => {
    expect(await read(text, 1, { maxEventBytes: 100_000 })).toEqual(['lost'])
  })

  it('it reads many events that are together longer', async () => {
    expect(await read(event(1000).repeat(100), 100, { maxEventBytes: 2000 })).toEqual(Array(100).fill(1000))
  })

  it('it reads what came before the one that is too long', async () => {
    expect(await read(event(10) + event(200_000), 2, { maxEventBytes: 100_000 })).toEqual([10, 'lost'])
  })

  /** A stream with an event that is too long, cut into pieces of so many bytes; a server that sends it again and again. */
  async function follow(answer: (lastEventId: string | null, request: number) => string, size: number, count = 100) {
    const asked: (string | null)[] = []
    const fetch: typeof globalThis.fetch = async (_, init) => {
      const lastEventId = new Headers(init?.headers).get('last-event-id')
      asked.push(lastEventId)
      return bodyOf(answer(lastEventId, asked.length), size)
    }
    const options = { fetch, maxEventBytes: 1000, retry: { base: 1, max: 1 } }
    const items: (EventStreamItem | string)[] = []
    for await (const item of openEventStream('http://relay.test', options)) {
      if (item.type !== undefined) items.push(item.data)
      else if (item.state === 'reconnecting' || item.state === 'failed') items.push(item)
      if (items.length === count) break
    }
    return { items, asked }
  }

  const failed = {
    state: 'failed',
    error: expect.objectContaining({ code: 'bad_response', message: 'an event is longer than 1000 bytes' }),
  }

  it.each([PIECE, 1500, 100, 17, 1])(
    'it reads what was complete before the one that is too long, in pieces of %i bytes, and fails when that comes again',
    async (size) => {
      const answer = (lastEventId: string | null) => (lastEventId === '1' ? '' : 'id: 1\ndata: ok\n\n') + event(2000)
      const { items, asked } = await follow(answer, size)
      expect(items).toEqual(['ok', { state: 'reconnecting' }, failed])
      expect(asked).toEqual([null, '1'])
    },
  )

  it('it fails when the one that is too long comes again, also where nothing has an id, and after other trouble', async () => {
    const answer = (_: string | null, request: number) => (request === 2 ? '' : event(2) + event(2000))
    const { items } = await follow(answer, PIECE)
    expect(items).toEqual(['xx', { state: 'reconnecting' }, { state: 'reconnecting' }, 'xx', failed])
  })

  it('it goes on after one that does not come again', async () => {
    const answer = (_: string | null, request: number) => (request === 1 ? event(2000) : event(2) + event(3))
    const { items } = await follow(answer, PIECE, 3)
    expect(items).toEqual([{ state: 'reconnecting' }, 'xx', 'xxx'])
  })

  it('it goes on after one now and then on a stream without ids', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const streams: ReadableStreamDefaultController<Uint8Array>[] = []
    const states: unknown[] = []
    const stream = openEventStream('http://relay.test', {
      maxEventBytes: 1000,
      fetch: async () => {
        const body = new ReadableStream<Uint8Array>({ start: (controller) => void streams.push(controller) })
        return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, {
          headers: { 'content-type': 'text/event-stream' },
        })
      },
    })
    const reading = (async () => {
      for await (const item of stream) if (item.type === undefined) states.push(item.state)
    })()
    for (let times = 1; times <= 3; times++) {
      await vi.advanceTimersByTimeAsync(60_000)
      expect(streams).toHaveLength(times)
      streams.at(-1)?.enqueue(new TextEncoder().encode(event(2000)))
    }
    await vi.advanceTimersByTimeAsync(60_000)
    expect(states.filter((state) => state === 'reconnecting')).toHaveLength(3)
    expect(states.at(-1)).toBe('open')
    await stream.return()
    await reading
  })

  it.each([0, -1, Number.NaN, '1', Number.POSITIVE_INFINITY])('of %j it is refused', async (maxEventBytes) => {
    const stream = openEventStream('http://relay.test', { maxEventBytes: maxEventBytes as number })
    await expect(stream.next()).rejects.toThrow(/maxEventBytes: expected/)
  })
})

it("the relay's own stream is lost with an event of more than 64 KiB, and says why", async () => {
  quiet()
  const { client, state } = mockPage({ fetch: async () => bodyOf(event(64 * KIB + 1)) })
  client.subscribe(USER, () => {})
  await vi.waitFor(() => expect(state().connection.cause).toMatchObject({ code: 'bad_response' }))
  expect(state().connection.cause?.message).toContain('65536 bytes')
})
