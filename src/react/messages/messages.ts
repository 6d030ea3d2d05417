/** The texts of one state. */
export interface StateMessages {
  title: string
  description: string
}

/** A text for each plural category of the language (`Intl.PluralRules`); `other` is for all that have none of their own. */
export type PluralMessage = { [category in Intl.LDMLPluralRule]?: string } & { other: string }

/**
 * Every text of the components, for one language. It is nothing but data, so it can come from a server. What stands in braces
 * is replaced: `{count}`, `{total}`, `{time}`, `{name}`, `{size}`, `{types}`, `{title}`, `{description}`.
 */
export interface Messages {
  /** The language, as in the attribute `lang` (BCP 47). Numbers, times and plurals are by its rules. */
  locale: string
  direction: 'ltr' | 'rtl'
  /** Whether somebody whose first language it is has read the texts. */
  review: 'native' | 'none'

  /** The relay has not been heard yet. */
  loading: StateMessages
  /** Nothing has been uploaded, as far as this page knows. */
  none: StateMessages
  processing: StateMessages
  /** The answer takes longer than `slowAfter`. */
  slow: StateMessages
  /** The answer takes longer than `verySlowAfter`. */
  verySlow: StateMessages
  added: StateMessages
  error: StateMessages
  /** Comes before the title of an error, for those who do not see its colour. */
  errorPrefix: string
  /** How `{title}` and `{description}` are spoken one after the other. */
  spoken: string

  /** Said while no news can come. */
  connectionLost: string
  /** The same where the document is known to have been sent. */
  connectionLostSent: string
  /** Said when the page has given up on news. */
  connectionFailed: string
  /** Spoken when news can come again. */
  connectionBack: string

  retry: string
  /** Spoken after an error, where `retry` is offered. */
  retryAvailable: string
  checkAgain: string
  /** Said while the line is live and an answer is to come. */
  live: string
  lastChecked: string
  /** What is known of an upload of several files: `{count}` of `{total}` were added. */
  filesAdded: PluralMessage
  filesFailed: PluralMessage
  /** Names the bar of an upload of several files. */
  filesProgress: string

  upload: UploadMessages
}

/** The texts of `<KycUpload>`. `{name}` is the name of a file. */
export interface UploadMessages {
  /** Names the field; `{count}` is how many files it takes at most. */
  label: PluralMessage
  choose: PluralMessage
  drop: string
  /** What may be chosen: `{types}` reads "JPEG, PNG or PDF", and `{size}` "10 MB". */
  hint: string
  submit: PluralMessage
  cancel: string
  startOver: string
  /** Names all of it, the list of files above all. */
  files: string
  remove: string
  retry: string
  /** Names the bar of a file that is being sent. */
  sending: string
  sent: string
  /** A file waits for its turn. */
  queued: string
  canceled: string
  notSent: string
  tooLarge: string
  wrongType: string
  empty: string
  tooMany: PluralMessage
}

/** Some of the texts, each on its own. */
export type MessageOverrides = {
  [key in keyof Messages]?: Messages[key] extends string
    ? Messages[key]
    : Messages[key] extends UploadMessages
      ? Partial<UploadMessages>
      : Partial<Messages[key]>
}
