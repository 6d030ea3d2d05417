import { externalUserIdSchema } from '../protocol/external-user-id-schema.ts'
import { CommandError, readTokens, required, UsageError } from './command.ts'

export const DEFAULT_URL = 'http://127.0.0.1:8787'

/** The address of a path of the relay at `--url`. */
export function addressOf(url: string, path: string): string {
  const address = `${url.replace(/\/+$/, '')}${path}`
  if (!URL.canParse(address)) throw new UsageError(`--url: expected a URL like ${DEFAULT_URL}`)
  if (new URL(address).username !== '') throw new UsageError('--url: expected a URL without a name and password')
  return address
}

/** Asks a relay that is running; any other answer than the expected one is an error, which says what came. */
export async function ask(address: string, init: RequestInit, expected: number): Promise<Response> {
  const response = await fetch(address, init).catch((error: Error) => {
    const { cause = error } = error
    throw new CommandError(`can't reach ${address}: ${cause instanceof Error ? cause.message : cause}`)
  })
  if (response.status !== expected) {
    throw new CommandError(`the relay answered ${response.status}: ${await response.text()}`)
  }
  return response
}

/** The path of a user below `/users/`, and what opens it. It comes from the environment alone: others can read options. */
export function readAdmin(user: string | undefined): { user: string; path: string; authorization: string } {
  const checked = externalUserIdSchema.safeParse(required(user, '--user'))
  if (!checked.success) throw new UsageError(`--user: ${checked.error.issues[0]?.message}`)
  const [token] = readTokens('KYC_ADMIN_TOKENS')
  if (token === undefined) throw new UsageError('KYC_ADMIN_TOKENS is not set')
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError('KYC_ADMIN_TOKENS: expected visible ASCII')
  return { user: checked.data, path: `/users/${encodeURIComponent(checked.data)}`, authorization: `Bearer ${token}` }
}
