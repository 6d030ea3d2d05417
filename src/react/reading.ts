import type { ChannelState } from '../client/channel.ts'
import type { KycFileStatus } from '../client/knowledge/upload-state.ts'
import { kycKeys } from './query-keys.ts'

/** What a hook knows: the state of a user, in which `status`, `updatedAt` and `attempt` are about what it shows. */
export interface LiveState<T> extends Omit<ChannelState, 'status' | 'attempt'> {
  /** `null` until the relay has been heard, unless there is an attempt. */
  readonly status: T | null
  readonly attempt: { readonly id: string; readonly startedAt: number } | null
}

/** The part of a user's state that a hook shows, and where the query cache keeps it. */
export interface Reading<T extends object> {
  /** The options of `beginUpload` and `clear` by which the client knows whose attempts are meant. */
  readonly upload?: { step?: string }
  /** Its query key, which ends with `of`: a part of that finds several. */
  key(externalUserId: string, of: object): readonly unknown[]
  read(state: ChannelState): LiveState<T>
}

export const FILE: Reading<KycFileStatus> = {
  key: (externalUserId, of) => [...kycKeys.fileStatuses(), externalUserId, of],
  read: (state) => state,
}
