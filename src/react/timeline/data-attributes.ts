import type { OverallState, TimelineState } from '../../client/knowledge/timeline.ts'

/**
 * The attributes by which a stylesheet finds each element. Every element has the first two. The parts of a step also have
 * `data-step` and `data-state`, the others `data-overall` and `data-connection`; the root of a card has all of them but
 * `data-overall`.
 */
export const TIMELINE_ATTRIBUTES = {
  'data-scope': 'The component: `kyc-timeline`, or `kyc-step-status` for a card.',
  'data-part': 'Which part of it this is.',
  'data-overall': 'The most pressing state of all steps, or `loading`.',
  'data-connection': 'How the line is. It says nothing about the steps.',
  'data-step': 'The step, by the frame of its webhook.',
  'data-state': 'What is to be done in the step, or `loading`.',
} as const

/** The values of `data-part` in `<KycTimeline>` and `<KycStepStatus>`. */
export const TIMELINE_PARTS = {
  root: 'All of it: a group that is named by its title.',
  title: 'What this is, or the name of the step in a card. A heading.',
  overall: 'Says in a sentence how things stand.',
  steps: 'The list of steps.',
  step: 'One of them. The one that is most pressing is the current one.',
  icon: 'A shape for each state, hidden from screen readers.',
  content: 'Holds everything beside the icon, in the preset.',
  name: 'The name of the step.',
  state: 'Its state in one or two words.',
  detail: 'Says what the state means, and what to do.',
  time: 'Since when that is so. Holds a `<time>`.',
  action: 'Your way to do what is needed, where something is.',
  connection: 'Says what a person should know about the line, if anything.',
  'check-again': 'Asks the relay again, when that may help.',
  contact: 'Your way to ask for help.',
  announcer: 'Holds the text for screen readers. Always there, never seen.',
} as const

/** The values of `data-state`. */
export const TIMELINE_STATES = {
  loading: 'The relay has not been heard yet.',
  todo: 'Nothing has come of it yet.',
  sending: 'A file is on its way.',
  in_review: 'Somebody looks at it. A suspicion is a review, too.',
  action_needed: 'The person has to do something.',
  done: 'It is complete. That does not mean that the person is approved.',
  declined: 'It was refused, for good.',
  expired: 'It was not finished in time.',
  unknown: 'The provider has said a word that nobody knows.',
  not_needed: 'The account is ready without it.',
} as const satisfies Record<TimelineState | 'loading', string>

export type TimelinePartName = keyof typeof TIMELINE_PARTS
export type ShownOverall = OverallState | 'loading'
