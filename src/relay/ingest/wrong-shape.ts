import type { SchemaIssue } from '../../protocol/standard-schema.ts'
import { type FieldError, Problem } from '../http/problem.ts'

/** What a schema says of a body that does not fit it: a 422 that names each field, and repeats nothing of the body. */
export function wrongShape(issues: readonly SchemaIssue[], body: unknown): Problem {
  const errors: FieldError[] = issues.map(({ path = [], message }) => {
    const keys = path.map((part) => (typeof part === 'object' ? part.key : part))
    return {
      pointer: keys.map((key) => `/${String(key)}`).join(''),
      detail: repeats(message, valueAt(body, keys)) ? 'expected something else' : message,
    }
  })
  const detail = errors.map((error) => [error.pointer.slice(1) || 'body', error.detail].join(': ')).join('; ')
  return new Problem(422, detail, { errors })
}

/** The words of a value that are no secret are shorter. */
const MIN_REPEATED_LENGTH = 4

/** Many schemas say what they have received. */
function repeats(message: string, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false
  const text = String(value)
  const escaped = JSON.stringify(text).slice(1, -1)
  return text.length >= MIN_REPEATED_LENGTH && (message.includes(text) || message.includes(escaped))
}

function valueAt(body: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce((value: unknown, key) => Object(value)[key], body)
}
