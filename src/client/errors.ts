/** Why a client has given up. None of these heals by trying again; what may heal is retried and never becomes an error. */
export type KycStatusErrorCode =
  /** 401, also with a fresh token. */
  | 'unauthorized'
  /** 403: the credential belongs to another user. */
  | 'forbidden'
  /** 404: there is no relay at this URL. */
  | 'not_found'
  /** Any other status that asks a client not to come back, 204 among them. */
  | 'refused'
  /** An answer that is not this package's stream. */
  | 'bad_response'
  /** A newer upload has begun: this answer belongs to one before it. */
  | 'superseded'
  /** This client was closed. */
  | 'closed'

/** What `error` of the hook holds. A document that the provider refused is not an error, it is `data.outcome`. */
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
