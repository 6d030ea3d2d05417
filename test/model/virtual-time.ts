import { AsyncLocalStorage } from 'node:async_hooks'

const real = {
  setImmediate: globalThis.setImmediate,
  Date: globalThis.Date,
}

/** Code that runs on a machine of its own: the relay, or one page of the device. */
export interface Place {
  readonly name: string
  readonly isRelay: boolean
  /** A page that is gone runs no timers any more. */
  isGone: boolean
  /** The browser may freeze a page that nobody sees: its timers wait, and what comes to it does. */
  isFrozen: boolean
  /** What `performance.now()` of the device said when the page was loaded, in milliseconds. */
  readonly loadedAt: number
}

interface Timer {
  due: number
  readonly sequence: number
  readonly interval: number | null
  readonly callback: () => void
  readonly place: Place | undefined
  ref(): Timer
  unref(): Timer
  hasRef(): boolean
}

/** The wall clocks of all histories start here: 2026-11-23T12:00:00Z. */
const START = 1_795_435_200_000
/** More than any history needs within one instant; a loop of timers would never end otherwise. */
const MAX_TIMERS_AT_ONCE = 10_000

/**
 * Time that passes only when it is told to. There are two wall clocks, the relay's and the device's, which jump by themselves.
 * Node follows each callback and promise to the place that it belongs to, so both clocks can be read by the same process.
 */
export class VirtualTime {
  /** True milliseconds since the start of the history. No code under test reads them. */
  now = 0
  /** How far each wall clock is off, in milliseconds. */
  relayOffset = 0
  deviceOffset = 0
  /** Anything that may have set off more work; what only ticks leaves it alone. */
  activity = 0
  readonly #places = new AsyncLocalStorage<Place | undefined>()
  readonly #timers = new Set<Timer>()
  #sequence = 0
  /** How long the device has slept so far; its timers and `performance.now()` stand still meanwhile. */
  #slept = 0
  #isAsleep = false

  get place(): Place | undefined {
    return this.#places.getStore()
  }

  get relayWall(): number {
    return START + this.now + this.relayOffset
  }

  get deviceWall(): number {
    return START + this.now + this.deviceOffset
  }

  /** What `performance.now()` of a page that was loaded at the start would say. */
  get deviceAge(): number {
    return this.now - this.#slept
  }

  get isAsleep(): boolean {
    return this.#isAsleep
  }

  run<T>(place: Place | undefined, callback: () => T): T {
    return this.#places.run(place, callback)
  }

  /** Timers of the device and its pages that have not fired. */
  pendingOnDevice(): number {
    return this.#pending((place) => !place?.isRelay && !place?.isGone)
  }

  pendingAtRelay(): number {
    return this.#pending((place) => place?.isRelay === true)
  }

  /** Lets so much time pass, and everything that is due happen. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms
    let firedAtOnce = 0
    await this.settle()
    for (;;) {
      const next = this.#next()
      if (!next || next.due > end) break
      firedAtOnce = next.due > this.now ? 0 : firedAtOnce + 1
      if (firedAtOnce > MAX_TIMERS_AT_ONCE) throw new Error('timers set off each other without end')
      this.now = Math.max(this.now, next.due)
      const before = this.activity
      this.#fire(next)
      // The relay's clocks tick ten times a second, and next to nothing comes of it.
      if (next.place?.isRelay) for (let i = 0; i < 10; i++) await null
      if (!next.place?.isRelay || this.activity !== before) await this.settle()
    }
    this.now = end
  }

  /** The device sleeps: the relay goes on, and so do both wall clocks. */
  async sleep(ms: number, halfway: () => Promise<void>): Promise<void> {
    await this.settle()
    this.#isAsleep = true
    await this.pass(ms / 2)
    await halfway()
    await this.pass(ms / 2)
    this.#isAsleep = false
    this.#slept += ms
    for (const timer of this.#timers) if (!timer.place?.isRelay) timer.due += ms
  }

  /** Lets everything happen that needs no time: promises, reads of a stream, renders, commits of SQLite. */
  async settle(): Promise<void> {
    let quiet = 0
    let isBusy = false
    while (quiet < (isBusy ? 2 : 1)) {
      const before = this.activity
      await new Promise<void>((resolve) => {
        real.setImmediate(resolve)
      })
      if (this.activity === before) {
        quiet++
      } else {
        quiet = 0
        isBusy = true
      }
    }
  }

  /** Puts this time in the place of the machine's. Returns the way back. */
  install(): () => void {
    const names = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] as const
    const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
    const set = (callback: (...args: unknown[]) => void, ms = 0, repeats: boolean, args: unknown[]) =>
      this.#set(() => callback(...args), Math.max(0, Math.trunc(Number(ms) || 0)), repeats)
    const clear = (timer: Timer | undefined) => {
      if (timer) this.#timers.delete(timer)
    }
    const wall = () => (this.place?.isRelay ? this.relayWall : this.deviceWall)
    const values = {
      setTimeout: (callback: () => void, ms?: number, ...args: unknown[]) => set(callback, ms, false, args),
      clearTimeout: clear,
      setInterval: (callback: () => void, ms?: number, ...args: unknown[]) => set(callback, ms, true, args),
      clearInterval: clear,
      Date: new Proxy(real.Date, {
        construct: (target, args) => Reflect.construct(target, args.length > 0 ? args : [wall()]),
        apply: () => new real.Date(wall()).toString(),
        get: (target, key, receiver) => (key === 'now' ? wall : Reflect.get(target, key, receiver)),
      }),
      performance: new Proxy(globalThis.performance, {
        get: (target, key) => {
          if (key === 'now') return () => this.#age()
          if (key === 'timeOrigin') return wall() - this.#age()
          const value = Reflect.get(target, key)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
    }
    for (const name of names) {
      Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: values[name] })
    }
    return () => {
      for (const [name, descriptor] of before) if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    }
  }

  #age(): number {
    const { place } = this
    return place?.isRelay ? this.now : this.deviceAge - (place?.loadedAt ?? 0)
  }

  #set(callback: () => void, ms: number, repeats: boolean): Timer {
    const timer: Timer = {
      // What is set while the device sleeps is pushed back with the rest when it wakes up.
      due: this.now + ms,
      sequence: this.#sequence++,
      interval: repeats ? Math.max(1, ms) : null,
      callback,
      place: this.place,
      ref: () => timer,
      unref: () => timer,
      hasRef: () => false,
    }
    this.#timers.add(timer)
    return timer
  }

  #next(): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.place?.isFrozen || (this.#isAsleep && !timer.place?.isRelay)) continue
      if (!next || timer.due < next.due || (timer.due === next.due && timer.sequence < next.sequence)) next = timer
    }
    return next
  }

  #fire(timer: Timer): void {
    if (timer.interval === null) this.#timers.delete(timer)
    else timer.due = this.now + timer.interval
    if (timer.place?.isGone) {
      this.#timers.delete(timer)
      return
    }
    if (!timer.place?.isRelay) this.activity++
    this.run(timer.place, timer.callback)
  }

  #pending(test: (place: Place | undefined) => boolean): number {
    let count = 0
    for (const { place } of this.#timers) if (test(place)) count++
    return count
  }
}
