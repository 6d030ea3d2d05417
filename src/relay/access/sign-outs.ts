import { SignOutMarks } from '../stores/sign-out-marks.ts'
import type { EventStore, Replay } from '../stores/store.ts'
import { signedOutNow } from './order.ts'
import type { Subscription } from './subscription-tokens.ts'

/** How long a log-out counts where nobody says how long a token may hold, in milliseconds. */
const DAY = 24 * 60 * 60 * 1000

type SignedOutAt = number | null | Promise<number | null>

/** Knows who has logged out: from the store, or from this process's memory where the store does not know such things. */
export class SignOuts {
  readonly #store: EventStore
  readonly #maxTokenLifetime: number
  /** `null` where the store knows. */
  readonly #marks: SignOutMarks | null

  /** @param maxTokenLifetime - how long a token may hold at most, in milliseconds. */
  constructor(store: EventStore, maxTokenLifetime = DAY) {
    this.#store = store
    this.#maxTokenLifetime = Math.ceil(maxTokenLifetime)
    this.#marks = store.signOut && store.signedOutAt ? null : new SignOutMarks()
  }

  async add(externalUserId: string): Promise<void> {
    const at = signedOutNow()
    const signOut = { at, until: at + this.#maxTokenLifetime }
    if (this.#marks) this.#marks.add(externalUserId, signOut)
    else await this.#store.signOut?.(externalUserId, signOut)
  }

  at(externalUserId: string): SignedOutAt {
    if (this.#marks) return this.#marks.at(externalUserId)
    return this.#store.signedOutAt?.(externalUserId) ?? null
  }

  /** The same, from what was read after listening began if that says it. */
  atReplay(externalUserId: string, { signedOutAt }: Replay): SignedOutAt {
    return this.#marks || signedOutAt === undefined ? this.at(externalUserId) : signedOutAt
  }
}

/** Whether a log-out ended what a credential allowed. One that does not say when it was issued may be from before. */
export function isSignedOut({ issuedAt }: Subscription, signedOutAt: number | null): boolean {
  return signedOutAt !== null && (issuedAt === undefined || issuedAt < signedOutAt)
}
