import type { KycTimelineMessages } from './messages.ts'

/** English. */
export const en = {
  locale: 'en',
  direction: 'ltr',
  review: 'none',

  title: 'Your progress',
  loading: 'Getting the latest status.',
  states: {
    todo: 'To do',
    sending: 'Uploading',
    in_review: 'In review',
    action_needed: 'Action needed',
    done: 'Done',
    declined: 'Not completed',
    expired: 'Timed out',
    unknown: 'Waiting for an update',
    not_needed: 'Not needed',
  },
  overall: {
    todo: 'There is more to do.',
    sending: 'Your upload is on its way.',
    in_review: 'We are looking at what you sent us. You do not need to do anything now.',
    action_needed: 'We need something from you.',
    done: 'All steps are complete.',
    declined: 'We could not complete this. Contact us to ask what you can do next.',
    expired: 'Your time for a step ran out. Start it again.',
    unknown: 'We are waiting for an update.',
  },
  steps: {
    'kyc-file': {
      name: 'Your document',
      in_review: 'We are looking at your document.',
      action_needed:
        'We could not process your document. Upload it again. Make sure that we can see all of it and read the text.',
      done: 'We have received your document.',
    },
    poa: {
      name: 'Proof of address',
      in_review: 'We are looking at your proof of address.',
      action_needed: 'We need another proof of address from you.',
      done: 'Proof of address complete.',
    },
    'kyc-verification': {
      name: 'Identity check',
      in_review: 'We are looking at your details. This can take some time.',
      action_needed: 'We need more from you to finish your identity check.',
      done: 'Identity check complete.',
      declined: 'We could not complete your identity check. Contact us for help.',
      expired: 'Your identity check was not finished in time. Start it again.',
    },
    'user-balance': {
      name: 'Your account',
      in_review: 'We are setting up your account.',
      done: 'Your account is set up.',
    },
  },
  anyStep: {
    sending: 'Keep this page open until the upload is done.',
    in_review: 'You do not need to do anything now.',
    action_needed: 'We need something from you for this step.',
    declined: 'We could not complete this step. Contact us for help.',
    expired: 'This step was not finished in time. Start it again.',
    unknown: 'We have an update, but cannot show it here yet. Check again later.',
  },
  reasons: {
    unclear: 'We cannot read your document. Upload a clearer photo that shows all of it.',
    other_document: 'We cannot use this document. Upload a different one.',
  },

  since: 'Since {time}',
  updated: 'Updated {time}',
  spoken: '{step}: {state}.',

  connectionLost: 'Connection lost. Once it is back, this page updates by itself.',
  connectionFailed: 'We cannot show updates right now. Reload this page to try again.',
  connectionBack: 'The connection is back.',
  checkAgain: 'Refresh',
  contact: 'Need help?',
} satisfies KycTimelineMessages
