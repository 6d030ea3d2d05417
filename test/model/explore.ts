import * as fc from 'fast-check'
import { describeHistory, type History, run } from './history.ts'
import type { StoreKind } from './relay-side.ts'
import { type StepName, steps } from './steps.ts'

/** The longest history, in steps. */
const MAX_STEPS = 18

export interface Exploration {
  store: StoreKind
  runs: number
  seed: number
  /** What may happen; the rest does not. */
  isWanted: (name: StepName) => boolean
}

function histories({ store, isWanted }: Exploration): fc.Arbitrary<History> {
  return fc.record({
    setup: fc.record({
      store: fc.constant(store),
      isStrict: fc.boolean(),
      chance: fc.noShrink(fc.integer({ min: 0, max: 0x7fffffff })),
    }),
    steps: steps(isWanted, MAX_STEPS),
  })
}

/** Lives through so many histories. Rejects with the smallest one that breaks something. */
export async function explore(exploration: Exploration): Promise<void> {
  const { seed, runs } = exploration
  const property = fc.asyncProperty(histories(exploration), run)
  const details = await fc.check(property, { seed, numRuns: runs })
  if (!details.failed) return
  const [history] = details.counterexample ?? []
  const error = details.errorInstance
  const message = [
    `seed ${seed}, after ${details.numRuns} histories; the smallest after ${details.numShrinks} cuts:`,
    history && describeHistory(history),
    error instanceof Error ? (error.name === 'BrokenInvariant' ? error.message : error.stack) : String(error),
  ]
  throw new Error(message.join('\n'))
}
