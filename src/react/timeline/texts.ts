import { format } from '../messages/format.ts'
import type { KycTimelineMessages } from '../messages/timeline/messages.ts'
import type { KycTimelineStepView, KycTimelineView } from './view.ts'

/** The texts of reasons that the application allows to be told, by their codes. */
export type KycStepReasons = Readonly<Record<string, string>>

/** What the texts depend on. */
export interface TimelineTold {
  view: KycTimelineView
  messages: KycTimelineMessages
  reasons: KycStepReasons
}

export interface StepTexts {
  name: string
  /** Nothing while it is loading. */
  state: string | null
  /** What the state means, and what to do; `null` where there is nothing to add. */
  detail: string | null
}

export function stepTexts(
  { step, state, reason }: KycTimelineStepView,
  { messages, reasons }: Pick<TimelineTold, 'messages' | 'reasons'>,
): StepTexts {
  const texts = own(messages.steps, step)
  const name = texts?.name ?? step
  if (state === 'loading') return { name, state: null, detail: null }
  const detail = reasonText(state, reason, messages, reasons) ?? texts?.[state] ?? messages.anyStep[state] ?? null
  return { name, state: messages.states[state], detail }
}

/** A refusal is given no reason that the application has not allowed, and a review none at all: it may be a suspicion. */
function reasonText(
  state: KycTimelineStepView['state'],
  reason: string | null,
  messages: KycTimelineMessages,
  allowed: KycStepReasons,
): string | undefined {
  if (reason === null) return undefined
  if (state === 'action_needed') return own(allowed, reason) ?? own(messages.reasons, reason)
  return state === 'declined' || state === 'expired' ? own(allowed, reason) : undefined
}

/** How things stand. */
export function overallText({ view: { overall }, messages }: Pick<TimelineTold, 'view' | 'messages'>): string {
  return overall === 'loading' ? messages.loading : messages.overall[overall]
}

/** What a person is told of the line; `null` where there is nothing to tell, or nothing to wait for any more. */
export function lineText({ view: { overall, connection }, messages }: Pick<TimelineTold, 'view' | 'messages'>) {
  if (overall === 'done') return null
  if (connection === 'failed') return messages.connectionFailed
  return connection === 'lost' ? messages.connectionLost : null
}

/** What is spoken of a step. */
export function spokenText(step: KycTimelineStepView, told: TimelineTold): string {
  const { name, state, detail } = stepTexts(step, told)
  const { spoken, locale } = told.messages
  const change = format(spoken, { step: name, state: state ?? '' }, locale)
  return detail === null ? change : `${change} ${detail}`
}

/** Codes and frames come from outside, so that what objects inherit is none of them. */
function own<T>(texts: Readonly<Record<string, T>>, name: string): T | undefined {
  return new Map(Object.entries(texts)).get(name)
}
