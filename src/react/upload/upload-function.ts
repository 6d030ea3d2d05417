/** How far an upload is, in bytes. A `ProgressEvent` is one. */
export interface UploadProgress {
  loaded: number
  /** Default: the size of the file, or of all files that are sent together. */
  total?: number | undefined
}

export interface UploadContext {
  /**
   * All files of this request. Where files are sent together (`together`, the default for `poa`) `upload` is called once: send
   * each of these. Otherwise it is the one file. A function that leaves `files` unread where there are several has not sent
   * them, so all of them count as failed.
   */
  readonly files: readonly File[]
  /** Call it as often as you like. */
  onProgress: (progress: UploadProgress) => void
  /** Aborts when the person cancels, or leaves the page. */
  readonly signal: AbortSignal
}

/**
 * Sends a file to your server, or several in one request. It resolves once your server has them all, and rejects otherwise,
 * also when `signal` aborts.
 *
 * @param file - the file, or the first of `context.files`.
 * @example
 * const upload: UploadFunction = (_, { files, signal }) => {
 *   const body = new FormData()
 *   for (const file of files) body.append('file', file)
 *   return fetch('/proof-of-address', { method: 'POST', body, signal })
 * }
 */
export type UploadFunction = (file: File, context: UploadContext) => Promise<unknown>
