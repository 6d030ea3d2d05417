/** An upload that your server did not take. */
export class UploadError extends Error {
  override readonly name = 'UploadError'
  /** `refused`: your server said no, see `status`. `network`: it could not be reached. */
  readonly code: 'refused' | 'network'
  /** The status of its answer. */
  readonly status: number | undefined

  constructor(code: UploadError['code'], message: string, status?: number) {
    super(message)
    this.code = code
    this.status = status
  }
}
