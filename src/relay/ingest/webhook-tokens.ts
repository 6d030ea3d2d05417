import { isSame } from './constant-time.ts'

/**
 * Compares what a request presents with the active tokens, whole and in constant time: every character of it is looked at for
 * every token, whatever those before it said. How long that takes depends on what was presented alone.
 */
export class WebhookTokens {
  readonly #tokens: readonly string[]

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  accept(presented: string): boolean {
    let accepted = 0
    for (const expected of this.#tokens) accepted |= Number(isSame(presented, expected))
    return accepted === 1
  }
}
