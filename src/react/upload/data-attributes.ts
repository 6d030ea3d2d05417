/** The values of `data-part` in `<KycUpload>`, whose `data-scope` is `kyc-upload`. */
export const UPLOAD_PARTS = {
  root: 'All of it: a group. It has `data-phase`.',
  form: 'Where files are chosen and sent.',
  label: 'Says what is asked for.',
  'drop-zone': 'Takes dropped files, and holds the field. While files are held over it, it has `data-dragged-over`.',
  input: 'The field. The style sheet hides it behind its label, not from the keyboard.',
  choose: 'The label of the field, which looks like a button.',
  drop: 'Says that one can drop a file.',
  hint: 'Says what may be chosen.',
  problems: 'Says what was wrong with a choice, or with sending. An alert.',
  problem: 'A line of it, with the reason in `data-problem`.',
  files: 'The list of files.',
  file: 'One of them, with `data-file-status`.',
  name: 'Its name.',
  size: 'Its size.',
  'file-status': 'Says what became of it.',
  progress: 'Shows how much of it is sent. A `<progress>`.',
  actions: 'The buttons.',
  submit: 'Sends the files.',
  cancel: 'Stops sending.',
  'start-over': 'Begins again, with nothing.',
  remove: 'Takes a file out of the list.',
  retry: 'Sends again what could not be sent.',
  review: 'Says that what was sent for another step is in review. A live region.',
} as const

/** The values of `data-phase` in `<KycUpload>`. */
export const PHASES = {
  choosing: 'Nothing has been sent.',
  sending: 'Bytes are on their way.',
  stopped: 'Something was not sent.',
  sent: 'Your server has every file.',
} as const

export type UploadPartName = keyof typeof UPLOAD_PARTS
