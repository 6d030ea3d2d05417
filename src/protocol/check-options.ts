import { InvalidOptionsError } from './invalid-options.ts'

/** The longest time that a timer can hold, in milliseconds; with more it fires at once. */
export const MAX_DELAY = 2 ** 31 - 1

/** Returns what was expected of an option, or `null` if it is fine. An option that is `undefined` is not checked. */
export type Rule = (value: unknown) => string | null
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
export const wholeNumber = expect(
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  'expected a whole number, 1 or more',
)
export const duration = expect((value) => Number.isFinite(value) && Number(value) > 0, 'expected milliseconds above 0')
export const timeout: Rule = (value) =>
  duration(value) ?? (Number(value) > MAX_DELAY ? `expected at most ${MAX_DELAY} ms` : null)

/** A list whose items keep a rule. */
export const listOf =
  (rule: Rule, expected: string): Rule =>
  (value) => {
    if (!Array.isArray(value)) return expected
    const problems = value.map(rule)
    const first = problems.findIndex((problem) => problem !== null)
    return first === -1 ? null : `${first}: ${problems[first]}`
  }

/** An object whose options keep rules, those that are required among them. */
export const objectOf =
  (rules: Rules, ...required: string[]): Rule =>
  (value) =>
    findProblems(rules, withRequired(value as Record<string, unknown>, ...required)).join('; ') || null

/**
 * The options, where those of these names that are missing are `null`, which no rule takes.
 *
 * @param options - as they came from outside.
 */
export function withRequired<T>(options: T, ...names: (keyof NonNullable<T>)[]): T {
  if (typeof options !== 'object' || options === null) return options
  const given = options as NonNullable<T>
  return { ...given, ...Object.fromEntries(names.map((name) => [name, given[name] ?? null])) }
}

/** Checks the options of `caller` where they enter, so that a mistake is told at once and not at the first request. */
export function checkOptions(caller: string, rules: Rules, options: unknown): void {
  const problems = findProblems(rules, options)
  if (problems.length > 0) throw new InvalidOptionsError(`${caller}: ${problems.join('; ')}`)
}

function findProblems(rules: Rules, options: unknown): string[] {
  if (typeof options !== 'object' || options === null) return ['expected an object']
  const known = new Map(Object.entries(rules))
  return Object.entries(options).flatMap(([option, value]) => {
    if (value === undefined) return []
    const rule = known.get(option)
    if (!rule) return `${option}: not an option`
    const problems = typeof rule === 'function' ? [rule(value)] : findProblems(rule, value)
    return problems.filter((problem) => problem !== null).map((problem) => `${option}: ${problem}`)
  })
}
