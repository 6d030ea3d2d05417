/**
 * A number of 32 bits for a user (FNV-1a), under which a store remembers from where on it has kept everything without
 * keeping the name. Two users who share one share the later of their marks: a cursor may be refused for it, never taken. The
 * same goes for log-outs: a token may be refused for one, and its page asks for another.
 */
export function userKey(externalUserId: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < externalUserId.length; i++) hash = Math.imul(hash ^ externalUserId.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
