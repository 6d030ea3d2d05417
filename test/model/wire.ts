import type { RelaySide } from './relay-side.ts'
import type { Place, VirtualTime } from './virtual-time.ts'

/** What stands between a page and the relay, and answers in its place. */
export type Obstacle =
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'html'
  | 'no_content'
  | 'broken'
  | 'retry_after'
  /** A proxy that hands a stream on only when it has ended. */
  | 'buffering'

/** A storm of requests would go on for ever. */
const MAX_REQUESTS = 5000
/** What `retry_after` asks for, in milliseconds. */
const RETRY_AFTER = 60_000

type Arrival = { at: number } & ({ bytes: Uint8Array<ArrayBuffer> } | { bytes: null })

/** One request and its answer. */
interface Exchange {
  readonly page: Place
  /** Ends it for the page, with an error. */
  break(error: unknown): void
  controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null
  /** The relay's side of a stream that is open. */
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | null
  readonly arrivals: Arrival[]
  /** Nothing comes through any more, and nobody says so. */
  isDead: boolean
  /** A proxy keeps what it brings. */
  isBuffered: boolean
  /** How many bytes still come through before it breaks. */
  bytesLeft: number
}

/** The network between the device and the relay. */
export class Wire {
  /** When each request was sent, in true milliseconds, and by which page. */
  readonly requests: { page: Place; at: number }[] = []
  obstacle: Obstacle | null = null
  isOnline = true
  /** How long a byte takes, in milliseconds. */
  lag = { up: 0, down: 0 }
  /** Until when the relay has asked to be left alone, by the timers of the device. */
  leftAloneUntil = 0
  /** What happens at the relay in the moment in which the next request for a stream is there. */
  atNextStream: (() => void) | null = null
  readonly #time: VirtualTime
  readonly #relay: RelaySide
  readonly #exchanges = new Set<Exchange>()
  #waiting: (() => void)[] = []
  #isSilent = false
  #bytesLeftNext = Number.POSITIVE_INFINITY

  constructor(time: VirtualTime, relay: RelaySide) {
    this.#time = time
    this.#relay = relay
  }

  get isSilent(): boolean {
    return this.#isSilent
  }

