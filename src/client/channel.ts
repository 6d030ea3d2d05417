import type { EventSourceMessage } from 'eventsource-parser'
import { isAfter } from '../protocol/event-id.ts'
import { SYNC_FRAME, type Sync, syncSchema } from '../protocol/frames.ts'
import { kycFileEventSchema, kycFileWebhook } from '../protocol/webhooks/kyc-file.ts'
import { type Attempt, attemptStorage, countEvent, newAttempt, startByRelayClock } from './attempt.ts'
import { type ConnectionOptions, type ConnectionPolicy, connect, type GetToken } from './connection.ts'
import { KycStatusError } from './errors.ts'
import { sleep } from './timers.ts'
import { attemptState, type KycFileStatus, latestState, type ReceivedEvent } from './upload-state.ts'

/** How the line to the relay is. It says nothing about the document. */
export interface ConnectionState {
  /**
   * - `idle`: nobody is reading
   * - `connecting`: the first attempt, or the first after nobody had been reading
   * - `open`: events arrive as they happen
   * - `reconnecting`: the line was lost; it comes back by itself, and nothing is missed
   * - `paused`: not wanted now, see `pauseReason`
   * - `failed`: given up, see `error`
   */
  status: 'idle' | 'connecting' | 'open' | 'reconnecting' | 'paused' | 'failed'
  pauseReason: 'hidden' | 'offline' | null
}

/** All that is known of one user. A new object for each change. */
export interface ChannelState {
  connection: ConnectionState
  attempt: Attempt | null
  /** `null` until the relay has been heard, unless an attempt is waiting. */
  status: KycFileStatus | null
  error: KycStatusError | null
}

export interface ChannelOptions {
  url: string
  storageKey: string
  fetch: typeof fetch
  getToken: GetToken | undefined
  policy: ConnectionPolicy
}

/** How long `beginUpload` waits to learn the position of the stream, in milliseconds, before it lets the upload go. */
const MAX_HOLD = 3000
/** How long a connection outlives its last reader, in milliseconds: StrictMode and Suspense let go of it and take it again. */
const RELEASE_GRACE = 1000
/** Until the relay has said how often it sends a heartbeat, in seconds. */
const ASSUMED_HEARTBEAT = 15
/** What a heartbeat may be late, in milliseconds, on a line that passes for live. */
const HEARTBEAT_JITTER = 1000
/** A line is dead once two heartbeats have not come, and this many milliseconds have passed. */
const HEARTBEAT_SLACK = 5000

const IDLE: ConnectionState = { status: 'idle', pauseReason: null }
export const IDLE_STATE: ChannelState = { connection: IDLE, attempt: null, status: null, error: null }

/** One user's connection, shared by all who read it, and what has been learned from it. */
export class Channel {
  readonly #externalUserId: string
  readonly #options: ChannelOptions
  readonly #listeners = new Set<() => void>()
  #state: ChannelState
  #readers = 0
  #release: ReturnType<typeof setTimeout> | undefined
  #running: AbortController | null = null
  #latest: ReceivedEvent | null = null
  /** The position of the stream that has been read. */
  #cursor: string | null = null
  /** The highest position ever read: what is told of the stream rises, also when another store takes over whose clock is behind. */
  #highest: string | null = null
  /** Where the present connection resumed. */
  #resumedFrom: string | null = null
  /** The events of a replay, until its `sync` has come; `null` once live. */
  #replay: ReceivedEvent[] | null = []
  #heartbeat = ASSUMED_HEARTBEAT
  /** When the relay was last heard, a comment counts too, in milliseconds since the epoch. */
  #heardAt = 0
  /** The attempt whose upload is being held back until the position of the stream is known. */
  #held: string | null = null

  constructor(externalUserId: string, options: ChannelOptions) {
    this.#externalUserId = externalUserId
    this.#options = options
    this.#state = this.#derive({ attempt: attemptStorage.load(options.storageKey) })
  }

  get state(): ChannelState {
    return this.#state
  }

