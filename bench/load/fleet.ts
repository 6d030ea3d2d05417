import { subscriptionTokens } from '../../src/relay/access/subscription-tokens.ts'
import { EventStream } from './event-stream.ts'
import type { Target } from './load.ts'
import { userName } from './users.ts'

/** The streams of all users, one each. */
export class Fleet {
  readonly target: Target
  readonly users: readonly string[]
  readonly #tokens: readonly string[]
  readonly #streams: (EventStream | undefined)[] = []
  /** Who waits for the next event of each user, in the order of the webhooks. */
  readonly #waiting: (() => void)[][]
  /** What becomes of a stream that is lost. */
  onLost: (i: number, status: number | null) => void

  private constructor(target: Target, users: readonly string[], tokens: readonly string[]) {
    this.target = target
    this.users = users
    this.#tokens = tokens
    this.#waiting = users.map(() => [])
    this.onLost = refuse
  }

  static async make(target: Target): Promise<Fleet> {
    const users = Array.from({ length: target.connections }, (_, i) => userName(i))
    const tokens = subscriptionTokens(target.subscriptionSecret)
    return new Fleet(target, users, await Promise.all(users.map((user) => tokens.issue(user, { expiresIn: '12h' }))))
  }

  /** Opens the stream of the `i`th user, or opens it again from where it was. */
  connect(i: number, opened: () => void): void {
    const { port, mark } = this.target
    const target = { port, mark, index: i, user: this.users[i] ?? '', token: this.#tokens[i] ?? '' }
    this.#streams[i] = new EventStream(target, this.#streams[i]?.lastEventId ?? '', {
      opened,
      told: () => this.#waiting[i]?.shift()?.(),
      closed: (status) => this.onLost(i, status),
    })
  }

  /** Opens the streams of the first users, so many at a time. */
  async open(count: number, width: number): Promise<void> {
    let next = 0
    const lane = async () => {
      while (next < count) {
        const i = next++
        await new Promise<void>((resolve) => this.connect(i, resolve))
      }
    }
    await Promise.all(Array.from({ length: width }, lane))
  }

  /** Calls back with the next event of the `i`th user. */
  awaitEvent(i: number, told: () => void): void {
    this.#waiting[i]?.push(told)
  }

  close(): void {
    for (const stream of this.#streams.splice(0)) stream?.close()
  }
}

/** Without an order to come back, a stream that is lost is a fault. The driver ends with it. */
function refuse(i: number, status: number | null): void {
  const how = status === null || status === 200 ? 'was lost' : `was refused with ${status}`
  throw new Error(`the stream of user ${i} ${how}`)
}
