/** The texts of one state. */
export interface StateMessages {
  title: string
  description: string
}

/** Every text of the component, for one language. */
export interface Messages {
  /** The relay has not been heard yet. */
  loading: StateMessages
  /** Nothing has been uploaded, as far as this page knows. */
  none: StateMessages
  processing: StateMessages
  added: StateMessages
  error: StateMessages
  /** Comes before the title of an error, for those who do not see its colour. */
  errorPrefix: string
  /** Said below the state while no news can come. */
  connectionLost: string
  /** Said below the state when the page has given up on news. */
  connectionFailed: string
  /** Spoken when news can come again. */
  connectionBack: string
  retry: string
}
