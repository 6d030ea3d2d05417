import type { KycMessages } from './messages.ts'

/** English. */
export const en = {
  locale: 'en',
  direction: 'ltr',
  review: 'none',

  loading: { title: 'Looking for news of your document', description: 'This takes a moment.' },
  none: { title: 'Waiting for your document', description: 'We will show here whether it was added.' },
  processing: {
    title: 'Checking your document',
    description: 'This usually takes less than a minute. You can stay on this page.',
  },
  slow: {
    title: 'Still checking your document',
    description: 'This is taking longer than usual. You do not need to upload it again.',
  },
  verySlow: {
    title: 'We are still checking your document',
    description: 'You can leave this page and come back later. You do not need to upload it again.',
  },
  added: { title: 'Document added', description: 'We have received your document.' },
  error: {
    title: 'We could not add your document',
    description: 'Check that it is complete and easy to read, then upload it again.',
  },
  errorPrefix: 'Error:',
  spoken: '{title}. {description}',

  doubt: {
    missed: 'We may have missed an answer. If this does not look right, contact us.',
    owed: 'This answer may be about the document you sent before.',
    extra: 'We received more answers than documents. If this does not look right, contact us.',
  },

  connectionLost:
    'Connection lost. We cannot show news right now. This page updates by itself when the connection is back.',
  connectionLostSent:
    'Connection lost. Your document has been sent. This page updates by itself when the connection is back.',
  connectionFailed: 'We cannot show news right now. Reload this page to try again.',
  connectionBack: 'The connection is back.',

  retry: 'Try again',
  retryAvailable: 'You can try again.',
  checkAgain: 'Check again',
  live: 'This page updates by itself.',
  lastChecked: 'Last checked {time}',
  filesAdded: { one: '{count} of {total} files added', other: '{count} of {total} files added' },
  filesFailed: { one: '{count} file could not be added', other: '{count} files could not be added' },
  filesProgress: 'Files checked',

  upload: {
    label: { one: 'Your document', other: 'Your documents' },
    choose: { one: 'Choose a file', other: 'Choose files' },
    drop: 'or drop it here',
    hint: '{types}, smaller than {size}',
    submit: { one: 'Upload', other: 'Upload {count} files' },
    cancel: 'Cancel',
    startOver: 'Start over',
    files: 'Files',
    remove: 'Remove {name}',
    retry: 'Try again: {name}',
    sending: 'Uploading {name}',
    sent: 'Sent',
    queued: 'Waiting',
    canceled: 'Not sent',
    review: 'We are looking at what you sent us.',
    notSent: '{name} could not be sent. Check your connection, then try again.',
    tooLarge: '{name} must be smaller than {size}.',
    wrongType: '{name} must be a {types} file.',
    empty: '{name} is empty. Choose another file.',
    tooMany: { one: 'Choose {count} file only.', other: 'Choose {count} files at most.' },
  },
} satisfies KycMessages
