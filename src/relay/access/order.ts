/**
 * How far two moments may lie apart and still be put in order, in milliseconds. Further apart, the clock was set, and says more
 * than what was before.
 */
const NEAR = 10

let lastIssued = Number.NEGATIVE_INFINITY
let lastSignOut = Number.NEGATIVE_INFINITY

/**
 * The moment at which a credential begins to hold, in milliseconds since the epoch. It is never before a log-out that came
 * first: many things of one process fall into one millisecond.
 */
export function issuedNow(): number {
  const now = Date.now()
  lastIssued = lastSignOut > now && lastSignOut < now + NEAR ? lastSignOut : now
  return lastIssued
}

/** The moment of a log-out. It is after each credential of this process that came first. */
export function signedOutNow(): number {
  const now = Date.now()
  lastSignOut = lastIssued >= now && lastIssued < now + NEAR ? lastIssued + 1 : now
  return lastSignOut
}
