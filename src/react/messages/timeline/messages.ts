import type { OverallState, TimelineState } from '../../../client/knowledge/timeline.ts'

/** The texts of one step: its name, and what a state of it means. A state without a text has that of `anyStep`. */
export type KycStepMessages = { name: string } & { [state in TimelineState]?: string }

/**
 * Every text of the timeline, for one language. It is nothing but data, so it can come from a server. Words in braces are
 * replaced: `{step}`, `{state}`, `{time}`.
 */
export interface KycTimelineMessages {
  /** The language, as in the attribute `lang` (BCP 47). Dates follow its rules. */
  locale: string
  direction: 'ltr' | 'rtl'
  /** `native` if a native speaker has read the texts. */
  review: 'native' | 'none'

  /** Names the timeline. */
  title: string
  /** The relay has not been heard yet. */
  loading: string
  /** What is to be done, in one or two words. */
  states: Record<TimelineState, string>
  /** The same of all steps together, in a sentence. */
  overall: Record<OverallState, string>
  /** The texts of each step, by the frame of its webhook. A step without texts is called by its frame. */
  steps: { [step: string]: KycStepMessages }
  /** What a state means where a step has no text of its own for it. */
  anyStep: { [state in TimelineState]?: string }
  /** Why something is needed, by the code that the webhook gives. */
  reasons: { [code: string]: string }

  /** When a review began. */
  since: string
  /** When anything else was heard. */
  updated: string
  /** What is spoken of a step that has changed. */
  spoken: string

  /** Said while no news can arrive. */
  connectionLost: string
  /** Said when the page has given up the line. */
  connectionFailed: string
  /** Spoken when news can arrive again. */
  connectionBack: string
  checkAgain: string
  /** Comes before the way to contact you, where you give one. */
  contact: string
}

/** Some of the texts, each on its own, and those of steps of your own. */
export type KycTimelineMessageOverrides = {
  [key in Exclude<keyof KycTimelineMessages, 'steps'>]?: KycTimelineMessages[key] extends string
    ? KycTimelineMessages[key]
    : Partial<KycTimelineMessages[key]>
} & { steps?: { [step: string]: Partial<KycStepMessages> } }
