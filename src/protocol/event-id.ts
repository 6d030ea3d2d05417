/**
 * Event ids have the shape `<ms>-<n>`: milliseconds since the epoch, then a number that tells apart what happened in one
 * millisecond. They rise strictly for a user, so an id is also the cursor from which a stream resumes (`Last-Event-ID`).
 */
export interface EventId {
  /** Milliseconds since the epoch. */
  ms: number
  n: number
}

const SHAPE = /^(0|[1-9]\d*)-(0|[1-9]\d*)$/

/** Reads an id; `null` for anything that this package never writes, numbers beyond 2^53 - 1 among it. */
export function parseEventId(text: string): EventId | null {
  const match = SHAPE.exec(text)
  if (!match) return null
  const ms = Number(match[1])
  const n = Number(match[2])
  return Number.isSafeInteger(ms) && Number.isSafeInteger(n) ? { ms, n } : null
}

export function formatEventId({ ms, n }: EventId): string {
  return `${ms}-${n}`
}

/** Below zero where `a` came before `b`, zero where they are the same, above zero where `a` came after `b`. */
export function compareEventIds(a: EventId, b: EventId): number {
  return a.ms - b.ms || a.n - b.n
}

/** Whether `id` came after `cursor`. Text that is no id comes after nothing, and everything comes after it. */
export function isAfter(id: string, cursor: string): boolean {
  const a = parseEventId(id)
  const b = parseEventId(cursor)
  return a !== null && (b === null || compareEventIds(a, b) > 0)
}