  /** Calls back after each change; the connection is open for as long as somebody listens. */
  subscribe(listener: () => void): () => void {
    const entry = () => listener()
    this.#retain()
    this.#listeners.add(entry)
    return () => {
      if (this.#listeners.delete(entry)) this.#releaseOne()
    }
  }

  /** Resolves with the first state that `test` accepts. Rejects if the connection is given up, or `signal` aborts. */
  async when(test: (state: ChannelState) => boolean, signal: AbortSignal): Promise<ChannelState> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        signal.removeEventListener('abort', abort)
        unsubscribe()
        done()
      }
      const abort = () => settle(() => reject(signal.reason))
      const check = () => {
        const state = this.#state
        if (state.error) settle(() => reject(state.error))
        else if (test(state)) settle(() => resolve(state))
      }
      const unsubscribe = this.subscribe(check)
      signal.addEventListener('abort', abort)
      if (signal.aborted) abort()
      else check()
    })
  }

  /** Marks the point from which answers count. See `KycStatusClient.beginUpload`. */
  async beginUpload(files: number): Promise<Attempt> {
    const isOpen = this.#state.connection.status === 'open'
    const isLive = isOpen && Date.now() - this.#heardAt <= this.#heartbeat * 1000 + HEARTBEAT_JITTER
    const attempt = newAttempt(files, isLive ? this.#cursor : null)
    this.#held = isLive ? null : attempt.id
    this.#set({ attempt })
    if (isLive) return attempt
    // A line that has been silent for too long may be dead, and an answer to the upload before this one on its way.
    if (isOpen) this.reconnect()
    const late = new AbortController()
    const isPlaced = this.when(
      (state) => state.attempt?.id !== attempt.id || state.attempt.cursor !== null,
      late.signal,
    )
    await Promise.race([isPlaced.catch(() => {}), sleep(MAX_HOLD, late.signal)])
    late.abort()
    if (this.#held === attempt.id) this.#held = null
    return this.#state.attempt?.id === attempt.id ? this.#state.attempt : attempt
  }

  /** Ends the attempt. What the relay knew before it is asked for anew, and speaks again. */
  clear(): void {
    this.#latest = null
    this.#cursor = null
    this.#set({ attempt: null })
    this.reconnect()
  }

  /** Connects anew, now. */
  reconnect(): void {
    if (this.#isClosed) return
    this.#stop()
    if (this.#readers > 0) this.#start()
    else this.#set({ connection: IDLE, error: null })
  }

  close(): void {
    this.#stop()
    this.#fail(new KycStatusError('closed', 'the client was closed'))
  }

  get #isClosed(): boolean {
    return this.#state.error?.code === 'closed'
  }

  #retain(): void {
    clearTimeout(this.#release)
    this.#readers++
    if (!this.#running && !this.#state.error) this.#start()
  }

  #releaseOne(): void {
    this.#readers--
    if (this.#readers > 0) return
    this.#release = setTimeout(() => {
      this.#stop()
      if (!this.#isClosed) this.#set({ connection: IDLE, error: null })
    }, RELEASE_GRACE)
  }

  #start(): void {
    const controller = new AbortController()
    this.#running = controller
    this.#set({ connection: { status: 'connecting', pauseReason: null }, error: null })
    void this.#run(controller.signal)
  }

  #stop(): void {
    clearTimeout(this.#release)
    this.#running?.abort()
    this.#running = null
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { url, fetch, getToken, policy } = this.#options
    const options: ConnectionOptions = {
      url: `${url}/events/${encodeURIComponent(this.#externalUserId)}`,
      fetch,
      getToken,
      policy,
      signal,
      lastEventId: () => {
        this.#resumedFrom = this.#cursor ?? this.#state.attempt?.cursor ?? null
        return this.#resumedFrom
      },
      silenceTimeout: () => 2 * this.#heartbeat * 1000 + HEARTBEAT_SLACK,
    }
    for await (const event of connect(options)) {
      if (signal.aborted) return
      switch (event.type) {
        case 'connecting':
          this.#replay = []
          break
        case 'heard':
          this.#heardAt = Date.now()
          break
        case 'message':
          this.#receive(event.message)
          break
        case 'waiting':
          this.#set({ connection: { status: 'reconnecting', pauseReason: null } })
          break
        case 'failed':
          this.#fail(event.error)
      }
    }
  }

  /** Frames that this version does not know are left alone: a newer relay may send them. */
  #receive({ event, id, data }: EventSourceMessage): void {
    if (event === SYNC_FRAME) {
      const sync = syncSchema.safeParse(parseJson(data))
      if (sync.success) this.#applySync(sync.data)
      else this.#failBadFrame(SYNC_FRAME)
    }
    if (event === kycFileWebhook.frame) {
      const parsed = kycFileEventSchema.safeParse(parseJson(data))
      if (parsed.success && id !== undefined && parsed.data.externalUserId === this.#externalUserId) {
        this.#applyEvent({ id, status: parsed.data.status, receivedAt: parsed.data.receivedAt })
      } else {
        this.#failBadFrame(kycFileWebhook.frame)
      }
    }
  }

  #applyEvent(event: ReceivedEvent): void {
    if (this.#replay) {
      this.#replay.push(event)
    } else if (isAfter(event.id, this.#cursor ?? '')) {
      this.#latest = event
      this.#cursor = event.id
      const { attempt } = this.#state
      this.#set({ attempt: attempt && countEvent(attempt, event) })
    }
  }

  /** Takes a replay in as one change, so that nobody sees the states it passed through. */
  #applySync(sync: Sync): void {
    const replayed = this.#replay ?? []
    const from = this.#resumedFrom
    // Another store, whose clock is behind: its ids can't be compared with those that were known.
    const isOtherStore = !sync.complete && from !== null && isAfter(from, sync.cursor)
    const fresh = isOtherStore ? replayed : replayed.filter((event) => isAfter(event.id, this.#cursor ?? ''))
    const placed = this.#place(this.#state.attempt, sync, isOtherStore)
    this.#replay = null
    this.#latest = fresh.at(-1) ?? this.#latest
    this.#cursor = sync.cursor
    this.#heartbeat = sync.heartbeat
    const counted = placed && fresh.reduce(countEvent, placed)
    this.#set({
      connection: { status: 'open', pauseReason: null },
      // What lies up to here is counted, and here the relay can resume.
      attempt: counted && { ...counted, cursor: sync.cursor },
    })
  }

  /** Gives an attempt that has none the point from which it counts. */
  #place(attempt: Attempt | null, sync: Sync, isOtherStore: boolean): Attempt | null {
    if (!attempt || (attempt.cursor !== null && !isOtherStore)) return attempt
    return { ...attempt, cursor: this.#held === attempt.id ? sync.cursor : startByRelayClock(attempt, sync) }
  }

  #fail(error: KycStatusError): void {
    this.#running = null
    this.#set({ connection: { status: 'failed', pauseReason: null }, error })
  }

  #failBadFrame(name: string): void {
    this.#stop()
    this.#fail(new KycStatusError('bad_response', `the relay sent a bad ${name} frame`))
  }

  #set(change: Partial<Omit<ChannelState, 'status'>>): void {
    const before = this.#state.attempt
    this.#state = this.#derive(change)
    if (this.#state.attempt !== before) attemptStorage.save(this.#options.storageKey, this.#state.attempt)
    for (const listener of [...this.#listeners]) {
      try {
        listener()
      } catch (error) {
        // Theirs to see, and no reason for the connection to end.
        setTimeout(() => {
          throw error
        })
      }
    }
  }

  #derive(change: Partial<Omit<ChannelState, 'status'>>): ChannelState {
    const { connection, attempt, error } = { ...(this.#state ?? IDLE_STATE), ...change }
    if (this.#cursor !== null && isAfter(this.#cursor, this.#highest ?? '')) this.#highest = this.#cursor
    return { connection, attempt, error, status: this.#status(attempt) }
  }

  #status(attempt: Attempt | null): KycFileStatus | null {
    if (attempt) return attemptState(this.#externalUserId, attempt, this.#highest ?? attempt.cursor ?? '0-0')
    if (this.#cursor === null || this.#highest === null) return null
    return latestState(this.#externalUserId, this.#latest, this.#highest)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
