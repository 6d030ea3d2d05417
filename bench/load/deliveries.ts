import type { Fleet } from './fleet.ts'
import { SenderPool } from './sender-pool.ts'
import { strideOver } from './users.ts'

/** What the time was, in milliseconds, when a webhook was handed over, acknowledged, and on its user's stream. */
export interface Delivery {
  sentAt: number
  acknowledgedAt: number
  toldAt: number
}

/** After this many milliseconds something has gone wrong. */
const DELIVERY_TIMEOUT = 20_000

/** Sends webhooks, and waits for what becomes of them. */
export class Deliveries {
  readonly #fleet: Fleet
  readonly #pool: SenderPool
  readonly #count: number
  readonly #stride: number
  #sent = 0

  /** @param count - how many users get them, from the first one on. */
  constructor(fleet: Fleet, lanes: number, count = fleet.users.length) {
    const { port, webhookToken } = fleet.target
    this.#fleet = fleet
    this.#pool = new SenderPool(lanes, { port, token: webhookToken })
    this.#count = count
    this.#stride = strideOver(count)
  }

  /** Delivers one to the next user. Resolves when it is acknowledged and on the stream. */
  next(): Promise<Delivery> {
    const i = (this.#sent * this.#stride) % this.#count
    const user = this.#fleet.users[i] ?? ''
    const status = this.#sent % 2 === 0 ? 'ERROR' : 'ADDED'
    this.#sent++
    const delivery: Delivery = { sentAt: performance.now(), acknowledgedAt: 0, toldAt: 0 }
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (delivery.acknowledgedAt > 0 && delivery.toldAt > 0) resolve(delivery)
      }
      this.#fleet.awaitEvent(i, () => {
        delivery.toldAt = performance.now()
        settle()
      })
      const path = this.#fleet.target.webhookPath.replace(':user', user)
      this.#pool.send(path, `{"externalUserId":"${user}","status":"${status}"}`, (code) => {
        if (code === null || code < 200 || code > 299) {
          reject(new Error(`a webhook was ${code === null ? 'not answered' : `answered with ${code}`}`))
          return
        }
        delivery.acknowledgedAt = performance.now()
        settle()
      })
    })
  }

  close(): void {
    this.#pool.close()
  }
}

/** Keeps so many on their way, each of which asks for leave before it starts. Returns how many there were. */
export async function inLanes(deliveries: Deliveries, lanes: number, mayStart: () => boolean): Promise<number> {
  let count = 0
  const lane = async () => {
    while (mayStart()) {
      await deliveries.next()
      count++
    }
  }
  const stopped = stopsMoving(() => count)
  try {
    await Promise.race([Promise.all(Array.from({ length: lanes }, lane)), stopped.promise])
    return count
  } finally {
    stopped.giveUp()
  }
}

/** Rejects once nothing has been counted for a while. One look at all of them costs less than a timer for each. */
function stopsMoving(count: () => number): { promise: Promise<never>; giveUp(): void } {
  let seen = -1
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const now = count()
      if (now === seen) reject(new Error(`no webhook was acknowledged and delivered for ${DELIVERY_TIMEOUT / 1000} s`))
      seen = now
    }, DELIVERY_TIMEOUT)
  })
  return { promise, giveUp: () => clearInterval(timer) }
}
