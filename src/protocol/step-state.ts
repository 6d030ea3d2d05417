/** What the status of a webhook means to the person who waits. */
export const STEP_STATES = ['in_review', 'approved', 'action_needed', 'declined', 'expired', 'unknown'] as const
export type StepState = (typeof STEP_STATES)[number]

/** What is known of an event where it is weighed against the others of its frame. */
export interface StepEvent {
  /** The provider's word. */
  status: string
  /** Without one the latest event decides: what *KYC File Added* means is for attempts to say. */
  state?: StepState
  /** When the relay received it, ISO 8601. */
  receivedAt: string
  /** When it happened at the provider, ISO 8601, where the provider says so. */
  occurredAt?: string
}

/** What the events of one frame have come to. */
export interface Decision<T extends StepEvent> {
  /** The event that decides: the first one that said so. */
  by: T
  /** The newest one that said the same. */
  asOf: T
}

/** How long after a decision a review is taken for a late repeat of an earlier one, in milliseconds: the provider's retries span 2 min. */
export const LATE_REPEAT = 3 * 60 * 1000

/**
 * Weighs one event more of a frame, in the order in which the relay received them. It knows events alone, so whoever has seen
 * the same ones says the same: the relay, an open page, a fresh one, a server.
 *
 * - Where one of the two says when it happened, the newer one counts; one that does not is as of its receipt. Otherwise the one
 *   that was received last.
 * - The same status again changes nothing: the first time stays.
 * - A review within 3 minutes after a decision is a late repeat, unless it says that it happened later.
 * - A later decision overturns an earlier one: approvals are revoked in this trade.
 */
export function weigh<T extends StepEvent>(decision: Decision<T> | null, event: T): Decision<T> {
  if (!decision || event.state === undefined) return { by: event, asOf: event }
  const { by, asOf } = decision
  const saysWhen = event.occurredAt !== undefined || asOf.occurredAt !== undefined
  if (saysWhen && timeOf(event) < timeOf(asOf)) return decision
  if (event.status === by.status && event.state === by.state) return { by, asOf: event }
  const isLater = event.occurredAt !== undefined && timeOf(event) > timeOf(asOf)
  const isSoon = receiptOf(event) - receiptOf(by) <= LATE_REPEAT
  if (event.state === 'in_review' && isDecision(by) && isSoon && !isLater) return decision
  return { by: event, asOf: event }
}

/** What the events of one frame have come to, in the order of their receipt; `null` where there is none. */
export function decide<T extends StepEvent>(events: readonly T[]): Decision<T> | null {
  return events.reduce<Decision<T> | null>(weigh, null)
}

/**
 * What a page that opens late is told of a frame: the latest event, and before it the ones without which it would come to
 * something else. Mostly one, two after a late repeat.
 */
export function told<T extends StepEvent>(events: readonly T[]): T[] {
  const decision = decide(events)
  return events.filter((event, i) => event === decision?.by || event === decision?.asOf || i === events.length - 1)
}

/** A review, and what nobody knows, are none. */
function isDecision({ state }: StepEvent): boolean {
  return state !== 'in_review' && state !== 'unknown'
}

function timeOf({ occurredAt, receivedAt }: StepEvent): number {
  return Date.parse(occurredAt ?? receivedAt)
}

function receiptOf({ receivedAt }: StepEvent): number {
  return Date.parse(receivedAt)
}
