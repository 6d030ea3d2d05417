/**
 * What went wrong. After `unauthorized` and `forbidden` the line is given up until somebody comes back, and after `closed` for
 * good. After anything else it is tried again by itself.
 */
export type KycStatusErrorCode =
  /** No answer: there is no network, no server, or the stream broke off. */
  | 'network'
  /** No answer in time, or a line that fell silent. On a server also: the relay was not heard within 3 s. */
  | 'timeout'
  /** `getToken` threw, or what it returned cannot be a token. */
  | 'no_token'
  /** 408, 425, 429, 5xx, or a stream that ended before it said what is known. On a server also: Suspense without data. */
  | 'unavailable'
  /** 401, with a fresh token too where there is a `getToken`. */
  | 'unauthorized'
  /** 403: the credential belongs to another user. */
  | 'forbidden'
  /** 404: there is no relay at this URL. */
  | 'not_found'
  /** Any other status, 204 among them. */
  | 'refused'
  /** An answer that is not what was asked for: a page where a stream should be, or a frame that cannot be read. */
  | 'bad_response'
  /** A query waited for the answer to an upload, and a newer one has begun. */
  | 'superseded'
  /** This client was closed, or the user was signed out while a promise waited. */
  | 'closed'

/**
 * `connection.cause` holds one while something is wrong, and `error` of the hook where asking again would not help. A document
 * that the provider refused is not an error, it is `data.outcome`.
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
