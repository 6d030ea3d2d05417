import { describe, expect, it, vi } from 'vitest'
import { type EventStreamItem, openEventStream } from '../../src/client/index.ts'
import { quiet } from '../quiet.ts'
import { mockPage, USER } from './mock-page.ts'

const KIB = 1024
const MIB = 1024 * KIB
/** What a network hands over at once. */
const PIECE = 64 * KIB

function bodyOf(text: string): Response {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + PIECE))
      at += PIECE
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
