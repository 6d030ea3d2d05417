import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import { MAX_DELAY } from './timers.ts'

/** Returns what was expected of an option, or `null` if it is fine. An option that is `undefined` is not checked. */
type Rule = (value: unknown) => string | null
export interface Rules {
  [option: string]: Rule | Rules
}

export const expect =
  (test: (value: unknown) => boolean, expected: string): Rule =>
  (value) =>
    test(value) ? null : expected

export const text = expect((value) => typeof value === 'string', 'expected text')
export const aFunction = expect((value) => typeof value === 'function', 'expected a function')
export const trueOrFalse = expect((value) => typeof value === 'boolean', 'expected true or false')
export const duration = expect((value) => Number.isFinite(value) && Number(value) > 0, 'expected milliseconds above 0')
export const timeout: Rule = (value) =>
  duration(value) ?? (Number(value) > MAX_DELAY ? `expected at most ${MAX_DELAY} ms` : null)

/** Checks the options of `caller` where they enter, so that a mistake is told at once and not at the first request. */
export function checkOptions(caller: string, rules: Rules, options: unknown): void {
  const problems = findProblems(rules, options)
  if (problems.length > 0) throw new InvalidOptionsError(`${caller}: ${problems.join('; ')}`)
}

function findProblems(rules: Rules, options: unknown): string[] {
  if (typeof options !== 'object' || options === null) return ['expected an object']
  const known = new Map(Object.entries(rules))
  return Object.entries(options).flatMap(([option, value]) => {
    const rule = known.get(option)
    if (!rule) return `${option}: not an option`
    if (value === undefined) return []
    const problems = typeof rule === 'function' ? [rule(value)] : findProblems(rule, value)
    return problems.filter((problem) => problem !== null).map((problem) => `${option}: ${problem}`)
  })
}
