import { Problem } from '../http/problem.ts'

/** RFC 6750, 3: a request without a credential is told the scheme alone, one with a bad credential why. */
export function unauthorized(parameters: '' | ', error="invalid_token"'): Problem {
  return new Problem(401, 'Expected a valid credential for this stream.', {
    headers: { 'www-authenticate': `Bearer realm="kyc-status"${parameters}` },
  })
}
