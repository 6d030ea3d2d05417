import * as z from 'zod/mini'
import { parseEventId } from './event-id.ts'
import { MAX_HEARTBEAT } from './words.ts'

const timeSchema = z.string().check(z.refine((text) => Date.parse(text) > 0))
const cursorSchema = z.string().check(z.refine((id) => parseEventId(id) !== null))

/** The data of a `sync` frame. */
export const syncSchema = z.object({
  /** The position of the stream: everything up to it has been sent or had been seen before. */
  cursor: cursorSchema,
  /** The relay's clock, ISO 8601 in UTC. */
  now: timeSchema,
  /** `false` where events may be missing, because the cursor that was asked for is not known (any more). */
  complete: z.boolean(),
  /** Seconds between two comments of the relay; silence for much longer means that the line is dead. */
  heartbeat: z.number().check(z.positive(), z.maximum(MAX_HEARTBEAT)),
})

export type Sync = z.infer<typeof syncSchema>

/** What `GET /events/{externalUserId}` answers to `Accept: application/json`. */
export const snapshotSchema = z.object({
  cursor: cursorSchema,
  now: timeSchema,
  /** The latest event, or none. With `Last-Event-ID` every kept event after it, in order. */
  events: z.array(z.object({ id: z.string(), event: z.string(), data: z.unknown() })),
  /** With `Last-Event-ID` alone: `false` where events may be missing, because that is not known (any more). */
  complete: z.optional(z.boolean()),
})

export type Snapshot = z.infer<typeof snapshotSchema>
