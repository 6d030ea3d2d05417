import type { Doubt } from '../../client/knowledge/upload-state.ts'
import type { KycTimelineMessageOverrides } from './timeline/messages.ts'

/** The texts of one state. */
export interface KycStateMessages {
  title: string
  description: string
}

/** A text for each plural category of the language (`Intl.PluralRules`); `other` is for all that have none of their own. */
export type KycPluralMessage = { [category in Intl.LDMLPluralRule]?: string } & { other: string }

/**
 * Every text of the components, for one language. It is nothing but data, so it can come from a server. Words in braces are
 * replaced: `{count}`, `{total}`, `{time}`, `{name}`, `{size}`, `{types}`, `{title}`, `{description}`.
 */
export interface KycMessages {
  /** The language, as in the attribute `lang` (BCP 47). Numbers, times and plurals follow its rules. */
  locale: string
  direction: 'ltr' | 'rtl'
  /** `native` if a native speaker has read the texts. */
  review: 'native' | 'none'

  /** The relay has not been heard yet. */
  loading: KycStateMessages
  /** Nothing has been uploaded, as far as this page knows. */
  none: KycStateMessages
  processing: KycStateMessages
  /** The answer takes longer than `slowAfter`. */
  slow: KycStateMessages
  /** The answer takes longer than `verySlowAfter`. */
  verySlow: KycStateMessages
  added: KycStateMessages
  error: KycStateMessages
  /** Comes before the title of an error, for those who do not see its colour. */
  errorPrefix: string
  /** How `{title}` and `{description}` are spoken one after the other. */
  spoken: string

  /** Said beside an outcome that may not be the whole truth: a text for each reason. */
  doubt: Record<Doubt, string>

  /** Said while no answer can arrive. */
  connectionLost: string
  /** The same where the document is known to have been sent. */
  connectionLostSent: string
  /** Said when the page has given up the line. */
  connectionFailed: string
  /** Spoken when answers can arrive again. */
  connectionBack: string

  retry: string
  /** Spoken after an error, where `retry` is offered. */
  retryAvailable: string
  checkAgain: string
  /** Said while the line is live and an answer is to come. */
  live: string
  lastChecked: string
  /** What is known of an upload of several files: `{count}` of `{total}` were added. */
  filesAdded: KycPluralMessage
  filesFailed: KycPluralMessage
  /** Names the bar of an upload of several files. */
  filesProgress: string

  upload: KycUploadMessages
}

/** The texts of `<KycUpload>`. `{name}` is the name of a file. */
export interface KycUploadMessages {
  /** Names the field; `{count}` is how many files it takes at most. */
  label: KycPluralMessage
  choose: KycPluralMessage
  drop: string
  /** What may be chosen: `{types}` reads "JPEG, PNG or PDF", and `{size}` "10 MB". */
  hint: string
  submit: KycPluralMessage
  cancel: string
  startOver: string
  /** Names the group of the whole component. */
  files: string
  remove: string
  retry: string
  /** Names the bar of a file that is being sent. */
  sending: string
  sent: string
  /** A file waits for its turn. */
  queued: string
  canceled: string
  /** Said once all files for another step than the document have been sent. */
  review: string
  notSent: string
  tooLarge: string
  wrongType: string
  empty: string
  tooMany: KycPluralMessage
}

/** Some of the texts, each on its own. */
export type KycMessageOverrides = {
  [key in keyof KycMessages]?: KycMessages[key] extends string
    ? KycMessages[key]
    : KycMessages[key] extends KycUploadMessages
      ? Partial<KycUploadMessages>
      : Partial<KycMessages[key]>
} & {
  /** The texts of `KycTimeline` and `KycStepStatus`: a catalogue of `kyc-upload-status/messages/timeline/<locale>`. */
  timeline?: KycTimelineMessageOverrides
}
