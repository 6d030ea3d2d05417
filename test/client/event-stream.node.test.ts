import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type EventStreamItem, type EventStreamOptions, openEventStream } from '../../src/client/index.ts'

// Rules are quoted from the HTML standard, 9.2 (server-sent events), unless it is said otherwise.

const encoder = new TextEncoder()
const retry = { base: 1, max: 5 }
const STREAM = { 'content-type': 'text/event-stream' }

/** A server that answers the first request with the first answer, and so on, and then never again. */
function serve(...answers: (() => Response | Promise<Response>)[]) {
  const requests: { url: string; headers: Headers }[] = []
  const fetch: typeof globalThis.fetch = (input, init) => {
    requests.push({ url: String(input), headers: new Headers(init?.headers) })
    const answer = answers.shift()
    if (answer) return Promise.resolve(answer())
    return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
  }
  return { fetch, requests }
}

/** A stream of these pieces, text or bytes, which ends after them, or stays. */
function stream(pieces: readonly (string | Uint8Array<ArrayBuffer>)[], { stays = false } = {}): Response {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece)
      if (!stays) controller.close()
    },
  })
  return new Response(body, { headers: STREAM })
}

/** Reads until `test` accepts an item; resolves with all of them. */
async function readUntil(
  options: EventStreamOptions,
  test: (item: EventStreamItem, items: EventStreamItem[]) => boolean,
): Promise<EventStreamItem[]> {
  const items: EventStreamItem[] = []
  for await (const item of openEventStream('http://relay.test/stream', { retry, ...options })) {
    items.push(item)
    if (test(item, items)) break
  }
  return items
}

const isLost = (item: EventStreamItem) => 'state' in item && item.state === 'reconnecting'
const hasOpened = (item: EventStreamItem) => 'state' in item && item.state === 'open'
const hasFailed = (item: EventStreamItem) => 'state' in item && item.state === 'failed'
const messages = (items: EventStreamItem[]) => items.filter((item) => item.type !== undefined)

/** What a stream of these pieces is read as, up to its end. */
async function read(...pieces: (string | Uint8Array<ArrayBuffer>)[]) {
  const { fetch } = serve(() => stream(pieces))
  return messages(await readUntil({ fetch }, isLost))
}

describe('parsing', () => {
  it.each<[string, (string | Uint8Array<ArrayBuffer>)[], object[]]>([
    [
      '"The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any"',
      ['\ufeffdata: 1\n\n'],
      [{ type: 'message', data: '1', lastEventId: '' }],
    ],
    ['one, and not two', ['\ufeff\ufeffdata: 1\n\ndata: 2\n\n'], [{ type: 'message', data: '2', lastEventId: '' }]],
    [
      '"lines must be separated by either a … CRLF … pair, a single … LF …, or a single … CR", also split over pieces',
      ['data: 1\r', '\ndata: 2\r\n\r', '\ndata: 3\r\rdata: 4\n\n'],
      [{ data: '1\n2' }, { data: '3' }, { data: '4' }],
    ],
    [
      '"If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value. Otherwise, ignore the field."',
      ['id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n'],
      [
        { data: 'a', lastEventId: '1' },
        { data: 'b', lastEventId: '1' },
      ],
    ],
    [
      'an id without data is kept: "Set the last event ID string … to the value of the last event ID buffer" comes first',
      ['id: 7\n\ndata: a\n\n'],
      [{ data: 'a', lastEventId: '7' }],
    ],
    [
      'an empty id takes it back: "set the last event ID buffer to the field value"',
      ['id: 7\ndata: a\n\nid\ndata: b\n\n'],
      [{ lastEventId: '7' }, { lastEventId: '' }],
    ],
    [
      '"Once the end of the file is reached, any pending data must be discarded."',
      ['data: 1\n\nid: 9\ndata: 2\n'],
      [{ data: '1', lastEventId: '' }],
    ],
    [
      'a character that is cut in two',
      [new Uint8Array([...encoder.encode('data: '), 0xc3]), new Uint8Array([0xa9, 10, 10])],
      [{ data: 'é' }],
    ],
    [
      'bytes that are no UTF-8, as U+FFFD',
      [new Uint8Array([...encoder.encode('data: '), 0xff, 10, 10])],
      [{ data: '\ufffd' }],
    ],
    [
      '"remove the first character if it is a U+0020 SPACE", and no other one',
      ['data:  1\ndata:2\n\n'],
      [{ data: ' 1\n2' }],
    ],
    [
      '"If the data buffer is an empty string", nothing is dispatched',
      ['event: x\n\ndata: 1\n\n'],
      [{ type: 'message', data: '1' }],
    ],
    ['a data field without value', ['data\n\ndata\ndata\n\n'], [{ data: '' }, { data: '\n' }]],
    ['"If the line starts with a U+003A COLON … Ignore the line."', [': hi\ndata: 1\n\n'], [{ data: '1' }]],
    ['the name of an event', ['event: kyc-file\ndata: 1\n\ndata: 2\n\n'], [{ type: 'kyc-file' }, { type: 'message' }]],
    ['"Otherwise: The field is ignored."', ['Data: 1\n data: 2\nfoo: 3\ndata: 4\n\n'], [{ data: '4' }]],
  ])('%s', async (_, pieces, expected) => {
    expect(await read(...pieces)).toMatchObject(expected)
    // Every way to cut them, byte by byte.
    const bytes = pieces.flatMap((piece) => [...(typeof piece === 'string' ? encoder.encode(piece) : piece)])
    expect(await read(...bytes.map((byte) => new Uint8Array([byte])))).toMatchObject(expected)
  })

  it.each([
    ['does not end', ['data: 123456789', '0123456789']],
    ['comes at once', [`data: ${'x'.repeat(21)}\n\n`]],
  ])('gives up on an event that is too long and %s, so that it cannot take all memory', async (_, pieces) => {
    const { fetch, requests } = serve(() => stream(pieces, { stays: true }))
    const items = await readUntil({ fetch, maxEventBytes: 20 }, isLost)
    expect(messages(items)).toEqual([])
    expect(requests).toHaveLength(1)
  })

  it('reads an event of several megabytes', async () => {
    const piece = 'x'.repeat(1_000_000)
    const [message] = await read('data: ', ...Array(5).fill(piece), '\n\n')
    expect(message).toMatchObject({ data: piece.repeat(5) })
  })
})

