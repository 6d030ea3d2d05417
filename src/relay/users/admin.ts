import { externalUserIdSchema } from '../../protocol/external-user-id-schema.ts'
import { type Answer, answer } from '../http/answer.ts'
import type { Incoming } from '../http/incoming.ts'
import { methodNotAllowed, Problem } from '../http/problem.ts'
import { decodeSegment } from '../http/segment.ts'
import type { WebhookTokens } from '../ingest/webhook-tokens.ts'
import { StoreUnavailableError } from '../stores/store.ts'
import type { AdminAction, RefusedAdminRequest, Report } from '../telemetry/facts.ts'
import type { Users } from './users.ts'

/** What comes before a user in the paths that take an admin token. */
export const USERS = '/users/'

export interface AdminSettings {
  /** The admin tokens: what they are compared by is the same. */
  tokens: WebhookTokens
  users: Users
  report: Report
}

interface Route {
  method: 'GET' | 'DELETE'
  action: AdminAction
}

/** By what follows the user in the path. */
const ROUTES = new Map<string | undefined, Route>([
  [undefined, { method: 'DELETE', action: 'erase' }],
  ['streams', { method: 'DELETE', action: 'sign_out' }],
  ['events', { method: 'GET', action: 'read' }],
])

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** Answers a request below `/users/`, and tells what became of it. It never rejects. */
export async function answerAdmin(incoming: Incoming, path: string, settings: AdminSettings): Promise<Answer> {
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  try {
    const { method, action, segment } = findRoute(path)
    if (incoming.method !== method) throw methodNotAllowed(method)
    refuseOtherTokens(incoming, settings.tokens)
    const externalUserId = readUser(segment)
    const said = await act(action, externalUserId, settings.users)
    settings.report({ type: 'admin', result: 'done', action, externalUserId, seconds: seconds() })
    return said
  } catch (error) {
    const problem = toProblem(error)
    settings.report({ type: 'admin', ...refusalOf(problem), seconds: seconds() })
    return problem.toAnswer()
  }
}

function findRoute(path: string): Route & { segment: string } {
  const [segment = '', part, ...rest] = path.slice(USERS.length).split('/')
  const route = ROUTES.get(part)
  if (segment === '' || !route || rest.length > 0) throw new Problem(404, 'There is nothing at this path.')
  return { ...route, segment }
}

/** Two headers come as one with a comma in it, which no token has. */
function refuseOtherTokens(incoming: Incoming, tokens: WebhookTokens): void {
  const header = incoming.header('authorization')
  const token = /^Bearer +([\x21-\x2b\x2d-\x7e]+)$/i.exec(header ?? '')?.[1]
  if (token !== undefined && tokens.accept(token)) return
  const parameters = header === null ? '' : ', error="invalid_token"'
  throw new Problem(401, 'Expected an admin token, as Bearer, in one Authorization header.', {
    headers: { 'www-authenticate': `Bearer realm="kyc-admin"${parameters}` },
  })
}

function readUser(segment: string): string {
  const user = externalUserIdSchema.safeParse(decodeSegment(segment))
  if (!user.success) throw new Problem(400, `The path names no externalUserId: ${user.error.issues[0]?.message}.`)
  return user.data
}

async function act(action: AdminAction, externalUserId: string, users: Users): Promise<Answer> {
  if (action === 'read') {
    const kept = await users.kept(externalUserId)
    return answer(200, { 'content-type': 'application/json', ...HEADERS }, JSON.stringify(kept))
  }
  await (action === 'erase' ? users.erase(externalUserId) : users.signOut(externalUserId))
  return answer(204, { ...HEADERS })
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (!(error instanceof StoreUnavailableError)) {
    return new Problem(500, 'Something went wrong in the relay.', { cause: error })
  }
  return new Problem(503, 'The store can not be used now. Ask again.', {
    headers: { 'retry-after': '2' },
    cause: error,
  })
}

function refusalOf({
  status,
  message,
  cause,
}: Problem): Pick<RefusedAdminRequest, 'result' | 'code' | 'detail' | 'error'> {
  const result = RESULTS[status] ?? 'invalid'
  return { result, code: status, detail: message, ...(cause !== undefined && { error: cause }) }
}

const RESULTS: { readonly [status: number]: RefusedAdminRequest['result'] } = {
  401: 'unauthorized',
  500: 'failed',
  501: 'unsupported',
  503: 'unavailable',
}
