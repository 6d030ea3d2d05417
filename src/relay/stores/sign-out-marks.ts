import type { SignOut } from './store.ts'
import { userKey } from './user-key.ts'

/** How often marks that hold no more are deleted, in milliseconds. */
const SWEEP_INTERVAL = 60_000

/** Who has logged out, for as long as this process lives. It knows no names, so an erasure leaves none behind. */
export class SignOutMarks {
  readonly #marks = new Map<number, SignOut>()
  #sweptAt = performance.now()

  add(externalUserId: string, { at, until }: SignOut): void {
    if (performance.now() - this.#sweptAt >= SWEEP_INTERVAL) this.#sweep()
    const key = userKey(externalUserId)
    const before = this.#marks.get(key)
    this.#marks.set(key, { at: Math.max(at, before?.at ?? at), until: Math.max(until, before?.until ?? until) })
  }

  at(externalUserId: string): number | null {
    const mark = this.#marks.get(userKey(externalUserId))
    return mark && mark.until > Date.now() ? mark.at : null
  }

  clear(): void {
    this.#marks.clear()
  }

  #sweep(): void {
    this.#sweptAt = performance.now()
    const now = Date.now()
    for (const [key, { until }] of this.#marks) if (until <= now) this.#marks.delete(key)
  }
}
