import { externalUserIdSchema } from '../../protocol/external-user-id-schema.ts'
import type { Incoming } from '../http/incoming.ts'
import { Problem } from '../http/problem.ts'
import { issuedNow } from './order.ts'
import type { Subscription, SubscriptionTokens } from './subscription-tokens.ts'

/** Says whose stream a request may read, from its credential alone; throws a 401 where there is none. */
export type Authorize = (incoming: Incoming) => Promise<Subscription>

/** `Authorization: Bearer <subscription token>`. */
export function authorizeByToken(tokens: SubscriptionTokens): Authorize {
  return async (incoming) => {
    const header = incoming.header('authorization')
    const token = /^Bearer +([\w\-.~+/]+=*)$/i.exec(header ?? '')?.[1]
    const subscription = token === undefined ? null : await tokens.verify(token)
    if (!subscription) throw unauthorized(header === null ? '' : ', error="invalid_token"')
    return subscription
  }
}

/** The application's own scheme, cookies for example. */
export function authorizeByCallback(
  authorizeSubscriber: (request: Request) => string | null | Promise<string | null>,
): Authorize {
  return async (incoming) => {
    // Before it is asked: a log-out in the meantime counts.
    const issuedAt = issuedNow()
    const user = externalUserIdSchema.safeParse(await authorizeSubscriber(incoming.toRequest()))
    if (!user.success) throw unauthorized('')
    return { externalUserId: user.data, expiresAt: Number.POSITIVE_INFINITY, issuedAt }
  }
}

/** The credential is good, but its user has logged out since it was issued. */
export function signedOut(): Problem {
  return unauthorized(', error="invalid_token"')
}

/** RFC 6750, 3: a request without a credential is told the scheme alone, one with a bad credential why. */
function unauthorized(parameters: string): Problem {
  return new Problem(401, 'Expected a valid credential for this stream.', {
    headers: { 'www-authenticate': `Bearer realm="kyc-status"${parameters}` },
  })
}
