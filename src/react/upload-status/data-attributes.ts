import type { Doubt } from '../../client/knowledge/upload-state.ts'
import type { KycUploadStatusView } from './view.ts'

/**
 * The attributes by which a stylesheet finds each element, so that it needs no classes. Every element has the first two. A part
 * of `KycUploadStatus` also has `data-status` and `data-connection`, and `data-doubt` where there is a doubt.
 */
export const DATA_ATTRIBUTES = {
  'data-scope': 'The component: `kyc-upload-status`.',
  'data-part': 'Which part of it this is.',
  'data-status': 'What is known of the document. It is never about the line.',
  'data-connection': 'How the line is. It says nothing about the document.',
  'data-doubt': 'Why the answer may not be the whole truth. Absent where nothing speaks against it.',
  'data-step': 'Which files a line of `steps` counts: `added` or `failed`.',
} as const

/** The parts without `data-status`, `data-connection` and `data-doubt`. They are inside a part that has them. */
export const PLAIN_PARTS = ['content', 'prefix', 'step', 'announcer'] as const satisfies readonly PartName[]

/** The values of `data-part`. */
export const PARTS = {
  root: 'All of it: a group that is named by its title.',
  icon: 'A shape for each status, hidden from screen readers.',
  content: 'Holds everything beside the icon, in the preset.',
  title: 'The status in a few words. A heading.',
  prefix: 'Comes before the title of an error, for those who do not see its colour.',
  description: 'Says what the status means, and what to do.',
  doubt: 'Says why the answer may not be the whole truth, where it concerns a person.',
  steps: 'Says how many of several files were added, and refused.',
  step: 'A line of them.',
  progress: 'Shows how many of several files are checked. A `<progress>`.',
  connection: 'Says what a person should know about the line, if anything.',
  meta: 'Says that the page updates by itself, or when it was last up to date.',
  actions: 'The buttons.',
  retry: 'Begins again, after an error. Only where the page can.',
  'check-again': 'Asks the relay again, when that may help.',
  announcer: 'Holds the text for screen readers. Always there, never seen.',
} as const

/** The values of `data-status`. */
export const STATUSES = {
  loading: 'The relay has not been heard yet.',
  none: 'Nothing has been uploaded, as far as this page knows.',
  processing: 'The provider has not answered yet.',
  slow: 'The provider has not answered after `slowAfter`. That is no failure.',
  'very-slow': 'The provider has not answered after `verySlowAfter`.',
  added: 'The document was added.',
  error: 'The document was refused.',
} as const satisfies Record<KycUploadStatusView['status'], string>

/** The values of `data-connection`. */
export const CONNECTIONS = {
  live: 'Answers arrive as they happen, or nobody waits for one.',
  reconnecting: 'The line was lost, and is being opened again.',
  lost: 'It has been down for longer than 5 s. It comes back by itself.',
  paused: 'Nobody looks at the page, or there is no network.',
  failed: 'It was given up.',
} as const satisfies Record<KycUploadStatusView['connection'], string>

/** The values of `data-doubt`. */
export const DOUBTS = {
  missed: 'An answer may be missing, or be that of another upload.',
  owed: 'The upload before was unanswered, so the first answers may belong to it.',
  extra: 'There were more answers than files.',
} as const satisfies Record<Doubt, string>

export type PartName = keyof typeof PARTS
