import * as z from 'zod/mini'
import { InvalidOptionsError } from './invalid-options.ts'

/** An option that is a function; what it takes and returns is for the types to hold. */
export function functionSchema<T extends (...args: never[]) => unknown>() {
  return z.custom<T>((value) => typeof value === 'function', 'expected a function')
}

/** Checks the options of `caller` where they enter, so that a mistake is told at once and not at the first request. */
export function parseOptions<T extends z.ZodMiniType>(caller: string, schema: T, options: unknown): z.infer<T> {
  const result = schema.safeParse(options)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: not an option`
    return [...issue.path, issue.message].join(': ')
  })
  throw new InvalidOptionsError(`${caller}: ${problems.join('; ')}`)
}
