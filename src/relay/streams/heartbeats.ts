import type { Subscriber } from './subscriber.ts'
import { HEARTBEAT } from './wire.ts'

/** How far apart two ticks are at most, in milliseconds. */
const MAX_TICK = 100

/**
 * Sends every subscriber a comment once an interval, a few subscribers a tick: all of them in one tick would hold up
 * everything else (measured with 10,000 streams: more than 100 ms at p99.9).
 */
export class Heartbeats {
  readonly #slots: Set<Subscriber>[]
  readonly #slotOf = new Map<Subscriber, Set<Subscriber>>()
  readonly #tickInterval: number
  #timer: ReturnType<typeof setInterval> | undefined
  #added = 0
  #tick = 0

  constructor(interval: number) {
    const slots = Math.ceil(interval / MAX_TICK)
    this.#slots = Array.from({ length: slots }, () => new Set())
    this.#tickInterval = interval / slots
  }

  add(subscriber: Subscriber): void {
    const slot = this.#slots[this.#added++ % this.#slots.length]
    if (!slot) return
    slot.add(subscriber)
    this.#slotOf.set(subscriber, slot)
    this.#timer ??= setInterval(() => this.#beat(), this.#tickInterval)
  }

  delete(subscriber: Subscriber): void {
    this.#slotOf.get(subscriber)?.delete(subscriber)
    this.#slotOf.delete(subscriber)
    if (this.#slotOf.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #beat(): void {
    const slot = this.#slots[this.#tick++ % this.#slots.length] ?? []
    for (const subscriber of slot) subscriber.heartbeat(HEARTBEAT)
  }
}
