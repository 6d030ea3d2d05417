import { externalUserIdSchema } from '../../protocol/external-user-id-schema.ts'
import { InvalidOptionsError } from '../../protocol/invalid-options.ts'
import type { Incoming } from '../http/incoming.ts'
import type { RelayOptions } from '../relay-options.ts'
import { unauthorized } from './challenge.ts'
import { issuedNow } from './order.ts'
import type { Subscription, SubscriptionTokens } from './subscription-tokens.ts'

/** Says whose stream a request may read, from its credential alone; throws a 401 where there is none. */
export type Authorize = (incoming: Incoming) => Promise<Subscription>

/** One way to tell who may read a stream, not none and not two. */
export function chooseAuthorization({ subscriptionTokens, authorizeSubscriber }: RelayOptions): Authorize {
  if (subscriptionTokens && !authorizeSubscriber) return authorizeByToken(subscriptionTokens)
  if (authorizeSubscriber && !subscriptionTokens) return authorizeByCallback(authorizeSubscriber)
  throw new InvalidOptionsError('createRelay: expected either subscriptionTokens or authorizeSubscriber')
}

/** `Authorization: Bearer <subscription token>`. */
function authorizeByToken(tokens: SubscriptionTokens): Authorize {
  return async (incoming) => {
    const header = incoming.header('authorization')
    const token = /^Bearer +([\w\-.~+/]+=*)$/i.exec(header ?? '')?.[1]
    const subscription = token === undefined ? null : await tokens.verify(token)
    if (!subscription) throw unauthorized(header === null ? '' : ', error="invalid_token"')
    return subscription
  }
}

/** The application's own scheme, cookies for example. */
function authorizeByCallback(
  authorizeSubscriber: (request: Request, native: unknown) => string | null | Promise<string | null>,
): Authorize {
  return async (incoming) => {
    // Before it is asked: a log-out in the meantime counts.
    const issuedAt = issuedNow()
    const user = externalUserIdSchema.safeParse(await authorizeSubscriber(incoming.toRequest(), incoming.native))
    if (!user.success) throw unauthorized('')
    return { externalUserId: user.data, expiresAt: Number.POSITIVE_INFINITY, issuedAt }
  }
}
