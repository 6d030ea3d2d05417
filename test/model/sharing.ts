import type { Place, VirtualTime } from './virtual-time.ts'

/** What the tabs of one browser share: `navigator.locks` and `BroadcastChannel`, each call back in the page that asked. */
export class Sharing {
  readonly #time: VirtualTime
  readonly #channels = new Set<Channel>()
  readonly #held = new Map<string, Request>()
  #queue: Request[] = []
  /** A page that is frozen may have a lock, and does not know. */
  #postponed: { place: Place; call: () => void }[] = []

  constructor(time: VirtualTime) {
    this.#time = time
  }

  /** Puts them in the place of the machine's. Without `hasLocks` it is a browser that has none, and tabs share nothing. */
  install({ hasLocks }: { hasLocks: boolean }): () => void {
    const { navigator } = globalThis
    const before = Object.getOwnPropertyDescriptor(globalThis, 'BroadcastChannel')
    const value = this.#channelClass()
    Object.defineProperty(globalThis, 'BroadcastChannel', { configurable: true, writable: true, value })
    if (hasLocks) Object.defineProperty(navigator, 'locks', { configurable: true, value: { request: this.#request } })
    return () => {
      if (before) Object.defineProperty(globalThis, 'BroadcastChannel', before)
      Reflect.deleteProperty(navigator, 'locks')
    }
  }

  /** The browser takes from a page that is gone what it had. */
  pageGone(page: Place): void {
    for (const channel of [...this.#channels]) if (channel.place === page) channel.close()
    this.#queue = this.#queue.filter(({ place }) => place !== page)
    for (const [name, { place }] of [...this.#held]) if (place === page) this.#release(name)
  }

  /** What was said to a page while it was frozen. */
  pageThawed(page: Place): void {
    for (const channel of this.#channels) if (channel.place === page) channel.deliver()
    const postponed = this.#postponed.filter(({ place }) => place === page)
    this.#postponed = this.#postponed.filter(({ place }) => place !== page)
    for (const { call } of postponed) call()
  }

  #channelClass() {
    const { start, stop, others } = {
      start: (channel: Channel) => this.#channels.add(channel),
      stop: (channel: Channel) => this.#channels.delete(channel),
      others: (channel: Channel) => [...this.#channels].filter((o) => o !== channel && o.name === channel.name),
    }
    const time = this.#time
    return class extends Channel {
      constructor(name: string) {
        super(name, time)
        start(this)
      }

      override postMessage(message: unknown): void {
        if (this.place?.isGone) return
        for (const other of others(this)) other.take(structuredClone(message))
      }

      override close(): void {
        stop(this)
      }
    }
  }

  readonly #request = (name: string, ...rest: [Granted] | [LockOptions, Granted]): Promise<unknown> => {
    const granted = rest.length === 1 ? rest[0] : rest[1]
    const { ifAvailable = false, steal = false, signal } = rest.length === 1 ? {} : rest[0]
    return new Promise((resolve, reject) => {
      const aborted = () => new DOMException('The request was aborted.', 'AbortError')
      const request: Request = { name, place: this.#time.place, granted, resolve, reject: () => reject(aborted()) }
      if (request.place?.isGone) return
      if (signal?.aborted) return request.reject()
      if (steal) {
        this.#held.get(name)?.reject()
        this.#grant(request)
      } else if (!this.#held.has(name)) {
        this.#grant(request)
      } else if (ifAvailable) {
        this.#call(request, null)
      } else {
        this.#queue.push(request)
        signal?.addEventListener('abort', () => {
          if (!this.#queue.includes(request)) return
          this.#queue = this.#queue.filter((other) => other !== request)
          request.reject()
        })
      }
    })
  }

  #grant(request: Request): void {
    this.#held.set(request.name, request)
    this.#call(request, { name: request.name, mode: 'exclusive' })
  }

  #call(request: Request, lock: Lock | null): void {
    const { place } = request
    if (place?.isGone) return
    if (place?.isFrozen) {
      this.#postponed.push({ place, call: () => this.#call(request, lock) })
      return
    }
    this.#time.activity++
    this.#time.run(request.place, async () => {
      try {
        await null
        request.resolve(await request.granted(lock))
      } catch {
        request.reject()
      }
      if (lock && this.#held.get(request.name) === request) this.#release(request.name)
    })
  }

  #release(name: string): void {
    this.#held.delete(name)
    const next = this.#queue.find((request) => request.name === name)
    if (!next) return
    this.#queue = this.#queue.filter((request) => request !== next)
    this.#grant(next)
  }
}

type Granted = (lock: Lock | null) => unknown

interface Request {
  name: string
  place: Place | undefined
  granted: Granted
  resolve: (value: unknown) => void
  reject: () => void
}

abstract class Channel extends EventTarget {
  readonly name: string
  readonly place: Place | undefined
  onmessage: ((event: MessageEvent) => void) | null = null
  readonly #time: VirtualTime
  #waiting: unknown[] = []

  constructor(name: string, time: VirtualTime) {
    super()
    this.name = name
    this.place = time.place
    this.#time = time
  }

  abstract postMessage(message: unknown): void
  abstract close(): void

  take(message: unknown): void {
    this.#waiting.push(message)
    this.#time.activity++
    queueMicrotask(() => this.deliver())
  }

  deliver(): void {
    if (this.place?.isFrozen || this.place?.isGone) return
    for (const data of this.#waiting.splice(0)) {
      this.#time.activity++
      this.#time.run(this.place, () => {
        const event = new MessageEvent('message', { data })
        this.onmessage?.(event)
        this.dispatchEvent(event)
      })
    }
  }
}
