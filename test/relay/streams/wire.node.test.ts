import { EventSource } from 'eventsource'
import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kycFileWebhook } from '../../../src/protocol/webhooks/kyc-file.ts'
import { createRelay } from '../../../src/relay/index.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { encodeFrame } from '../../../src/relay/streams/wire.ts'
import { tokens } from '../serve.ts'

interface Frame {
  event: string
  id: string
  data: string
}

const text = fc.string({ unit: 'binary' })
const field = text.filter((value) => !/[\r\n\0]/.test(value))
/** Names that an EventSource has no meaning of its own for. */
const eventName = fc.stringMatching(/^[a-z][a-z-]{0,20}$/).filter((name) => name !== 'open' && name !== 'error')
const frames = fc.array(fc.record({ event: eventName, id: field, data: text }), { minLength: 1, maxLength: 5 })

/** Cuts bytes into pieces anywhere, within a character too. */
function cut(bytes: Uint8Array<ArrayBuffer>, places: readonly number[]): Uint8Array<ArrayBuffer>[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1))), bytes.length].sort((a, b) => a - b)
  return ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end))
}

/** The first independent reading. */
function parse(chunks: readonly Uint8Array[]): Frame[] {
  const read: Frame[] = []
  const parser = createParser({
    onEvent: ({ event = 'message', id = '', data }) => read.push({ event, id, data }),
  })
  const decoder = new TextDecoder()
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }))
  return read
}

/** The second: an EventSource whose network is these chunks. */
function receive(chunks: readonly Uint8Array<ArrayBuffer>[], names: readonly string[]): Promise<Frame[]> {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) if (chunk.length > 0) controller.enqueue(chunk)
      controller.close()
    },
  })
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  return new Promise((resolve) => {
    const read: Frame[] = []
    const source = new EventSource('http://relay.test/', { fetch: async () => response })
    for (const name of new Set(names)) {
      source.addEventListener(name, ({ type, lastEventId, data }) => read.push({ event: type, id: lastEventId, data }))
    }
    // The stream has ended.
    source.addEventListener('error', () => {
      source.close()
      resolve(read)
    })
  })
}

/** What the HTML standard makes of data: each of its line ends becomes LF. */
const withLineFeeds = (data: string) => data.replace(/\r\n?/g, '\n')

describe('a frame', () => {
  it('reads as what was written, by two independent parsers, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(frames, fc.array(fc.nat(), { maxLength: 8 }), async (written, places) => {
        const chunks = cut(new TextEncoder().encode(written.map(encodeFrame).join('')), places)
        const expected = written.map((frame) => ({ ...frame, data: withLineFeeds(frame.data) }))
        expect(parse(chunks)).toEqual(expected)
        expect(
          await receive(
            chunks,
            written.map(({ event }) => event),
          ),
        ).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused if its name or id would end the field: by CR, LF or NUL', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom('\r', '\n', '\r\n', '\0'), (before, after, bad) => {
        const broken = before + bad + after
        expect(() => encodeFrame({ event: broken, id: '1-0', data: '' })).toThrow(/event of a frame: expected no CR/)
        expect(() => encodeFrame({ event: 'sync', id: broken, data: '' })).toThrow(/id of a frame: expected no CR/)
      }),
    )
  })
})

describe('a webhook', () => {
  const post = (
    relay: ReturnType<typeof createRelay>,
    body: string | Uint8Array<ArrayBuffer>,
    type = 'application/json',
  ) =>
    relay.fetch(
      new Request('http://relay.test/webhook/kyc-files/status', {
        method: 'POST',
        headers: { authorization: 'token', 'content-type': type },
        body,
      }),
    )
  const newRelay = () =>
    createRelay({
      store: memoryStore(),
      webhookTokens: ['token'],
      subscriptionTokens: tokens,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    })

  it('arrives as it was sent, whoever it is about, by two independent parsers', async () => {
    const relay = newRelay()
    const user = fc.oneof(fc.uuid(), fc.string({ minLength: 1, maxLength: 256 }), text)
    await fc.assert(
      fc.asyncProperty(user, fc.constantFrom('ADDED', 'ERROR'), async (externalUserId, status) => {
        const sent = { externalUserId, status }
        const isAccepted = kycFileWebhook.body.safeParse(sent).success
        const { status: answer } = await post(relay, JSON.stringify(sent))
        expect(answer).toBe(isAccepted ? 200 : 422)
        if (!isAccepted) return

        const stream = await relay.fetch(
          new Request(`http://relay.test/events/${encodeURIComponent(externalUserId)}`, {
            headers: { authorization: `Bearer ${await tokens.issue(externalUserId)}` },
          }),
        )
        await relay.disconnect(externalUserId)
        const reader = stream.body?.getReader()
        const chunks: Uint8Array<ArrayBuffer>[] = []
        for (let part = await reader?.read(); part?.value; part = await reader?.read()) chunks.push(part.value)
        const parsed = parse(chunks)
        expect(JSON.parse(parsed[0]?.data ?? '')).toEqual({ ...sent, receivedAt: expect.any(String) })
        expect(await receive(chunks, ['kyc-file', 'sync'])).toEqual(parsed)
      }),
      { numRuns: 300 },
    )
  })

  it('is answered with 200 or a refusal, never a failure, whatever JSON it is', async () => {
    const relay = newRelay()
    const near = fc.record(
      { externalUserId: fc.oneof(text, fc.anything()), status: fc.oneof(fc.constant('ADDED'), fc.anything()) },
      { requiredKeys: [] },
    )
    const json = fc.oneof(
      fc.json(),
      near.map((value) => JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner))),
    )
    await fc.assert(
      fc.asyncProperty(json, async (body) => {
        expect([200, 413, 422]).toContain((await post(relay, body)).status)
      }),
      { numRuns: 1000 },
    )
  })

  it('is answered with a refusal, never a failure, whatever bytes and content type it is', async () => {
    const relay = newRelay()
    const type = fc.oneof(fc.constant('application/json'), fc.stringMatching(/^[!-~][ -~]{0,40}$/))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 20_000, size: 'max' }), type, async (bytes, contentType) => {
        expect([400, 413, 415, 422]).toContain((await post(relay, new Uint8Array(bytes), contentType)).status)
      }),
      { numRuns: 500 },
    )
  })
})
