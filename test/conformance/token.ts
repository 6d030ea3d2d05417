import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'

/** Seconds since the epoch. */
export const now = () => Math.floor(Date.now() / 1000)

/** A good subscription token's claims; what is given replaces them, and `undefined` takes one away. */
export function claims(externalUserId: string, changes: Record<string, unknown> = {}): JWTPayload {
  const all = { sub: externalUserId, aud: 'kyc-status', exp: now() + 600, ...changes }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** Signs with `jose` directly, so that nothing of what is checked makes what it is checked with. */
export function sign(
  payload: JWTPayload,
  key: Parameters<SignJWT['sign']>[0],
  header: JWTHeaderParameters = { alg: 'HS256' },
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader(header).sign(key)
}

/** A token put together by hand, for what `jose` refuses to make. */
export function unsigned(header: object, payload: object, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(payload)}.${signature}`
}
