/** The values of `data-part` in `<KycUpload>`, whose `data-scope` is `kyc-upload`. */
export const UPLOAD_PARTS = {
  root: 'All of it: a group. It has `data-phase`.',
  form: 'Where files are chosen and sent.',
  label: 'What is asked for.',
  'drop-zone':
    'Takes what is dropped, and holds the field. While something is held over it, it has `data-dragged-over`.',
  input: 'The field. The style sheet hides it behind its label, not from the keyboard.',
  choose: 'The label of the field, which looks like a button.',
  drop: 'Says that one can drop a file.',
  hint: 'Says what may be chosen.',
  problems: 'What was wrong with a choice, or with sending. An alert.',
  problem: 'A line of it, with the reason in `data-problem`.',
  files: 'The list of files.',
  file: 'One of them, with `data-file-status`.',
  name: 'Its name.',
  size: 'Its size.',
  'file-status': 'What became of it.',
  progress: 'How much of it is sent. A `<progress>`.',
  actions: 'The buttons.',
  submit: 'Sends the files.',
  cancel: 'Stops what has not been sent.',
  'start-over': 'Begins again, with nothing.',
  remove: 'Puts a file back.',
  retry: 'Sends a file again that could not be sent.',
} as const

/** The values of `data-phase` in `<KycUpload>`. */
export const PHASES = {
  choosing: 'Nothing has been sent.',
  sending: 'Bytes are on their way.',
  stopped: 'Something was not sent.',
  sent: 'Your server has it all.',
} as const

export type UploadPartName = keyof typeof UPLOAD_PARTS
