import type { History } from './history.ts'
import type { Step } from './steps.ts'

/** More tries than this take longer than reading a history that is not the smallest. */
const MAX_TRIES = 400

/**
 * Finds a history that breaks the same and from which nothing can be taken: first steps, as many as possible at a time, then
 * what they say. fast-check's own way of cutting lists leaves steps that do nothing.
 */
export async function shrink(history: History, breaks: (history: History) => Promise<boolean>): Promise<History> {
  let smallest = history
  let tries = 0
  const accept = async (candidate: History) => {
    if (tries++ >= MAX_TRIES || !(await breaks(candidate))) return false
    smallest = candidate
    return true
  }
  for (;;) {
    const before = smallest
    for (let length = Math.ceil(smallest.steps.length / 2); length > 0; length = Math.floor(length / 2)) {
      for (let at = smallest.steps.length - length; at >= 0; at--) {
        const steps = smallest.steps.toSpliced(at, length)
        if (await accept({ ...smallest, steps })) at = Math.min(at, smallest.steps.length - length + 1)
      }
    }
    for (const option of ['isStrict', 'isShared'] as const) {
      const { setup } = smallest
      if (setup[option]) await accept({ ...smallest, setup: { ...setup, [option]: false } })
    }
    for (let at = 0; at < smallest.steps.length; at++) {
      for (const simpler of simplerThan(smallest.steps[at])) {
        if (await accept({ ...smallest, steps: smallest.steps.with(at, simpler) })) break
      }
    }
    if (smallest === before || tries >= MAX_TRIES) return smallest
  }
}

function simplerThan(step: Step | undefined): Step[] {
  // A sleep of less than 5 s may go unnoticed.
  if (step?.do === 'sleep') return step.answers.length > 0 ? [{ ...step, answers: [] }] : []
  return Object.entries(step ?? {}).flatMap(([field, value]) =>
    simplerValues(field, value).map((simpler) => ({ ...step, [field]: simpler }) as Step),
  )
}

function simplerValues(field: string, value: unknown): unknown[] {
  switch (field) {
    case 'tab':
      return value === 0 ? [] : [0]
    case 'files':
      return value === 1 ? [] : [1]
    case 'ms':
      return [1, 1000, 10_000].filter((ms) => ms < Number(value))
    case 'by':
      return Math.abs(Number(value)) > 2000 ? [2000 * Math.sign(Number(value))] : []
    default:
      return []
  }
}
