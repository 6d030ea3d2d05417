import type { ChannelState } from '../client/channel.ts'
import type { KycFileStatus } from '../client/knowledge/upload-state.ts'
import { kycKeys } from './query-keys.ts'

/** What a hook reads of the client's state. */
export interface Read<T> {
  /** `null` until the relay has been heard, unless there is an attempt. */
  known: T | null
  /** When that changed last, in milliseconds since the epoch; 0 while there is nothing. */
  updatedAt: number
  /** The attempt that it belongs to. */
  attemptId: string | null
  /** When an upload began that has not been answered, in milliseconds since the epoch; `null`: none. */
  waitingSince: number | null
}

/** The part of a user's state that a hook shows, and where the query cache keeps it. */
export interface Reading<T extends object> {
  /** The options of `beginUpload` and `clear` by which the client knows whose attempts are meant. */
  readonly upload?: { step?: string }
  /** Its query key, which ends with `of`: a part of that finds several. */
  key(externalUserId: string, of: object): readonly unknown[]
  read(state: ChannelState): Read<T>
}

export const FILE: Reading<KycFileStatus> = {
  key: (externalUserId, of) => [...kycKeys.fileStatuses(), externalUserId, of],
  read: ({ status, updatedAt, attempt }) => ({
    known: status,
    updatedAt,
    attemptId: attempt?.id ?? null,
    waitingSince: attempt && status?.outcome === 'waiting' ? attempt.startedAt : null,
  }),
}
