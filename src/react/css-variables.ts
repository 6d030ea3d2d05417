/** The custom properties of `styles.css` that every component shares. An application sets them where a root is, or on its parts. */
export const THEME_VARIABLES = {
  '--kyc-color-surface': 'The background.',
  '--kyc-color-text': 'Titles and lists.',
  '--kyc-color-text-muted': 'Descriptions, and the texts below them.',
  '--kyc-color-border': 'The thin border around everything.',
  '--kyc-color-accent': 'The colour while something is under way.',
  '--kyc-color-success': 'The colour once a document was added, or a step is done.',
  '--kyc-color-warning': 'The text about a lost line, and the colour of a step in which something is needed.',
  '--kyc-color-danger': 'The colour once a document, or a person, was refused.',
  '--kyc-color-focus': 'The outline of the element that has the focus.',
  '--kyc-font-family': 'The typeface.',
  '--kyc-font-size': 'The size of the text. Smaller and larger texts are parts and multiples of it.',
  '--kyc-radius': 'How round the corners are. Those of buttons are two thirds of it.',
  '--kyc-space': 'The distance from the border and from the icon. All other distances are parts of it.',
} as const

/** The custom properties of `styles.css` that are about `<KycUploadStatus>` alone. */
export const UPLOAD_STATUS_VARIABLES = {
  '--kyc-upload-status-accent': 'The colour of the status: of the thick border, the icon, the bar and the button.',
  '--kyc-upload-status-border-width': 'How thick the border is where the line begins.',
  '--kyc-upload-status-icon-size': 'How large the icon is.',
  '--kyc-upload-status-title-size': 'The size of the title.',
  '--kyc-upload-status-title-weight': 'The weight of the title.',
  '--kyc-upload-status-button-background': 'The background of "Try again".',
  '--kyc-upload-status-button-color': 'The text of "Try again".',
  '--kyc-upload-status-turn': 'How long the icon takes for a turn, while something is under way.',
} as const

/** The custom properties of `styles.css` that are about `<KycTimeline>` and `<KycStepStatus>` alone. */
export const TIMELINE_VARIABLES = {
  '--kyc-timeline-accent': 'The colour of a state: of its icon and its text.',
  '--kyc-timeline-icon-size': 'How large the icons are.',
} as const
