import type { Sync } from '../protocol/frames.ts'
import { type Attempt, attemptStorage, newAttempt, withFiles } from './attempt.ts'
import { type ConnectionEvent, type ConnectionOptions, connect } from './connection.ts'
import { KycStatusError } from './errors.ts'
import { type Learned, learnEvent, learnReplay, nothingLearned, statusOf, unlearn } from './learned.ts'
import { claimOutcome } from './outcome.ts'
import type { PauseReason } from './pause.ts'
import { type Received, readEvent, readMessage } from './received.ts'
import { poll } from './snapshot.ts'
import { canShare, share } from './tabs.ts'
import { sleep } from './timers.ts'
import type { KycFileStatus, ReceivedEvent } from './upload-state.ts'

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
  /** The page has been hidden for 30 s, or there is no network. It comes back by itself, and nothing is missed. */
  pauseReason: PauseReason | null
  /** `polling` where something between here and the relay swallows streams: the relay is asked every 5 s, and news are late. */
  transport?: 'polling'
  /**
   * When the relay was last heard before this changed, in milliseconds since the epoch; `null`: not yet. While it is `open` it
   * is heard all the time.
   */
  heardAt: number | null
}

/** All that is known of one user. A new object for each change. */
export interface ChannelState {
  connection: ConnectionState
  attempt: Attempt | null
  /** `null` until the relay has been heard, unless an attempt is waiting. */
  status: KycFileStatus | null
  error: KycStatusError | null
}