describe('coming back', () => {
  it('sends "Last-Event-ID", "encoded as UTF-8", if it is not empty', async () => {
    const { fetch, requests } = serve(
      () => stream(['id: é🙂\ndata: 1\n\n']),
      () => stream(['data: 2\n\n']),
      () => stream(['id\n\ndata: 3\n\n']),
      () => stream([], { stays: true }),
    )
    await readUntil({ fetch }, (item, items) => messages(items).length === 3 && hasOpened(item))
    const sent = requests.map(({ headers }) => headers.get('last-event-id'))
    const asBytes = String.fromCharCode(...encoder.encode('é🙂'))
    expect(sent).toEqual([null, asBytes, asBytes, null])
    expect(requests[0]?.headers.get('accept')).toBe('text/event-stream')
  })

  it('begins where it is told to', async () => {
    const { fetch, requests } = serve(() => stream([], { stays: true }))
    await readUntil({ fetch, lastEventId: '5-0' }, hasOpened)
    expect(requests[0]?.headers.get('last-event-id')).toBe('5-0')
  })

  it('goes to the original URL, also after a redirect', async () => {
    const redirected = () => Object.defineProperty(stream(['data: 1\n\n']), 'url', { value: 'http://elsewhere.test/' })
    const { fetch, requests } = serve(redirected, redirected)
    await readUntil({ fetch }, (_, items) => messages(items).length === 2)
    expect(requests.map(({ url }) => url)).toEqual(Array(2).fill('http://relay.test/stream'))
  })

  it('waits longer if "retry" consists "of only ASCII digits", and ignores it otherwise', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    vi.spyOn(Math, 'random').mockReturnValue(1)
    onTestFinished(() => void vi.restoreAllMocks())
    for (const [field, wait] of [
      ['3000', 3000],
      ['-9', 500],
      ['3e3', 500],
    ] as const) {
      const { fetch, requests } = serve(
        () => stream([`retry: ${field}\n\n`]),
        () => stream([], { stays: true }),
      )
      const opened = readUntil({ fetch, retry: { base: 500 } }, () => requests.length === 2)
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(requests).toHaveLength(1)
      await vi.advanceTimersByTimeAsync(1)
      expect(requests).toHaveLength(2)
      await opened
    }
  })

  it.each([408, 425, 429, 500, 503])('is tried again after %i', async (status) => {
    const { fetch } = serve(
      () => new Response(null, { status }),
      () => stream(['data: 1\n\n']),
    )
    expect(messages(await readUntil({ fetch }, isMessage))).toHaveLength(1)
  })

  it('is tried again without a network', async () => {
    const { fetch } = serve(
      () => Promise.reject(new TypeError('Failed to fetch')),
      () => stream(['data: 1\n\n']),
    )
    expect(messages(await readUntil({ fetch }, isMessage))).toHaveLength(1)
  })
})

