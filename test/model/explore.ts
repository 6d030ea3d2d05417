import * as fc from 'fast-check'
import { describeHistory, type History, run } from './history.ts'
import { stepsOf } from './phrases.ts'
import type { StoreKind } from './relay-side.ts'
import { shrink } from './shrink.ts'
import type { StepName } from './steps.ts'

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
      isShared: fc.boolean(),
      chance: fc.integer({ min: 0 }),
    }),
    steps: stepsOf(isWanted, MAX_STEPS),
  })
}

/** Lives through so many histories. Rejects with the smallest one that breaks something. */
export async function explore(exploration: Exploration): Promise<void> {
  const { seed, runs } = exploration
  const property = fc.asyncProperty(histories(exploration), run)
  const { failed, counterexample, errorInstance, numRuns } = await fc.check(property, {
    seed,
    numRuns: runs,
    endOnFailure: true,
  })
  if (!failed) return
  const [history] = counterexample ?? []
  if (!history) throw errorInstance
  const sentence = firstLine(errorInstance)
  const smallest = await shrink(history, async (smaller) => {
    return run(smaller).then(
      () => false,
      (error: unknown) => firstLine(error) === sentence,
    )
  })
  const error = await run(smallest).catch((broken: unknown) => broken)
  throw new Error(
    [
      `history ${numRuns} of seed ${seed} breaks this: ${sentence}`,
      `The smallest that does, cut from ${history.steps.length} steps: ${describeHistory(smallest)}`,
      error instanceof Error && error.name !== 'BrokenInvariant' ? error.stack : firstLinesAfter(error),
    ].join('\n'),
  )
}

const firstLine = (error: unknown) => String(error).split('\n', 1)[0]?.replace('BrokenInvariant: ', '')
const firstLinesAfter = (error: unknown) => String(error).split('\n').slice(1).join('\n')
