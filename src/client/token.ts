import { KycStatusError } from './errors.ts'
import type { RequestContext } from './line/request.ts'
import { orAbort } from './timers.ts'

/** Called before each request, so that no request carries a token that has expired meanwhile. */
export type GetToken = (context: RequestContext) => string | Promise<string>

/** RFC 6750, 2.1: what may stand after `Bearer`. */
const TOKEN = /^[\w.~+/-]+=*$/

/** Asks the application for a token. Anything else, a page that asks to sign in for example, is never sent. */
export async function readToken(getToken: GetToken, context: RequestContext): Promise<string> {
  let token: unknown
  try {
    token = await orAbort(getToken(context), context.signal)
  } catch (cause) {
    throw new KycStatusError('no_token', `getToken failed: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
  const trimmed = typeof token === 'string' ? token.trim() : ''
  if (TOKEN.test(trimmed)) return trimmed
  throw new KycStatusError('no_token', `getToken: expected a token, got ${kindOf(token)}`)
}

/** Names the kind of value that came instead, and repeats nothing of it. */
function kindOf(token: unknown): string {
  if (typeof token !== 'string') return token === null ? 'null' : typeof token
  const text = token.trim()
  if (text === '') return 'empty text'
  if (text.startsWith('<')) return 'a page of HTML'
  return /^[[{"]/.test(text) ? 'JSON' : 'text that is no token'
}
