import { type Answer, answer } from './answer.ts'

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
} as const

/** One field of a body that has the wrong shape. */
export interface FieldError {
  /** A JSON Pointer (RFC 6901) to the field. */
  pointer: string
  detail: string
}

/**
 * A refusal: it is thrown where the reason is found and becomes an RFC 9457 answer at the door. It says what was expected
 * and never repeats what was sent. Its `cause` is for the log alone.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: keyof typeof TITLES
  /** Whether the sender has been found to be the provider, by its signature. */
  isSigned = false
  readonly #headers: Record<string, string>
  readonly #errors: FieldError[] | undefined

  constructor(
    status: keyof typeof TITLES,
    detail: string,
    { headers = {}, errors, cause }: { headers?: Record<string, string>; errors?: FieldError[]; cause?: unknown } = {},
  ) {
    super(detail, { cause })
    this.status = status
    this.#headers = headers
    this.#errors = errors
  }

  /** The status of the answer. */
  get code(): number {
    return this.status
  }

  toAnswer(): Answer {
    const body = {
      type: 'about:blank',
      title: TITLES[this.status],
      status: this.status,
      detail: this.message,
      errors: this.#errors,
    }
    const headers = {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...this.#headers,
    }
    return answer(this.status, headers, JSON.stringify(body))
  }
}

/** What becomes of an error: a refusal says why, and what nobody foresaw is told to the log alone. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem(500, 'Something went wrong in the relay.', { cause: error })
}

export function methodNotAllowed(...allowed: string[]): Problem {
  const allow = allowed.join(', ')
  return new Problem(405, `This resource takes ${allow}.`, { headers: { allow } })
}

/** What the provider is asked to wait before it delivers again, in seconds: its own first retry comes after about 8. */
export const RETRY_AFTER = '8'

/** The partner's own back end has not taken a webhook, so it is not stored either. */
export class NotTaken extends Problem {
  /** What the back end said itself. */
  #said: Answer | null = null

  constructor(status: 502 | 503 | 504, detail: string, { cause }: { cause?: unknown } = {}) {
    super(status, detail, { headers: { 'retry-after': RETRY_AFTER }, cause })
  }

  /** The back end has an answer of its own, which is the one that the sender gets. */
  static saying(said: Answer): NotTaken {
    const problem = new NotTaken(502, `The back end answered ${said.status}.`)
    problem.#said = said
    return problem
  }

  override get code(): number {
    return this.#said?.status ?? this.status
  }

  override toAnswer(): Answer {
    return this.#said ?? super.toAnswer()
  }
}

/** An `authenticate` has thrown, so nobody knows whether the sender is the provider. */
export class NotAuthenticated extends Problem {
  constructor(cause: unknown) {
    super(503, 'The sender could not be authenticated. Deliver it again.', {
      headers: { 'retry-after': RETRY_AFTER },
      cause,
    })
  }
}

/** The sender has hung up. Nobody reads this answer. */
export class SenderGone extends Problem {
  constructor(detail: string) {
    super(400, detail)
  }
}
