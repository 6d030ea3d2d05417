import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { checkOptions, type Rules } from '../../protocol/check-options.ts'
import { externalUserIdSchema } from '../../protocol/external-user-id-schema.ts'
import { InvalidOptionsError } from '../../protocol/invalid-options.ts'
import { type Duration, parseDuration } from './duration.ts'
import { issuedNow } from './order.ts'

const AUDIENCE = 'kyc-status'
const ALGORITHM = 'HS256'
/** RFC 7518, 3.2: "A key of the same size as the hash output (for instance, 256 bits for HS256) or larger MUST be used". */
const MIN_SECRET_BYTES = 32
/** How far ahead `exp` may lie, unless told otherwise. A page asks for a new token whenever it connects. */
const MAX_TOKEN_LIFETIME = '1d'
/** What the clocks of two servers may differ by, in seconds. */
const CLOCK_SKEW = 60

/**
 * The claim with the milliseconds of `iat`, which has whole seconds: a token that was issued in the second of a log-out is
 * before it, or after it.
 */
const ISSUED_AT_MS = 'iat_ms'

const aDuration = (value: unknown) =>
  parseDuration(value) === null ? "expected text with a unit, '10m' for example, and no number" : null
const rules: Rules = { maxTokenLifetime: aDuration }
const issueRules: Rules = { expiresIn: aDuration }

/** Who a token speaks for, and until when. */
export interface Subscription {
  externalUserId: string
  /** Milliseconds since the epoch. */
  expiresAt: number
  /** Milliseconds since the epoch. Left out where a token does not say it: a log-out of its user then counts against it. */
  issuedAt?: number
}

export interface SubscriptionTokens {
  /**
   * Makes the token that lets a page read one user's stream. Call it on your server, for the user who is signed in there;
   * never for a user that a request merely names.
   *
   * @param options.expiresIn - default `'10m'`, or `maxTokenLifetime` if that is shorter. The client asks for a new token when it reconnects.
   * @throws {InvalidOptionsError} if the id is none, `expiresIn` is no text with a unit, or the token would hold for longer than
   * `maxTokenLifetime`.
   */
  issue(externalUserId: string, options?: { expiresIn?: Duration }): Promise<string>
  /** Reads a token; `null` for one that is expired, holds too long, is for another audience, or is not ours. */
  verify(token: string): Promise<Subscription | null>
  /**
   * How long a token may be taken, in milliseconds from when it was issued: `maxTokenLifetime`, and 60 s by which clocks may
   * differ. The relay remembers a log-out for as long. Default, for an object of your own: a day.
   */
  readonly maxLifetime?: number
}

/**
 * JSON Web Tokens (HS256) that name the user whose stream may be read: `sub` the externalUserId, `aud` `kyc-status`, `exp`
 * required.
 *
 * @param secrets - one or several, each of 32 bytes or more; a line end at the end of text is ignored. The first one signs, each one verifies: put a new one in front,
 * and take the old one out when its last token has expired.
 * @param options.maxTokenLifetime - how long a token may hold at most, so that one that leaks does not do so for ever. Default
 * `'1d'`. A token whose `exp` lies further ahead is refused, whoever signed it.
 * @throws {InvalidOptionsError} if there is no secret, one is too short, or `maxTokenLifetime` is no text with a unit.
 */
export function subscriptionTokens(
  secrets: string | Uint8Array | readonly (string | Uint8Array)[],
  options: { maxTokenLifetime?: Duration } = {},
): SubscriptionTokens {
  const keys = (Array.isArray(secrets) ? secrets : [secrets]).map(toKey)
  const [signingKey] = keys
  if (!signingKey) throw new InvalidOptionsError('subscriptionTokens: expected at least one secret')
  checkOptions('subscriptionTokens', rules, options)
  const maxSeconds = secondsOf(options.maxTokenLifetime ?? MAX_TOKEN_LIFETIME)

  const maxMilliseconds = (maxSeconds + CLOCK_SKEW) * 1000

  return {
    maxLifetime: maxMilliseconds,

    async issue(externalUserId, options = {}) {
      checkOptions('issue', issueRules, options)
      const user = externalUserIdSchema.safeParse(externalUserId)
      if (!user.success) {
        throw new InvalidOptionsError(`issue: externalUserId: ${user.error.issues[0]?.message}`)
      }
      const seconds = options.expiresIn ? secondsOf(options.expiresIn) : Math.min(600, maxSeconds)
      if (seconds > maxSeconds) {
        throw new InvalidOptionsError(`issue: expiresIn: ${seconds} s is more than maxTokenLifetime, ${maxSeconds} s`)
      }
      const issuedAt = issuedNow()
      const now = Math.floor(issuedAt / 1000)
      return new SignJWT({ [ISSUED_AT_MS]: issuedAt })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setSubject(user.data)
        .setAudience(AUDIENCE)
        .setIssuedAt(now)
        .setExpirationTime(now + seconds)
        .sign(await signingKey)
    },

    async verify(token) {
      for (const key of keys) {
        const subscription = await verifyWith(await key, token)
        if (!subscription) continue
        const { expiresAt, issuedAt = Date.now() } = subscription
        // Counted from when it was issued: one that holds for longer would outlast the memory of a log-out.
        return expiresAt <= Math.min(issuedAt, Date.now()) + maxMilliseconds ? subscription : null
      }
      return null
    },
  }
}

async function verifyWith(key: CryptoKey, token: string): Promise<Subscription | null> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp'],
      // For `nbf`; `exp` has no leeway, see below.
      clockTolerance: CLOCK_SKEW,
    })
    const user = externalUserIdSchema.safeParse(payload.sub)
    // `crit` asks for an extension to be understood. We know of none, so the only right answer is no.
    if (!user.success || payload.exp === undefined || 'crit' in protectedHeader) return null
    const expiresAt = payload.exp * 1000
    if (expiresAt <= Date.now()) return null
    const issuedAt = issuedAtOf(payload)
    return { externalUserId: user.data, expiresAt, ...(issuedAt !== null && { issuedAt }) }
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

/** The milliseconds count if they are of the second that `iat` names. */
function issuedAtOf({ iat, [ISSUED_AT_MS]: ms }: JWTPayload): number | null {
  if (iat === undefined) return null
  return typeof ms === 'number' && Math.floor(ms / 1000) === iat ? ms : iat * 1000
}

/** Of a duration that was checked. */
function secondsOf(duration: Duration): number {
  return parseDuration(duration) ?? 0
}

/** Imported once, and not for each token. */
function toKey(secret: string | Uint8Array): Promise<CryptoKey> {
  // A secret that was read from a file has a line end, which is no part of it.
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret.replace(/[\r\n]+$/, '')) : secret
  if (!(bytes instanceof Uint8Array) || bytes.byteLength < MIN_SECRET_BYTES) {
    throw new InvalidOptionsError(`subscriptionTokens: expected secrets of ${MIN_SECRET_BYTES} bytes or more`)
  }
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', new Uint8Array(bytes), algorithm, false, ['sign', 'verify'])
}
