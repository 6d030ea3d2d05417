import { createHmac, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { USER } from './serve.ts'

/** Two providers of quite another kind than the Partner API, as the documentation shows them. */
const IDENTITY_SECRET = 'identity secret'
const ADDRESS_KEY = randomBytes(32)

/** The secrets of both, for the environment of the module that defines their webhooks. */
export const providerSecrets = { IDENTITY_SECRET, ADDRESS_SECRET: `whsec_${ADDRESS_KEY.toString('base64')}` }
export const recipe = fileURLToPath(new URL('../../stories/recipes/webhooks.ts', import.meta.url))

export interface Request {
  path: string
  headers: Record<string, string>
  body: string
}

/** A webhook of the first provider, signed over its bytes. */
export function identity(type: string, check: object, { id = `evt_${type}`, secret = IDENTITY_SECRET } = {}): Request {
  const body = JSON.stringify({ id, type, check: { applicant: { external_id: USER }, ...check }, more: [1] }, null, 2)
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return { path: '/webhook/identity', headers: { 'x-signature': `sha256=${signature}` }, body }
}

/** One of the second, signed as Standard Webhooks say: over its id, its time and its bytes. */
export function address(
  status: string,
  occurredAt: string,
  { id = `msg_${status}`, key = ADDRESS_KEY, age = 0 } = {},
): Request {
  const body = JSON.stringify({ type: 'address.updated', timestamp: occurredAt, data: { userId: USER, status } })
  const time = Math.floor(Date.now() / 1000) - age
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': `${time}`, 'webhook-signature': `v1,${signature}` }
  return { path: '/webhook/address', headers, body }
}

/** Posts it; says how it was answered. */
export async function deliver(url: string, { path, headers, body }: Request): Promise<number> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }
  return (await fetch(`${url}${path}`, init)).status
}
