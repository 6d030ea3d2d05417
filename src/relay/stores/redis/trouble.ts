/**
 * Replies of a node that can't do its part now, while another one may: behind an address that stays, after a failover, it is
 * the next connection that gets there.
 */
const REPLIES = ['READONLY', 'LOADING', 'MASTERDOWN', 'CLUSTERDOWN']

/** A command that was sent, and to which nothing came back: the connection has died in silence. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
}

/** Whether the connection that this came from is to be closed, and the next one looked for. */
export function letsGo(error: unknown): boolean {
  return error instanceof NoAnswerError || REPLIES.includes(codeOf(error))
}

/** Whether a client that knows a single node has met a cluster: another node has the key. */
export function isMoved(error: unknown): boolean {
  return codeOf(error) === 'MOVED'
}

/** The first word of a reply is its code. */
function codeOf(error: unknown): string {
  return error instanceof Error ? (/^[A-Z]+(?= |$)/.exec(error.message)?.[0] ?? '') : ''
}
