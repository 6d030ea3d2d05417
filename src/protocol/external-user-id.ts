/** The longest `externalUserId` in UTF-16 code units; a UUID has 36. */
export const MAX_EXTERNAL_USER_ID_LENGTH = 256

/** No control character, no lone surrogate, and neither `.` nor `..`, which URL parsers take for folders. */
const RIGHT = /^(?!\.\.?$)[^\p{Control}\p{Surrogate}]+$/u
const EXPECTED = `expected 1 to ${MAX_EXTERNAL_USER_ID_LENGTH} printable characters, not "." or ".."`

/**
 * Says what was expected of what the partner calls its user, or `null` if it can be one. It travels in a URL path and in
 * UTF-8.
 */
export function externalUserIdProblem(id: unknown): string | null {
  return typeof id === 'string' && id.length <= MAX_EXTERNAL_USER_ID_LENGTH && RIGHT.test(id) ? null : EXPECTED
}
