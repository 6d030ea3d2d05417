import * as z from 'zod/mini'
import { externalUserIdProblem } from './external-user-id.ts'

/** What the partner calls its user, see `externalUserIdProblem`. */
export const externalUserIdSchema = z.string('expected a string').check((context) => {
  const message = externalUserIdProblem(context.value)
  if (message) context.issues.push({ code: 'custom', message, input: context.value })
})
