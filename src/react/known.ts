import { type ChannelState, IDLE_STATE } from '../client/channel.ts'
import type { KycStatusClient } from '../client/client.ts'
import { FOLLOWS_CLIENT, type Reads, type Select, Selection } from './shown.ts'

/**
 * What the client knows of a user, as one component sees it: `read` gives another state only when something has changed that
 * the component has read.
 */
export class Known<TData> {
  readonly reads: Reads = new Set()
  readonly selection = new Selection<TData>()
  readonly #client: KycStatusClient
  readonly #externalUserId: string
  #select: Select<TData>
  #shown: ChannelState | undefined
  #data: TData | undefined

  constructor(client: KycStatusClient, externalUserId: string) {
    this.#client = client
    this.#externalUserId = externalUserId
  }

  /** What is known now. */
  get state(): ChannelState {
    return this.#externalUserId === '' ? IDLE_STATE : this.#client.getState(this.#externalUserId)
  }

  readonly read = (): ChannelState => {
    const { state } = this
    if (!this.#shown || this.#concerns(this.#shown, state)) this.rendered(state, this.#select)
    return this.#shown ?? state
  }

  /** The component shows this state now. */
  rendered(state: ChannelState, select: Select<TData>): void {
    this.#select = select
    this.#shown = state
    this.#data = this.#selected(state)
  }

  #selected({ status }: ChannelState): TData | undefined {
    return status ? this.selection.of(this.#select, status).data : undefined
  }

  #concerns(before: ChannelState, after: ChannelState): boolean {
    const { reads } = this
    const hasRead = (keys: ReadonlySet<PropertyKey>) => [...reads].some((key) => keys.has(key))
    return (
      // Another upload has another query.
      before.attempt?.id !== after.attempt?.id ||
      before.isSignedOut !== after.isSignedOut ||
      (reads.has('connection') && before.connection !== after.connection) ||
      (reads.has('isOverdue') && waitingSince(before) !== waitingSince(after)) ||
      (hasRead(FOLLOWS_CLIENT) && (before.error !== after.error || !before.status !== !after.status)) ||
      (reads.has('data') && before.status !== after.status && this.#selected(after) !== this.#data) ||
      (reads.has('dataUpdatedAt') && before.updatedAt !== after.updatedAt)
    )
  }
}

/** When an upload began that has not been answered, in milliseconds since the epoch; `null`: none. */
export function waitingSince({ attempt, status }: ChannelState): number | null {
  return attempt && status?.outcome === 'waiting' ? attempt.startedAt : null
}
