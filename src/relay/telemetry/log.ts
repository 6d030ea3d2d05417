import type { StoredEvent } from '../stores/store.ts'
import type { AdminAction, Fact, RefusedResult, Report } from './facts.ts'
import { Limits } from './limits.ts'

/** Where a relay logs: a pino logger, or anything with its four methods. Fields come first, then the message. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

interface Line {
  level: keyof Logger
  message: string
  /** Put together only where somebody hears of it: that takes as long as to check the body of a webhook. */
  fields?: () => object
}

const REDACTED = '[redacted]'

/** What a logger does at a level that nobody hears. */
export const silent = () => {}

/** What is logged unless told otherwise: warnings and errors, to the console. */
export const consoleLogger: Logger = {
  debug: silent,
  info: silent,
  warn: (fields, message) => console.warn(`kyc-upload-status: ${message}`, fields),
  error: (fields, message) => console.error(`kyc-upload-status: ${message}`, fields),
}

/**
 * Logs each fact. No line has a token, a header, a body, or more of a path than what follows `/webhook/`; one has a user id
 * only where that is asked for.
 */
export function logFacts(logger: Logger, { userIds }: { userIds: boolean }): Report {
  const limits = new Limits()
  return (fact) => {
    const kind = limitedKind(fact)
    const suppressed = kind === null ? 0 : limits.admit(kind)
    if (suppressed === null && !isStored(fact)) return
    const line = describe(fact, suppressed)
    if (!line || logger[line.level] === silent) return
    const user = 'externalUserId' in fact && { externalUserId: userIds ? fact.externalUserId : REDACTED }
    logger[line.level]({ ...user, ...line.fields?.() }, line.message)
  }
}

/**
 * Of which kind a line is that may come more often than it should be logged, because whoever causes it needs no credential, or
 * `null`. Strangers have kinds of their own, so that theirs can't hide the provider's.
 */
function limitedKind(fact: Fact): string | null {
  if (fact.type === 'admin') return 'code' in fact ? `admin ${fact.result} ${fact.code}` : null
  if (fact.type !== 'webhook') return null
  if (fact.result === 'unknown_status') return `${fact.result} ${fact.frame} ${fact.status}`
  if (!('code' in fact)) return null
  const { result, code, detail, path, isAuthentic } = fact
  if (!isAuthentic) return `${result} ${code}`
  return isTrouble(result) ? null : `authentic ${result} ${code} ${path} ${detail}`
}

/** Whether a line has to say under which id an event was stored, so that it can be followed. */
function isStored(fact: Fact): boolean {
  return fact.type === 'webhook' && 'event' in fact && fact.event !== null
}

/** Whether it is for those who run the relay and the back end to mend. */
function isTrouble(result: RefusedResult): boolean {
  return result === 'unavailable' || result === 'failed' || result === 'not_taken'
}

/** @param suppressed - `null` where the warning of this one is left out. */
function describe(fact: Fact, suppressed: number | null): Line | null {
  switch (fact.type) {
    case 'webhook':
      return describeWebhook(fact, suppressed)
    case 'delivered':
      return {
        level: 'info',
        message: 'event delivered',
        fields: () => ({ eventId: fact.event.id, frame: fact.event.frame, streams: fact.streams }),
      }
    case 'opened':
      return { level: 'debug', message: 'stream opened' }
    case 'replayed':
      return {
        level: 'debug',
        message: 'stream replayed',
        fields: () => ({ outcome: fact.outcome, events: fact.events }),
      }
    case 'ended':
      return {
        level: fact.reason === 'slow_reader' ? 'warn' : 'debug',
        message: 'stream ended',
        fields: () => ({ reason: fact.reason }),
      }
    case 'refused':
      return {
        level: fact.reason.endsWith('_limit') ? 'warn' : 'debug',
        message: 'stream refused',
        fields: () => ({ reason: fact.reason }),
      }
    case 'failed':
      return { level: 'error', message: `${fact.task} failed`, fields: () => ({ err: fact.error }) }
    case 'admin':
      return describeAdmin(fact, suppressed)
    case 'draining':
      return { level: 'info', message: 'draining', fields: () => ({ streams: fact.streams }) }
    case 'committed':
      return null
  }
}

const DONE: { readonly [action in AdminAction]: string } = {
  sign_out: 'user logged out',
  erase: 'user erased',
  read: 'what is kept of a user was read',
}

function describeAdmin(fact: Extract<Fact, { type: 'admin' }>, suppressed: number | null): Line {
  const { seconds } = fact
  if (fact.result === 'done') return { level: 'info', message: DONE[fact.action], fields: () => ({ seconds }) }
  const { result, code, detail, error } = fact
  const fields = () => ({ result, code, detail, seconds, suppressed, ...(error !== undefined && { err: error }) })
  const level = result === 'unavailable' || result === 'failed' ? 'error' : 'warn'
  return { level, message: 'admin request refused', fields }
}

function describeStored(event: StoredEvent, deliveryId: string | null, seconds: number): Line {
  const fields = () => ({
    eventId: event.id,
    frame: event.frame,
    receivedAt: JSON.parse(event.data).receivedAt,
    ...(deliveryId !== null && { deliveryId }),
    seconds,
  })
  return { level: 'info', message: 'webhook stored', fields }
}

function describeWebhook(fact: Extract<Fact, { type: 'webhook' }>, suppressed: number | null): Line {
  switch (fact.result) {
    case 'accepted':
      return describeStored(fact.event, fact.deliveryId, fact.seconds)
    case 'ignored': {
      const { frame, seconds } = fact
      return { level: 'info', message: 'webhook ignored', fields: () => ({ frame, seconds }) }
    }
    case 'duplicate': {
      const { deliveryId, seconds } = fact
      return { level: 'info', message: 'webhook repeated', fields: () => ({ deliveryId, seconds }) }
    }
    case 'forwarded': {
      const { path, status, seconds } = fact
      return { level: 'info', message: 'webhook forwarded', fields: () => ({ path, status, seconds }) }
    }
    case 'passed_on': {
      const { path } = fact
      return { level: 'info', message: 'webhook passed on', fields: () => ({ ...(path !== undefined && { path }) }) }
    }
    case 'unknown_status': {
      const { event, deliveryId, frame, status, seconds } = fact
      if (event && suppressed === null) return describeStored(event, deliveryId, seconds)
      return {
        level: 'warn',
        message: 'webhook has an unknown status',
        fields: () => ({ ...(event && { eventId: event.id }), frame, status, seconds, suppressed }),
      }
    }
    default: {
      const { result, code, detail, path, error, seconds } = fact
      const fields = () => ({
        result,
        code,
        ...(path !== undefined && { path }),
        detail,
        seconds,
        suppressed,
        ...(error !== undefined && { err: error }),
      })
      return { level: isTrouble(result) ? 'error' : 'warn', message: 'webhook refused', fields }
    }
  }
}
