import * as z from 'zod/mini'

const attemptSchema = z.object({
  id: z.string(),
  files: z.int().check(z.positive()),
  startedAt: z.number(),
  cursor: z.nullable(z.string()),
})

/**
 * One upload that someone is waiting for. The webhook names no file, so an attempt marks the point in the stream from which
 * answers count: what came before belongs to an earlier upload.
 */
export type Attempt = Readonly<z.infer<typeof attemptSchema>>

/** How long `beginUpload` waits to learn the position of the stream, in milliseconds, before it lets the upload go. */
export const MAX_HOLD = 3000

export function newAttempt(files: number, cursor: string | null): Attempt {
  // Not crypto.randomUUID: a page that is not served over HTTPS does not have it.
  const id = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { id, files, startedAt: Date.now(), cursor }
}

/**
 * The point from which answers count, for an attempt that began without a connection, once the next `sync` has come. While
 * the upload was held back it is the position of that sync; afterwards it is the relay's own clock at the time of the start.
 */
export function lateCursor(attempt: Attempt, sync: { cursor: string; now: string }, now = Date.now()): string {
  const elapsed = now - attempt.startedAt
  if (elapsed <= MAX_HOLD) return sync.cursor
  return `${Math.max(0, Math.floor(Date.parse(sync.now) - elapsed))}-0`
}

/** Attempts survive a reload of their tab, one for each user of a relay. Where storage is blocked they don't. */
export const attemptStorage = {
  load(key: string): Attempt | null {
    try {
      const result = attemptSchema.safeParse(JSON.parse(sessionStorage.getItem(key) ?? 'null'))
      return result.success ? result.data : null
    } catch {
      return null
    }
  },

  save(key: string, attempt: Attempt | null): void {
    try {
      if (attempt) sessionStorage.setItem(key, JSON.stringify(attempt))
      else sessionStorage.removeItem(key)
    } catch {
      // blocked or full: the attempt lives in this page alone
    }
  },
}
