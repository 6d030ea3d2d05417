import type { Answer } from '../http/answer.ts'
import type { Incoming } from '../http/incoming.ts'
import { NotTaken } from '../http/problem.ts'
import type { ForwardOptions, OnWebhook, WebhookEvent } from '../relay-options.ts'
import type { Bytes } from '../streams/wire.ts'
import { forward } from './forward.ts'

/** How long `onWebhook` may take where nothing is forwarded, in milliseconds. */
const TIMEOUT = 5000

/** One webhook on its way to the back end. */
export interface Delivery {
  incoming: Incoming
  /** Below the base path. */
  path: string
  body: Bytes
}

/**
 * The partner's own back end, which hears a webhook before the page does: it hears it once at least, and the page once. After
 * the event was stored a repeat, which a back end that fails needs, would count twice.
 */
export class BackEnd {
  readonly #forward: Required<ForwardOptions> | null
  readonly #onWebhook: OnWebhook | null

  private constructor(forward: Required<ForwardOptions> | null, onWebhook: OnWebhook | null) {
    this.#forward = forward
    this.#onWebhook = onWebhook
  }

  /** `null` where nobody but the page hears of webhooks. */
  static of(forward: Required<ForwardOptions> | null, onWebhook: OnWebhook | undefined): BackEnd | null {
    return forward || onWebhook ? new BackEnd(forward, onWebhook ?? null) : null
  }

  /** How long a body may be that is passed on whatever it is, in bytes; `null` where none is. */
  get maxBytes(): number | null {
    return this.#forward?.maxBytes ?? null
  }

  /**
   * Resolves once the back end has taken a webhook that the relay knows.
   *
   * @param event - `null` where it says nothing of interest. `onWebhook` does not hear of it then.
   * @throws {NotTaken} if it has not.
   */
  async tell(event: WebhookEvent | null, delivery: Delivery): Promise<void> {
    const began = performance.now()
    if (this.#forward) refuseUnlessTaken(await this.#pass(delivery, this.#forward))
    if (!this.#onWebhook || !event) return
    const budget = this.#forward?.timeout ?? TIMEOUT
    const request = delivery.incoming.toRequest(delivery.body)
    await call(this.#onWebhook, [event, request], budget - (performance.now() - began), budget)
  }

  /**
   * Passes on a webhook that the relay does not know. What the back end says is the answer.
   *
   * @throws {NotTaken} if that is no success, or nothing.
   */
  async pass(delivery: Delivery): Promise<Answer> {
    if (!this.#forward) throw new TypeError('nothing is forwarded')
    const said = await this.#pass(delivery, this.#forward)
    if (!isTaken(said)) throw NotTaken.saying(said)
    return said
  }

  #pass({ incoming, path, body }: Delivery, settings: Required<ForwardOptions>): Promise<Answer> {
    return forward(incoming, path, body, settings)
  }
}

function isTaken({ status }: Answer): boolean {
  return status >= 200 && status < 300
}

/** A webhook that the relay knows has an answer of the back end's own only where that is a plain refusal. */
function refuseUnlessTaken(said: Answer): void {
  if (isTaken(said)) return
  if (said.status >= 400) throw NotTaken.saying(said)
  throw new NotTaken(502, `The back end answered ${said.status}.`)
}

async function call(onWebhook: OnWebhook, args: Parameters<OnWebhook>, within: number, budget: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`onWebhook took longer than ${budget / 1000} s`)), within)
  })
  try {
    await Promise.race([(async () => onWebhook(...args))(), late])
  } catch (error) {
    throw new NotTaken(503, 'The back end has not taken the webhook. Deliver it again.', { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
