import * as z from 'zod/mini'
import { externalUserIdSchema } from '../external-user-id-schema.ts'
import type { StepState } from '../step-state.ts'
import type { WebhookDefinition } from './definition.ts'

/** What is known of a webhook whose status has a state. */
export interface Sibling {
  frame: string
  /** `null` where the provider's public documentation does not say it. */
  path: string | null
  /** What each known word means. They count in any case, and are told as they came. */
  states: { readonly [status: string]: StepState }
  /** Why, for the words that say it. */
  reasons?: { readonly [status: string]: string }
}

const bodySchema = z.object(
  {
    externalUserId: externalUserIdSchema,
    status: z.string('expected a word').check(z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'expected a word')),
  },
  'expected an object with externalUserId and status',
)

type Body = z.infer<typeof bodySchema>

/** @param words - words beside the known ones, or other meanings for those. */
export function siblingWebhook(
  { frame, states, reasons = {} }: Sibling,
  path: string,
  words: { readonly [status: string]: StepState } = {},
): WebhookDefinition<Body> {
  const stateOf = new Map(Object.entries({ ...inUpperCase(states), ...inUpperCase(words) }))
  const reasonOf = new Map(Object.entries(reasons))
  return {
    frame,
    path,
    body: bodySchema,
    toEvent({ externalUserId, status }) {
      const word = status.toUpperCase()
      const state = stateOf.get(word) ?? 'unknown'
      const reason = reasonOf.get(word)
      return { externalUserId, status, state, ...(reason !== undefined && state === 'action_needed' && { reason }) }
    },
  }
}

function inUpperCase<T>(words: { readonly [word: string]: T }): { [word: string]: T } {
  return Object.fromEntries(Object.entries(words).map(([word, meaning]) => [word.toUpperCase(), meaning]))
}