export interface ChannelOptions
  extends Pick<ConnectionOptions, 'fetch' | 'headers' | 'canRefresh' | 'credentials' | 'policy' | 'pause'> {
  url: string
  /** Names what belongs to this user of this relay, in storage and between tabs. */
  name: string
  /** Whether all tabs share one connection. */
  isShared: boolean
  /** Told once of what became of an attempt, in one tab of the browser. */
  onOutcome: ((status: KycFileStatus, attemptId: string) => void) | undefined
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

export const IDLE_STATE: ChannelState = {
  connection: { status: 'idle', pauseReason: null, heardAt: null },
  attempt: null,
  status: null,
  error: null,
}

/** One user's connection, shared by all who read it, and what has been learned from it. */
export class Channel {
  readonly #externalUserId: string
  readonly #options: ChannelOptions
  readonly #listeners = new Set<() => void>()
  #state = IDLE_STATE
  #learned: Learned
  #readers = 0
  #release: ReturnType<typeof setTimeout> | undefined
  #running: AbortController | null = null
  /** Where the present connection resumed. */
  #resumedFrom: string | null = null
  /** The events of a replay, until its `sync` has come; `null` once live. */
  #replay: ReceivedEvent[] | null = []
  #heartbeat = ASSUMED_HEARTBEAT
  /** When the relay was last heard, a comment counts too, in milliseconds since the epoch. */
  #heardAt: number | null = null
  /** Whether that was on the present line. */
  #isProven = false
  /** The attempt whose upload is being held back until the position of the stream is known. */
  #held: string | null = null
  /** Whether another tab has the connection. */
  #isFollowing = false
  /** The attempt whose outcome has been told. */
  #told: string | null = null

  constructor(externalUserId: string, options: ChannelOptions) {
    this.#externalUserId = externalUserId
    this.#options = options
    this.#learned = { ...nothingLearned, attempt: attemptStorage.load(options.name) }
    this.#set({})
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
    const { status, transport } = this.#state.connection
    const isStreaming = status === 'open' && transport !== 'polling'
    // What another tab has read is not known here before it says so, so a tab that follows looks first.
    const silence = this.#isProven && this.#heardAt !== null ? Date.now() - this.#heardAt : Infinity
    const isLive = isStreaming && !this.#isFollowing && silence <= this.#heartbeat * 1000 + HEARTBEAT_JITTER
    const attempt = newAttempt(files, isLive ? this.#learned.cursor : null)
    this.#held = isLive ? null : attempt.id
    this.#learn({ ...this.#learned, attempt })
    if (isLive) return attempt
    // A line that has been silent for too long may be dead, and an answer to the upload before this one on its way.
    if (isStreaming) this.reconnect()
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

  /** Waits for the answers to so many files. */
  setFiles(files: number): void {
    const { attempt } = this.#learned
    if (attempt) this.#learn({ ...this.#learned, attempt: withFiles(attempt, files) })
  }

  /** Ends the attempt. What the relay knew before it is asked for anew, and speaks again. */
  clear(): void {
    this.#learn(unlearn(this.#learned))
    this.reconnect()
  }

  /** Connects anew, now. */
  reconnect(): void {
    if (this.#isClosed) return
    this.#stop()
    if (this.#readers > 0) this.#start()
    else this.#set({ connection: this.#line('idle'), error: null })
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
      if (!this.#isClosed) this.#set({ connection: this.#line('idle'), error: null })
    }, RELEASE_GRACE)
  }

  #start(): void {
    const controller = new AbortController()
    this.#running = controller
    this.#set({ connection: this.#line('connecting'), error: null })
    void this.#run(controller.signal)
  }

  #stop(): void {
    clearTimeout(this.#release)
    this.#running?.abort()
    this.#running = null
  }

  async #run(signal: AbortSignal): Promise<void> {
    const source = {
      ...this.#options,
      url: `${this.#options.url}/events/${encodeURIComponent(this.#externalUserId)}`,
      lastEventId: () => {
        this.#resumedFrom = this.#learned.cursor ?? this.#learned.attempt?.cursor ?? null
        return this.#resumedFrom
      },
    }
    const open =
      this.#options.isShared && canShare() ? (options: ConnectionOptions) => share(source.name, options) : connect
    const events = open({
      ...source,
      signal,
      silenceTimeout: () => 2 * this.#heartbeat * 1000 + HEARTBEAT_SLACK,
      isReady: (message) => message !== null && readMessage(this.#externalUserId, message).type === 'sync',
      fallback: (polling) => poll(source, polling),
    })
    for await (const event of events) {
      if (signal.aborted) return
      this.#apply(event)
    }
  }

  #apply(event: ConnectionEvent): void {
    switch (event.type) {
      case 'connecting':
        this.#replay = []
        // While it polls, or takes over from another tab, nothing has changed; but this line has still to prove that it is live.
        this.#isProven = false
        if (this.#state.connection.status === 'paused') this.#set({ connection: this.#line('reconnecting') })
        break
      case 'heard':
        this.#heard()
        break
      case 'message':
        this.#receive(readMessage(this.#externalUserId, event.message))
        break
      case 'polled': {
        const { events, cursor, now, complete = true } = event.snapshot
        this.#replay = []
        for (const one of events) this.#receive(readEvent(this.#externalUserId, one))
        this.#heard()
        this.#sync(
          { cursor, now, complete, heartbeat: this.#heartbeat },
          event.isFollowing ? {} : { transport: 'polling' },
        )
        this.#isFollowing = event.isFollowing
        break
      }
      case 'waiting':
        this.#set({ connection: this.#line('reconnecting') })
        break
      case 'paused':
        this.#set({ connection: this.#line('paused', { pauseReason: event.reason }) })
        break
      case 'failed':
        this.#fail(event.error)
    }
  }

  #heard(): void {
    this.#heardAt = Date.now()
    this.#isProven = true
  }

  #line(status: ConnectionState['status'], rest: Partial<ConnectionState> = {}): ConnectionState {
    return { status, pauseReason: null, heardAt: this.#heardAt, ...rest }
  }

  #receive(received: Received): void {
    switch (received.type) {
      case 'event':
        if (this.#replay) this.#replay.push(received.event)
        else this.#learn(learnEvent(this.#learned, received.event))
        break
      case 'sync':
        this.#isFollowing = false
        this.#heartbeat = received.sync.heartbeat
        this.#sync(received.sync)
        break
      case 'bad':
        this.#stop()
        this.#fail(new KycStatusError('bad_response', `the relay sent a bad ${received.frame} frame`))
    }
  }

  #sync(sync: Sync, how: Pick<ConnectionState, 'transport'> = {}): void {
    const replay = this.#replay ?? []
    this.#replay = null
    const learned = learnReplay(this.#learned, { replay, sync, from: this.#resumedFrom, held: this.#held })
    this.#learn(learned, { connection: this.#line('open', how) })
  }

  #fail(error: KycStatusError): void {
    this.#running = null
    this.#set({ connection: this.#line('failed'), error })
  }

  #learn(learned: Learned, change: Partial<ChannelState> = {}): void {
    if (learned.attempt !== this.#learned.attempt) attemptStorage.save(this.#options.name, learned.attempt)
    this.#learned = learned
    this.#set(change)
  }

  #set(change: Partial<Pick<ChannelState, 'connection' | 'error'>>): void {
    const { attempt } = this.#learned
    this.#state = { ...this.#state, ...change, attempt, status: statusOf(this.#externalUserId, this.#learned) }
    for (const listener of [...this.#listeners]) guard(listener)
    this.#tellOutcome(this.#state)
  }

  #tellOutcome({ attempt, status }: ChannelState): void {
    const { onOutcome } = this.#options
    const isDecided = status?.outcome === 'added' || status?.outcome === 'error'
    if (!onOutcome || !attempt || !isDecided || this.#told === attempt.id) return
    this.#told = attempt.id
    void claimOutcome(attempt.id).then((isFirst) => isFirst && guard(() => onOutcome(status, attempt.id)))
  }
}

/** What a callback throws is its owner's to see, and no reason for the connection to end. */
function guard(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    setTimeout(() => {
      throw error
    })
  }
}
