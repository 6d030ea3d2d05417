import { InvalidOptionsError } from '../../../protocol/invalid-options.ts'

/** Where a Redis is, and who is asking. */
export interface RedisAddress {
  host: string
  port: number
  tls: boolean
  username?: string
  password?: string
  database?: number
}

const EXPECTED = 'redisStore: expected a URL, redis:// or rediss://, or several of one cluster'
const ENCODING =
  'In a user name or password, percent-encode / as %2F, ? as %3F, # as %23, % as %25, : as %3A and @ as %40'

/**
 * Reads `redis://user:password@host:port/database`. A character that is not encoded would move the border between the
 * password and the host, so whatever looks like it is refused here. No message repeats any part of the URL.
 *
 * @throws {InvalidOptionsError} if it is none.
 */
export function parseAddress(url: unknown): RedisAddress {
  if (typeof url !== 'string' || !/^rediss?:\/\//.test(url)) throw new InvalidOptionsError(EXPECTED)
  // The last @ ends the password, whatever came before it.
  const isWithCredentials = url.includes('@')
  if (!URL.canParse(url)) throw new InvalidOptionsError(isWithCredentials ? `${EXPECTED}. ${ENCODING}` : EXPECTED)
  const { protocol, hostname, port, pathname, search, hash, username, password } = new URL(url)
  if (isWithCredentials && [pathname, search, hash].some((part) => part.includes('@'))) {
    throw new InvalidOptionsError(`redisStore: the URL ends before its last @. ${ENCODING}`)
  }
  if (hostname === '' || hostname.includes(',')) throw new InvalidOptionsError(EXPECTED)
  if (!/^\/?\d*$/.test(pathname) || hash !== '') {
    throw new InvalidOptionsError('redisStore: expected nothing but the number of a database after the host')
  }
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 6379 : Number(port),
    tls: protocol === 'rediss:',
    ...(username !== '' && { username: decode(username) }),
    ...(password !== '' && { password: decode(password) }),
    ...(pathname.length > 1 && { database: Number(pathname.slice(1)) }),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new InvalidOptionsError(`redisStore: the user name or password is not percent-encoded UTF-8. ${ENCODING}`)
  }
}
