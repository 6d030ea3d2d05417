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
    for (const expected of this.#tokens) accepted |= Number(difference(presented, expected) === 0)
    return accepted === 1
  }
}

/** 0 where both are the same. A token that is shorter is gone through again. */
function difference(presented: string, expected: string): number {
  let found = presented.length ^ expected.length
  for (let i = 0; i < presented.length; i++) found |= presented.charCodeAt(i) ^ expected.charCodeAt(i % expected.length)
  return found
}
