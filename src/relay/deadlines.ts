import type { Subscriber } from './subscriber.ts'

const SECOND = 1000

/** Ends each subscriber within a second after its time is up, with one timer for all of them. */
export class Deadlines {
  readonly #bySecond = new Map<number, Set<Subscriber>>()
  #timer: ReturnType<typeof setInterval> | undefined
  #ended = 0

  add(subscriber: Subscriber): void {
    const second = secondOf(subscriber)
    const set = this.#bySecond.get(second) ?? new Set()
    this.#bySecond.set(second, set.add(subscriber))
    if (this.#timer) return
    this.#ended = Math.floor(Date.now() / SECOND)
    this.#timer = setInterval(() => this.#endDue(), SECOND / 2)
  }

  delete(subscriber: Subscriber): void {
    const second = secondOf(subscriber)
    const set = this.#bySecond.get(second)
    set?.delete(subscriber)
    if (set?.size === 0) this.#bySecond.delete(second)
    if (this.#bySecond.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #endDue(): void {
    const now = Math.floor(Date.now() / SECOND)
    while (this.#ended < now) {
      this.#ended++
      for (const subscriber of this.#bySecond.get(this.#ended) ?? []) subscriber.end()
    }
  }
}

function secondOf({ endsAt }: Subscriber): number {
  return Math.ceil(endsAt / SECOND)
}
