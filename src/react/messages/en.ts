import type { Messages } from './messages.ts'

export const en: Messages = {
  loading: {
    title: 'Looking for news of your document',
    description: 'This takes a moment.',
  },
  none: {
    title: 'Waiting for your document',
    description: 'We will show here whether it was added.',
  },
  processing: {
    title: 'Checking your document',
    description: 'This usually takes less than a minute. You can stay on this page.',
  },
  added: {
    title: 'Document added',
    description: 'We have received your document.',
  },
  error: {
    title: 'We could not add your document',
    description: 'Check that it is complete and easy to read, then upload it again.',
  },
  errorPrefix: 'Error:',
  connectionLost:
    'Connection lost. We cannot show news right now. This page updates by itself when the connection is back.',
  connectionFailed: 'We cannot show news right now. Reload this page to try again.',
  connectionBack: 'The connection is back.',
  retry: 'Try again',
}
