/** The longest `externalUserId` in UTF-16 code units; a UUID has 36. */
export const MAX_EXTERNAL_USER_ID_LENGTH = 256

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Says what was expected of what the partner calls its user, or `null` if it can be one. It travels in a URL path and in
 * UTF-8, which rules out control characters, lone surrogates, and the names `.` and `..`, which URL parsers take for folders.
 */
export function externalUserIdProblem(id: unknown): string | null {
  if (typeof id !== 'string') return 'expected a string'
  if (id === '') return 'expected at least 1 character'
  if (id.length > MAX_EXTERNAL_USER_ID_LENGTH) return `expected at most ${MAX_EXTERNAL_USER_ID_LENGTH} characters`
  if (CONTROL.test(id)) return 'expected no control characters'
  if (LONE_SURROGATE.test(id)) return 'expected well-formed Unicode'
  return id === '.' || id === '..' ? 'expected something other than "." and ".."' : null
}