  /** Streams that the relay has open. */
  get openStreams(): number {
    return [...this.#exchanges].filter(({ reader }) => reader).length
  }

  /** The `fetch` of a page. */
  fetchOf(page: Place): typeof fetch {
    return async (input, init) => {
      this.#time.activity++
      if (page.isGone) return new Promise<never>(() => {})
      this.requests.push({ page, at: this.#time.now })
      if (this.requests.length > MAX_REQUESTS) throw new Error('a storm of requests')
      const signal = init?.signal
      if (signal?.aborted) throw signal.reason
      const exchange = this.#open(page)
      const broken = new Promise<never>((_, reject) => {
        const { break: end } = exchange
        exchange.break = (error) => {
          end(error)
          reject(error)
        }
      })
      broken.catch(() => {})
      signal?.addEventListener('abort', () => exchange.break(signal.reason))
      try {
        return await Promise.race([this.#answer(exchange, String(input), new Headers(init?.headers)), broken])
      } catch (error) {
        this.#forget(exchange)
        throw error
      }
    }
  }

  /** Every line breaks, and each page is told. */
  cut(): void {
    for (const exchange of [...this.#exchanges]) this.#cut(exchange)
  }

  /** The lines that are open, or else the next one, break after so many bytes. */
  cutAfter(bytes: number): void {
    const streams = [...this.#exchanges].filter(({ controller }) => controller)
    for (const exchange of streams) exchange.bytesLeft = bytes
    if (streams.length === 0) this.#bytesLeftNext = bytes
  }

  /** No byte comes through, and nobody is told. */
  silence(): void {
    this.#isSilent = true
  }

  /** Bytes come through again; on the lines that were open before, only if those are `alive`. */
  endSilence({ isAlive }: { isAlive: boolean }): void {
    if (!this.#isSilent) return
    this.#isSilent = false
    if (!isAlive) for (const exchange of this.#exchanges) exchange.isDead = true
    this.flush()
  }

  /** The relay's process is another one. */
  relayRestarted(): void {
    for (const exchange of [...this.#exchanges]) {
      this.#letGo(exchange)
      if (this.#isSilent) exchange.isDead = true
      else exchange.break(new TypeError('network error'))
    }
  }

  /** A page is gone without a word. */
  pageGone(page: Place): void {
    for (const exchange of [...this.#exchanges]) if (exchange.page === page) this.#forget(exchange)
  }

  heal(): void {
    this.obstacle = null
    this.isOnline = true
    this.atNextStream = null
    this.lag = { up: 0, down: 0 }
    this.#bytesLeftNext = Number.POSITIVE_INFINITY
    for (const exchange of this.#exchanges) exchange.bytesLeft = Number.POSITIVE_INFINITY
    this.endSilence({ isAlive: true })
    this.flush()
  }

  /** Delivers what may come through by now. */
  flush(): void {
    if (this.#isSilent || this.#time.isAsleep) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
    for (const exchange of [...this.#exchanges]) this.#deliver(exchange)
  }

  #open(page: Place): Exchange {
    const exchange: Exchange = {
      page,
      break: (error) => {
        this.#time.activity++
        exchange.controller?.error(error)
        exchange.controller = null
        this.#forget(exchange)
      },
      controller: null,
      reader: null,
      arrivals: [],
      isDead: false,
      isBuffered: false,
      bytesLeft: Number.POSITIVE_INFINITY,
    }
    this.#exchanges.add(exchange)
    return exchange
  }

  #cut(exchange: Exchange): void {
    if (!exchange.isDead && !this.#isSilent) exchange.break(new TypeError('network error'))
    else exchange.isDead = true
  }

  async #answer(exchange: Exchange, url: string, headers: Headers): Promise<Response> {
    if (!this.isOnline) throw new TypeError('Failed to fetch')
    await this.#passable(exchange)
    await this.#delay('up')
    if (!this.#exchanges.has(exchange)) throw new TypeError('Failed to fetch')
    if (!this.obstacle && headers.get('accept') === 'text/event-stream') {
      const happens = this.atNextStream
      this.atNextStream = null
      happens?.()
      // A little before that, in the midst of it, or after it.
      if (happens) for (let turns = Math.random() * 40; turns > 0; turns--) await null
    }
    const response = this.#refusal() ?? (await this.#relay.fetch(new Request(url, { headers })))
    this.#time.activity++
    if (!this.#exchanges.has(exchange)) {
      await response.body?.cancel()
      throw new TypeError('Failed to fetch')
    }
    const { status } = response
    const isOpen = status === 200 && response.headers.get('content-type')?.startsWith('text/event-stream')
    if (isOpen && response.body) {
      // From here on it is one of the relay's streams, whether its head has arrived or not.
      exchange.isBuffered = this.obstacle === 'buffering'
      const body = this.#carry(exchange, response.body)
      await this.#delay('down')
      await this.#passable(exchange)
      return new Response(body, { status, headers: response.headers })
    }
    const text = status === 204 ? null : await response.text()
    await this.#delay('down')
    await this.#passable(exchange)
    if (this.#exchanges.has(exchange)) this.#forget(exchange)
    // It counts from when the page has it, which may have been frozen.
    if (response.headers.has('retry-after')) this.leftAloneUntil = this.#time.deviceAge + RETRY_AFTER
    return new Response(text, { status, headers: response.headers })
  }

  #refusal(): Response | null {
    const problem = (status: number, headers: Record<string, string> = {}) =>
      new Response('{"detail":"refused"}', {
        status,
        headers: { 'content-type': 'application/problem+json', ...headers },
      })
    switch (this.obstacle) {
      case 'unreachable':
        throw new TypeError('Failed to fetch')
      case 'unauthorized':
        return problem(401, { 'www-authenticate': 'Bearer' })
      case 'forbidden':
        return problem(403)
      case 'not_found':
        return problem(404)
      case 'html':
        return new Response('<!doctype html><p>Sign in to the Wi-Fi', { headers: { 'content-type': 'text/html' } })
      case 'no_content':
        return new Response(null, { status: 204 })
      case 'broken':
        return problem(500)
      case 'retry_after':
        return problem(503, { 'retry-after': String(RETRY_AFTER / 1000) })
      default:
        return null
    }
  }

  async #passable(exchange: Exchange): Promise<void> {
    while (this.#isSilent || this.#time.isAsleep || exchange.isDead || exchange.page.isFrozen) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    }
  }

  #delay(way: 'up' | 'down'): Promise<void> | undefined {
    const ms = this.lag[way]
    if (ms === 0) return undefined
    // The network does not sleep with the device.
    return new Promise((resolve) => {
      const arrive = () => {
        this.#time.activity++
        resolve()
      }
      this.#relay.run(() => setTimeout(arrive, ms))
    })
  }

  #carry(exchange: Exchange, body: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = body.getReader()
    exchange.reader = reader
    exchange.bytesLeft = this.#bytesLeftNext
    this.#bytesLeftNext = Number.POSITIVE_INFINITY
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start(controller) {
          exchange.controller = controller
        },
        cancel: () => this.#forget(exchange),
      },
      new CountQueuingStrategy({ highWaterMark: 1000 }),
    )
    void this.#relay.run(() => this.#pump(exchange, reader))
    return stream
  }

  async #pump(exchange: Exchange, reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>): Promise<void> {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }))
      if (exchange.reader !== reader) return
      this.#time.activity++
      const { down } = this.lag
      exchange.arrivals.push({ at: this.#time.now + down, bytes: value ?? null })
      if (down > 0) setTimeout(() => this.flush(), down)
      else this.flush()
      if (done) return
    }
  }

  #deliver(exchange: Exchange): void {
    while (exchange.controller && !exchange.isDead && !exchange.isBuffered && !exchange.page.isFrozen) {
      const [first] = exchange.arrivals
      if (!first || first.at > this.#time.now) return
      exchange.arrivals.shift()
      this.#time.activity++
      if (first.bytes === null) {
        exchange.controller.close()
        exchange.controller = null
        this.#forget(exchange)
      } else if (first.bytes.byteLength >= exchange.bytesLeft) {
        if (exchange.bytesLeft > 0) exchange.controller.enqueue(first.bytes.slice(0, exchange.bytesLeft))
        // A stream that breaks drops what has not been read, so that is read before.
        exchange.isDead = true
        this.#relay.run(() => setTimeout(() => exchange.break(new TypeError('network error')), 1))
      } else {
        exchange.bytesLeft -= first.bytes.byteLength
        exchange.controller.enqueue(first.bytes)
      }
    }
  }

  #forget(exchange: Exchange): void {
    this.#exchanges.delete(exchange)
    this.#letGo(exchange)
  }

  /** The relay sees that its reader is gone. */
  #letGo(exchange: Exchange): void {
    const { reader } = exchange
    exchange.reader = null
    if (reader) void this.#relay.run(() => reader.cancel().catch(() => {}))
  }
}
