/** The custom properties of `styles.css` that every component shares. An application sets them where a root is, or on its parts. */
export const THEME_VARIABLES = {
  '--kyc-color-surface': 'What everything lies on.',
  '--kyc-color-text': 'Titles and lists.',
  '--kyc-color-text-muted': 'Descriptions, and what stands below them.',
  '--kyc-color-border': 'The thin border around all of it.',
  '--kyc-color-accent': 'What is under way.',
  '--kyc-color-success': 'What was added.',
  '--kyc-color-warning': 'What is said of a lost line.',
  '--kyc-color-danger': 'What was refused.',
  '--kyc-color-focus': 'The outline of what has the focus.',
  '--kyc-font-family': 'The typeface.',
  '--kyc-font-size': 'The size of the text; smaller and larger texts go by it.',
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
