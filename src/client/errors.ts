/** What went wrong. All but `unauthorized`, `forbidden` and `closed` is tried again. */
export type KycStatusErrorCode =
  /** No answer: there is no network, or the stream broke off. */
  | 'network'
  /** No answer in time, or a line that fell silent. */
  | 'timeout'
  /** `getToken` failed, or what it returned is no token. */
  | 'no_token'
  /** 408, 425, 429, 5xx, or a stream that ended before it said what is known. */
  | 'unavailable'
  /** 401, also with a fresh token. */
  | 'unauthorized'
  /** 403: the credential belongs to another user. */
  | 'forbidden'
  /** 404: there is no relay at this URL. */
  | 'not_found'
  /** Any other status, 204 among them. */
  | 'refused'
  /** An answer that is not this package's stream. */
  | 'bad_response'
  /** A newer upload has begun: this answer belongs to one before it. */
  | 'superseded'
  /** This client was closed. */
  | 'closed'

/**
 * What `error` of the hook holds where trying again would not help, and `connection.cause` where it may. A document that the
 * provider refused is not an error, it is `data.outcome`.
 */
export class KycStatusError extends Error {
  override readonly name = 'KycStatusError'
  readonly code: KycStatusErrorCode
  /** The HTTP status, where there was one. */
  readonly status: number | undefined

  constructor(code: KycStatusErrorCode, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.status = options.status
  }
}
