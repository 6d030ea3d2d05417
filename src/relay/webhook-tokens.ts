const encoder = new TextEncoder()

/**
 * Compares what a request presents with the active tokens, whole and in constant time: every byte of it is looked at for every
 * token, whatever the bytes before it said. How long that takes depends on what was presented alone.
 */
export class WebhookTokens {
  readonly #tokens: readonly Uint8Array[]

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens.map((token) => encoder.encode(token))
  }

  accept(presented: string): boolean {
    const candidate = encoder.encode(presented)
    let accepted = 0
    for (const expected of this.#tokens) accepted |= Number(difference(candidate, expected) === 0)
    return accepted === 1
  }
}

/** 0 where both are the same. A token that is shorter is gone through again. */
function difference(candidate: Uint8Array, expected: Uint8Array): number {
  let found = candidate.length ^ expected.length
  for (let i = 0; i < candidate.length; i++) found |= (candidate[i] ?? 0) ^ (expected[i % expected.length] ?? 0)
  return found
}
