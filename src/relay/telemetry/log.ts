import type { Fact, Report } from './facts.ts'

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
const REFUSED = 'webhook refused'

/** What a logger does at a level that nobody hears. */
export const silent = () => {}

/** What is logged unless told otherwise: warnings and errors, to the console. */
export const consoleLogger: Logger = {
  debug: silent,
  info: silent,
  warn: (fields, message) => console.warn(`kyc-upload-status: ${message}`, fields),
  error: (fields, message) => console.error(`kyc-upload-status: ${message}`, fields),
}

/** How often a refused webhook is logged, in milliseconds: whoever sends them needs no credential. */
const REFUSALS_INTERVAL = 1000

/** Logs each fact. No line has a token, a header, a path or a body; one has a user id only where that is asked for. */
export function logFacts(logger: Logger, { userIds }: { userIds: boolean }): Report {
  let quietUntil = 0
  let suppressed = 0
  const isSuppressed = (fact: Fact) => {
    if (fact.type !== 'webhook' || (fact.result !== 'unauthorized' && fact.result !== 'invalid')) return false
    if (performance.now() < quietUntil) return true
    quietUntil = performance.now() + REFUSALS_INTERVAL
    return false
  }

  return (fact) => {
    if (isSuppressed(fact)) {
      suppressed++
      return
    }
    const line = describe(fact, suppressed)
    if (!line || logger[line.level] === silent) return
    if (line.message === REFUSED) suppressed = 0
    const user = 'externalUserId' in fact && { externalUserId: userIds ? fact.externalUserId : REDACTED }
    logger[line.level]({ ...user, ...line.fields?.() }, line.message)
  }
}

function describe(fact: Fact, suppressed: number): Line | null {
  switch (fact.type) {
    case 'webhook': {
      const { result, seconds } = fact
      if (!('detail' in fact))
        return { level: 'debug', message: 'webhook acknowledged', fields: () => ({ result, seconds }) }
      return { level: 'warn', message: REFUSED, fields: () => ({ result, seconds, detail: fact.detail, suppressed }) }
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
    case 'draining':
      return { level: 'info', message: 'draining', fields: () => ({ streams: fact.streams }) }
    case 'committed':
    case 'delivered':
      return null
  }
}
