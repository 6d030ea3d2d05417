import type { StoredEvent } from '../stores/store.ts'

/**
 * What became of a webhook. `unknown_status` is 200 to a word that nobody knows yet, which is stored unless it is of
 * `kyc-file`; `ignored` is 200 to one that says nothing of interest; `unknown_path` is 404 to the right token, `unauthorized`
 * 401, `invalid` any other 4xx, `unavailable` 503, `failed` 500, or 503 where `authenticate` has thrown. `gone`: the sender
 * hung up before it was stored.
 *
 * `forwarded`: the relay does not know it, and the back end has taken it. `not_taken`: the back end has refused one, was late
 * or away, whether the relay knows it or not. `passed_on`: with the right token to a path that is none of the relay's, left to
 * the rest of the server.
 */
export const WEBHOOK_RESULTS = [
  'accepted',
  'duplicate',
  'unknown_status',
  'ignored',
  'unknown_path',
  'forwarded',
  'passed_on',
  'not_taken',
  'unauthorized',
  'invalid',
  'gone',
  'unavailable',
  'failed',
] as const
export type WebhookResult = (typeof WEBHOOK_RESULTS)[number]

/** What becomes of a webhook that is not acknowledged. */
export type RefusedResult = Exclude<
  WebhookResult,
  'accepted' | 'duplicate' | 'unknown_status' | 'ignored' | 'forwarded' | 'passed_on'
>

/** A webhook that was not acknowledged: one to a path of a webhook, or any other POST. */
export interface RefusedWebhook {
  type: 'webhook'
  result: RefusedResult
  /** The status of the answer. */
  code: number
  detail: string
  /** What follows `/webhook/` in its path, where that is in it: 200 characters at most. */
  path?: string
  /** Whether it came with a webhook token, or was signed by its sender. */
  isAuthentic: boolean
  seconds: number
  /** Why it is `unavailable`, `failed` or `not_taken`. */
  error?: unknown
}

/** What a stream began with: the latest event, all events since a cursor, or, that not being known, the latest event again. */
export const REPLAY_OUTCOMES = ['latest', 'resumed', 'incomplete', 'failed'] as const
export type ReplayOutcome = (typeof REPLAY_OUTCOMES)[number]

/** Why a stream ended. `gone`: its reader left. */
export const END_REASONS = [
  'gone',
  'token_expired',
  'lifetime',
  'slow_reader',
  'disconnected',
  'no_room',
  'draining',
  'store_unavailable',
] as const
export type EndReason = (typeof END_REASONS)[number]

/** Why a stream was not opened, or ended after its replay. */
export const REFUSALS = [
  'unauthorized',
  'forbidden',
  'not_acceptable',
  'draining',
  'user_limit',
  'total_limit',
] as const
export type Refusal = (typeof REFUSALS)[number]

/** What the relay was doing when something failed that should not. */
export const TASKS = ['append', 'read', 'check', 'request', 'admin', 'answer'] as const
export type Task = (typeof TASKS)[number]

/** What a request with an admin token asks for: to log a user out, to erase one, or to see what is kept. */
export type AdminAction = 'sign_out' | 'erase' | 'read'

/**
 * What became of a request below `/users/`: `done`; `unauthorized` 401, `invalid` any other 4xx, `unsupported` 501,
 * `unavailable` 503, `failed` 500.
 */
export const ADMIN_RESULTS = ['done', 'unauthorized', 'invalid', 'unsupported', 'unavailable', 'failed'] as const
export type AdminResult = (typeof ADMIN_RESULTS)[number]

/** A request below `/users/` that was refused. */
export interface RefusedAdminRequest {
  type: 'admin'
  result: Exclude<AdminResult, 'done'>
  /** The status of the answer. */
  code: number
  detail: string
  seconds: number
  /** Why it is `unavailable` or `failed`. */
  error?: unknown
}

/** What a relay tells of itself. Logs and metrics are made of these, and of nothing else. Durations are in seconds. */
export type Fact =
  | {
      type: 'webhook'
      result: 'accepted'
      seconds: number
      externalUserId: string
      event: StoredEvent
      deliveryId: string | null
    }
  | { type: 'webhook'; result: 'duplicate'; seconds: number; externalUserId: string; deliveryId: string | null }
  | {
      type: 'webhook'
      result: 'unknown_status'
      seconds: number
      externalUserId: string
      frame: string
      /** The provider's word. */
      status: string
      /** `null` where it was not stored. */
      event: StoredEvent | null
      deliveryId: string | null
    }
  | {
      type: 'webhook'
      result: 'ignored'
      seconds: number
      /** Of the webhook that it is. */
      frame: string
    }
  | {
      type: 'webhook'
      result: 'forwarded'
      seconds: number
      /** What follows `/webhook/` in its path: 200 characters at most. */
      path: string
      /** The status of the back end's answer. */
      status: number
    }
  | {
      type: 'webhook'
      result: 'passed_on'
      /** The same, where `/webhook/` is in its path. */
      path?: string
    }
  | RefusedWebhook
  | { type: 'committed'; seconds: number }
  | { type: 'delivered'; externalUserId: string; event: StoredEvent; streams: number }
  | { type: 'opened'; externalUserId: string }
  | { type: 'replayed'; externalUserId: string; outcome: ReplayOutcome; events: number }
  | { type: 'ended'; externalUserId: string; reason: EndReason }
  | { type: 'refused'; reason: Refusal; externalUserId?: string }
  | { type: 'failed'; task: Task; error: unknown }
  | { type: 'admin'; result: 'done'; action: AdminAction; externalUserId: string; seconds: number }
  | RefusedAdminRequest
  | { type: 'draining'; streams: number }

/** Hears each fact once. It has no say in what the relay does, and what it throws is its own. */
export type Report = (fact: Fact) => void
