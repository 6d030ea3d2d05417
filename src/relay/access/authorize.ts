import { externalUserIdSchema } from '../../protocol/external-user-id-schema.ts'
import type { Incoming } from '../http/incoming.ts'
import { unauthorized } from './challenge.ts'
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
