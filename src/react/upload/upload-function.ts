/** How far an upload is, in bytes. A `ProgressEvent` is one. */
export interface UploadProgress {
  loaded: number
  /** Default: the size of the file. */
  total?: number | undefined
}

/**
 * Sends a file to your server. It resolves once your server has it, and rejects otherwise, also when `signal` aborts.
 * `onProgress` may be called as often as you like.
 */
export type UploadFunction = (
  file: File,
  context: { onProgress: (progress: UploadProgress) => void; signal: AbortSignal },
) => Promise<unknown>
