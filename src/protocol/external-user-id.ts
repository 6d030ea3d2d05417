import * as z from 'zod/mini'

/** The longest `externalUserId` in UTF-16 code units; a UUID has 36. */
export const MAX_EXTERNAL_USER_ID_LENGTH = 256

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * What the partner calls its user. It travels in a URL path and in UTF-8, which rules out control characters, lone
 * surrogates, and the names `.` and `..`, which URL parsers take for folders.
 */
export const externalUserIdSchema = z.string('expected a string').check(
  z.minLength(1, 'expected at least 1 character'),
  z.maxLength(MAX_EXTERNAL_USER_ID_LENGTH, `expected at most ${MAX_EXTERNAL_USER_ID_LENGTH} characters`),
  z.refine((id) => !CONTROL.test(id), 'expected no control characters'),
  z.refine((id) => !LONE_SURROGATE.test(id), 'expected well-formed Unicode'),
  z.refine((id) => id !== '.' && id !== '..', 'expected something other than "." and ".."'),
)