describe('giving up', () => {
  it.each<[string, Response, string]>([
    [
      '"Any other HTTP response code not listed here, as well as network errors" such as 204',
      new Response(null, { status: 204 }),
      'refused',
    ],
    ['403', new Response(null, { status: 403 }), 'forbidden'],
    ['404', new Response(null, { status: 404 }), 'not_found'],
    [
      '"if … `Content-Type` is not `text/event-stream`, then fail the connection"',
      new Response('', { headers: { 'content-type': 'text/html' } }),
      'bad_response',
    ],
    ['401, without a way to make another credential', new Response(null, { status: 401 }), 'unauthorized'],
  ])('after %s', async (_, response, code) => {
    const { fetch, requests } = serve(() => response)
    const items = await readUntil({ fetch }, hasFailed)
    expect(items.at(-1)).toMatchObject({ state: 'failed', error: { code } })
    expect(requests).toHaveLength(1)
  })

  it('asks for another credential once', async () => {
    const refused = () => new Response(null, { status: 401 })
    const { fetch, requests } = serve(refused, refused)
    const headers = vi.fn(({ reason }: { reason: string }) => ({ authorization: reason }))
    const items = await readUntil({ fetch, headers }, hasFailed)
    expect(items.at(-1)).toMatchObject({ state: 'failed', error: { code: 'unauthorized' } })
    expect(requests.map((request) => request.headers.get('authorization'))).toEqual(['connect', 'unauthorized'])
  })
})

it('lets go of its request when nobody reads any more, and when it is told to', async () => {
  const signals: (AbortSignal | null | undefined)[] = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    signals.push(init?.signal)
    return stream(['data: 1\n\n'], { stays: true })
  }
  await readUntil({ fetch }, isMessage)
  expect(signals[0]?.aborted).toBe(true)

  const controller = new AbortController()
  const items = await readUntil({ fetch, signal: controller.signal }, (item) => {
    if (isMessage(item)) controller.abort()
    return false
  })
  expect(signals[1]?.aborted).toBe(true)
  expect(items.map((item) => item.type ?? ('state' in item && item.state))).toEqual(['connecting', 'open', 'message'])
})

describe('the wait after a stream that has ended', () => {
  it.each([
    ['is no shorter than retry.base where the server asks for less', 'retry: 1', 0.99, 990],
    ['is spread where the server asks for a long one', 'retry: 10000', 0.1, 1000],
  ])('%s', async (_, field, random, ms) => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(random)
    const controller = new AbortController()
    const { signal } = controller
    onTestFinished(() => {
      controller.abort()
      vi.useRealTimers()
      vi.restoreAllMocks()
    })
    const { fetch, requests } = serve(() => stream([`${field}\n\n`]))
    void readUntil({ fetch, signal, retry: { base: 1000 } }, () => false)
    await vi.advanceTimersByTimeAsync(ms - 10)
    expect(requests).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(20)
    expect(requests).toHaveLength(2)
  })
})

it('lets go of a stream whose fetch does not listen to its signal', async () => {
  const cancel = vi.fn()
  const body = new ReadableStream({ start: (controller) => controller.enqueue(encoder.encode('data: 1\n\n')), cancel })
  const { fetch } = serve(() => new Response(body, { headers: STREAM }))
  await readUntil({ fetch }, isMessage)
  expect(cancel).toHaveBeenCalledOnce()
})

it('goes on trying a server that never answers', async () => {
  const { fetch } = serve()
  const items = await readUntil({ fetch, connectTimeout: 5 }, (_, all) => all.filter(isLost).length === 5)
  expect(items.filter(hasFailed)).toEqual([])
})

it('says that a line has been silent for too long', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { fetch } = serve(() => stream([': hi\n\n'], { stays: true }))
  const lost = readUntil({ fetch, silenceTimeout: 1000 }, isLost)
  await vi.advanceTimersByTimeAsync(1000)
  expect((await lost).at(-1)).toEqual({ state: 'reconnecting' })
})

it.each([
  [{ connectTimeout: 0 }, /connectTimeout: expected milliseconds above 0/],
  [{ retry: { base: 'soon' } }, /retry: base: expected milliseconds/],
  [{ fetch: 7 }, /fetch: expected a function/],
  [{ lastEventID: '1' }, /lastEventID: not an option/],
  [{ headers: { 'not a name': 'x' } }, /headers: expected headers, or a function/],
  [{ headers: 'authorization: x' }, /headers: expected headers, or a function/],
  [{ credentials: 'always' }, /credentials: expected 'omit', 'same-origin' or 'include'/],
  [{ signal: new AbortController() }, /signal: expected an AbortSignal/],
])('refuses %j', async (options, message) => {
  await expect(openEventStream('http://relay.test', options as never).next()).rejects.toThrow(message)
})

function isMessage(item: EventStreamItem): boolean {
  return item.type !== undefined
}
