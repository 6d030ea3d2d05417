import { type Moment, moment, since } from './clock.ts'
import { KycStatusError } from './errors.ts'
import { type Asked, aimOf, MAX_HOLD, type Upload } from './knowledge/aim.ts'
import { type Attempt, type UploadAttempt, withFiles } from './knowledge/attempt.ts'
import {
  begin,
  endAttempt,
  type Learned,
  learnEvent,
  learnReplay,
  nothingLearned,
  statusOf,
} from './knowledge/learned.ts'
import { type Received, type ReceivedEvent, type ReceivedSnapshot, readMessage } from './knowledge/received.ts'
import { isSameStatus, type KycFileStatus } from './knowledge/upload-state.ts'
import { type ConnectionEvent, type ConnectionOptions, connection, keep } from './line/connection.ts'
import { type ConnectionState, IDLE_LINE, type LineEvent, lineAfter } from './line/line-state.ts'
import type { StreamMessage } from './line/parser.ts'
import { isFinal } from './line/policy.ts'
import { readSnapshot, type SnapshotSource } from './line/polling.ts'
import { shared } from './line/tabs.ts'
import { keepSame } from './same.ts'
import { claimOutcome } from './storage/outcome.ts'
import { record } from './storage/record.ts'
import { onAbort, sleep, within } from './timers.ts'

/** All that is known of one user. A new object for each change. */
export interface ChannelState {
  readonly connection: ConnectionState
  readonly attempt: UploadAttempt | null
  /** `null` until the relay has been heard, unless there is an attempt. */
  readonly status: KycFileStatus | null
  /** When `status` changed last, in milliseconds since the epoch; 0 while it is `null`. */
  readonly updatedAt: number
  /** Why the line was given up; `null` while it is not. */
  readonly error: KycStatusError | null
  /** The user was signed out, and nobody has come since. */
  readonly isSignedOut: boolean
}

export interface ChannelOptions
  extends Pick<ConnectionOptions, 'url' | 'fetch' | 'headers' | 'credentials' | 'policy' | 'pause'> {
  externalUserId: string
  /** Names what belongs to this user of this relay, in storage and between tabs. */
  name: string
  /** All tabs share one connection. */
  isShared: boolean
  /** The line polls, and never tries a stream. */
  isPolling: boolean
  /** Called once for each attempt that is decided, in one tab of the browser. */
  onOutcome: ((status: KycFileStatus, attemptId: string) => void) | undefined
  /** Called once for each change of what is wrong. */
  onError(error: KycStatusError): void
}

/** The wait before a snapshot is asked for again, in milliseconds. Each wait is twice the one before. */
const ASK_AGAIN_AFTER = 250
/** How long a connection outlives its last reader, in milliseconds: StrictMode and Suspense let go of it and take it again. */
const RELEASE_GRACE = 1000
/** The interval of heartbeats, in seconds, until the relay has named its own. */
const ASSUMED_HEARTBEAT = 15
/** How late a heartbeat may be, in milliseconds, on a line that counts as live. */
const HEARTBEAT_JITTER = 1000
/** A line counts as dead after two intervals without a heartbeat and this many milliseconds. */
const HEARTBEAT_SLACK = 5000
/** The longest event, in bytes: one of the relay's is a few hundred. */
const MAX_EVENT_BYTES = 65_536

type Change = Partial<Pick<ChannelState, 'connection' | 'isSignedOut'>>

/** A request, with the cursor that it resumes from. */
interface Question extends Asked {
  readonly from: string | null
}

export const IDLE_STATE: ChannelState = {
  connection: IDLE_LINE,
  attempt: null,
  status: null,
  updatedAt: 0,
  error: null,
  isSignedOut: false,
}

/** One user's connection, shared by all who read it, and what has been learned from it. */
export class Channel {
  readonly #options: ChannelOptions
  readonly #listeners = new Set<() => void>()
  #state = IDLE_STATE
  #learned: Learned
  #release: ReturnType<typeof setTimeout> | undefined
  #running: AbortController | null = null
  /** The present request of the line. */
  #asked: Question = { at: moment(), upload: null, from: null }
  /** The events of a replay, until its `sync` has come; `null` once live. */
  #replay: ReceivedEvent[] | null = []
  #heartbeat = ASSUMED_HEARTBEAT
  /** When the relay was last heard. A comment counts. */
  #heardAt: Moment | null = null
  /** The relay was heard on the present line. */
  #isProven = false
  /** How many replays and snapshots have come. */
  #syncs = 0
  /** The upload that was begun last in this page. */
  #upload: Upload | null = null
  /** Another tab has the connection. */
  #isFollowing = false
  /** The attempt whose outcome has been told. */
  #told: string | null = null
  /** How many sign-outs there have been: what was asked for before one is not learned after it. */
  #signOuts = 0

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#learned = record.load(options.name)
    this.#set({ connection: this.#idle })
  }

  get state(): ChannelState {
    return this.#state
  }

  /** What is known is up to date, as far as the client can tell without a request. */
  get #isLive(): boolean {
    return this.#hasStream && !this.#isStale
  }

  /** This tab has an open stream of its own. The line of another tab may be dead, and a snapshot is old at once. */
  get #hasStream(): boolean {
    const { status, transport } = this.#state.connection
    return status === 'open' && transport === 'stream' && !this.#isFollowing
  }

  /** This tab's own stream has been silent for so long that it may be dead. */
  get #isStale(): boolean {
    const silence = this.#heardAt && this.#isProven ? since(this.#heardAt) : Number.POSITIVE_INFINITY
    return this.#hasStream && silence > this.#heartbeat * 1000 + HEARTBEAT_JITTER
  }

  /** Calls back after each change; the connection is open for as long as somebody listens. */
  subscribe(listener: () => void): () => void {
    const entry = () => listener()
    clearTimeout(this.#release)
    // A new reader makes a line that was given up try again.
    if (!this.#isClosed && (!this.#running || this.#state.error)) {
      this.#stop()
      this.#start()
    }
    this.#listeners.add(entry)
    return () => {
      if (!this.#listeners.delete(entry) || this.#listeners.size > 0 || this.#isClosed) return
      this.#release = setTimeout(() => this.reconnect(), RELEASE_GRACE)
    }
  }

  /** Resolves with the first state that `test` accepts. Rejects if the connection is given up, or `signal` aborts. */
  async #when(test: (state: ChannelState) => boolean, signal: AbortSignal): Promise<ChannelState> {
    return new Promise((resolve, reject) => {
      const waiting = within(signal)
      const check = () => {
        const state = this.#state
        if (state.error) reject(state.error)
        else if (test(state)) resolve(state)
        else if (state.isSignedOut) reject(signedOut())
        else return
        waiting.abort()
      }
      onAbort(waiting.signal, this.subscribe(check))
      onAbort(waiting.signal, () => reject(Object.assign(new Error('the wait was aborted'), { name: 'AbortError' })))
      check()
    })
  }

  /** Resolves with what is known once that is up to date. See `KycStatusClient.ready`. */
  async ready(signal: AbortSignal): Promise<ChannelState> {
    const asking = within(signal)
    const stop = this.subscribe(() => (this.#isClosed || this.#state.isSignedOut) && asking.abort())
    try {
      const syncs = this.#syncs
      if (!this.#isLive && this.#state.connection.status === 'open') await this.#ask(asking.signal)
      // Waiting would open the line again.
      if (this.#state.isSignedOut) throw signedOut()
      return await this.#when(() => this.#isLive || this.#syncs > syncs, signal)
    } finally {
      asking.abort()
      stop()
    }
  }

  /** Marks the point from which answers count. See `KycStatusClient.beginUpload`. */
  async beginUpload(files: number): Promise<UploadAttempt> {
    const learned = begin(this.#learned, files)
    const attempt = learned.attempt as Attempt
    const upload: Upload = { id: attempt.id, beganAt: moment(), letGoAt: null }
    this.#upload = upload
    this.#learn(learned)
    // A listener has signed the user out, or begun another upload.
    if (this.#upload !== upload) return attempt
    const late = new AbortController()
    const { signal } = late
    const isPlaced = this.#when(({ attempt: now }) => now?.cursor !== null, signal)
    if (this.#isStale) this.reconnect()
    await Promise.race([isPlaced.catch(() => {}), this.#askForPoint(signal), sleep(MAX_HOLD, signal)])
    late.abort()
    upload.letGoAt = moment()
    const current = this.#learned.attempt
    if (current?.id !== attempt.id) return attempt
    this.#learn({ ...this.#learned, attempt: { ...current, letGoAt: upload.letGoAt.wall } })
    // The next `sync` sets the point. An open line brings no other one, so it is opened again.
    if (current.cursor === null && this.#state.connection.status === 'open') this.reconnect()
    return this.#learned.attempt ?? attempt
  }

  /** Waits for the answers to so many files. */
  setFiles(files: number): void {
    const { attempt } = this.#learned
    if (attempt) this.#learn({ ...this.#learned, attempt: withFiles(attempt, files) })
  }

  /** Ends the attempt: the latest event speaks again. See `KycStatusClient.clear`. */
  clear(isSent: boolean): void {
    this.#learn(endAttempt(this.#learned, isSent))
  }

  /** Connects again, now. */
  reconnect(): void {
    if (this.#isClosed) return
    this.#stop()
    if (this.#listeners.size > 0) this.#start()
    else this.#move({ type: 'stopped' })
  }

  /** Forgets everything, and closes the line until somebody reads again. */
  signOut(): void {
    this.#stop()
    this.#signOuts++
    this.#heardAt = null
    this.#upload = null
    this.#learn(nothingLearned, { connection: this.#idle, isSignedOut: true })
  }

  close(): void {
    this.#stop()
    this.#move({ type: 'failed', error: new KycStatusError('closed', 'the client was closed') })
  }

  get #idle(): ConnectionState {
    return this.#options.isPolling ? { ...IDLE_LINE, transport: 'polling' } : IDLE_LINE
  }

  get #isClosed(): boolean {
    return this.#state.error?.code === 'closed'
  }

  #start(): void {
    this.#running = new AbortController()
    const { signal } = this.#running
    this.#set({ connection: this.#line({ type: 'started' }), isSignedOut: false })
    void this.#run(signal)
  }

  #stop(): void {
    clearTimeout(this.#release)
    this.#running?.abort()
    this.#running = null
  }

  #question(): Question {
    return { at: moment(), upload: this.#upload, from: this.#learned.cursor }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { externalUserId, isShared, name, pause } = this.#options
    const source: SnapshotSource = {
      ...this.#options,
      lastEventId: () => {
        this.#asked = this.#question()
        return this.#asked.from
      },
    }
    const options = {
      ...this.#options,
      ...source,
      maxEventBytes: MAX_EVENT_BYTES,
      silenceTimeout: () => 2 * this.#heartbeat * 1000 + HEARTBEAT_SLACK,
      read: (message: StreamMessage) => readMessage(externalUserId, message),
      readSnapshot: (asking: AbortSignal) => readSnapshot(source, asking),
    }
    const make = () => (isShared ? shared(name, options) : connection(options))
    for await (const event of keep(make, pause, signal)) {
      if (signal.aborted) return
      this.#apply(event)
    }
  }

  #apply(event: ConnectionEvent): void {
    switch (event.type) {
      case 'connecting':
        this.#replay = []
        // Nothing has been heard on this line yet.
        this.#isProven = false
        this.#move(event)
        break
      case 'heard':
        this.#heard()
        break
      case 'message':
        if (event.received) this.#receive(event.received)
        break
      case 'polled':
        this.#heard()
        this.#isFollowing = event.isFollowing
        this.#catchUp(event.snapshot, this.#asked, event.isFollowing ? 'stream' : 'polling')
        break
      case 'waiting':
      case 'paused':
      case 'failed':
        this.#move(event)
    }
  }

  #receive(received: Received): void {
    if (received.type === 'sync') {
      const { heartbeat, ...sync } = received.sync
      const events = this.#replay ?? []
      this.#replay = null
      this.#isFollowing = false
      this.#heartbeat = heartbeat
      this.#catchUp({ ...sync, events }, this.#asked, 'stream')
    } else if (received.type === 'event') {
      if (this.#replay) this.#replay.push(received.event)
      else this.#learn(learnEvent(this.#learned, received.event))
    }
  }

  #heard(): void {
    this.#heardAt = moment()
    this.#isProven = true
  }

  #line(event: LineEvent): ConnectionState {
    return lineAfter(this.#state.connection, event, this.#heardAt?.wall ?? null)
  }

  #move(event: LineEvent): void {
    this.#set({ connection: this.#line(event) })
  }

  /** Learns what a replay or a snapshot says. `transport`: how the line brought it; a request beside the line has none. */
  #catchUp({ events, ...sync }: ReceivedSnapshot, asked: Question, transport?: ConnectionState['transport']): void {
    this.#syncs++
    const aim = aimOf(this.#learned.attempt, this.#upload, asked, moment())
    const learned = learnReplay(this.#learned, { events, sync, from: asked.from, aim })
    this.#learn(learned, transport && { connection: this.#line({ type: 'synced', transport }) })
  }

  /** Asks for a snapshot by a request beside the line. Returns why it failed, or `null`. */
  async #ask(signal: AbortSignal): Promise<{ error: KycStatusError; after: number } | null> {
    const asked = this.#question()
    const signOuts = this.#signOuts
    const answer = await readSnapshot({ ...this.#options, lastEventId: () => asked.from }, signal)
    if (signal.aborted || signOuts !== this.#signOuts) return null
    if (answer.type !== 'snapshot') return answer
    this.#catchUp(answer.snapshot, asked)
    return null
  }

  /** Asks until a snapshot comes, or asking again would not help. */
  async #askForPoint(signal: AbortSignal): Promise<void> {
    for (let delay = ASK_AGAIN_AFTER; !signal.aborted && !this.#isClosed; delay *= 2) {
      const refusal = await this.#ask(signal)
      if (!refusal) return
      if (isFinal(refusal.error, this.#options.policy)) return
      await sleep(Math.max(refusal.after, delay), signal)
    }
  }

  #learn(learned: Learned, change?: Change): void {
    const isChanged = learned !== this.#learned && (learned.attempt ?? this.#learned.attempt) !== null
    this.#learned = learned
    if (isChanged) record.save(this.#options.name, learned)
    this.#set(change)
  }

  #set(change?: Change): void {
    const before = this.#state
    const { connection, isSignedOut } = { ...before, ...change }
    const error = connection.status === 'failed' ? connection.cause : null
    const { attempt } = this.#learned
    const known = statusOf(this.#options.externalUserId, this.#learned)
    const status = known && before.status && isSameStatus(before.status, known) ? before.status : known
    const updatedAt = status === before.status ? before.updatedAt : status ? Date.now() : 0
    this.#state = keepSame(before, { connection, attempt, status, updatedAt, error, isSignedOut })
    if (this.#state === before) return
    for (const listener of [...this.#listeners]) guard(listener)
    this.#tell(before, this.#state)
  }

  #tell({ connection }: ChannelState, { connection: { cause }, attempt, status }: ChannelState): void {
    const { onOutcome, onError } = this.#options
    if (cause && !isSameTrouble(cause, connection.cause) && cause.code !== 'closed') guard(() => onError(cause))
    const isDecided = status?.outcome === 'added' || status?.outcome === 'error'
    if (!onOutcome || !attempt || !isDecided || this.#told === attempt.id) return
    this.#told = attempt.id
    const signOuts = this.#signOuts
    void claimOutcome(attempt.id).then(
      (isFirst) => isFirst && signOuts === this.#signOuts && guard(() => onOutcome(status, attempt.id)),
    )
  }
}

function signedOut(): KycStatusError {
  return new KycStatusError('closed', 'the user was signed out')
}

function isSameTrouble(a: KycStatusError, b: KycStatusError | null): boolean {
  return a.code === b?.code && a.message === b.message
}

/** Reports what a callback throws as an uncaught error, so that it does not end the connection. */
function guard(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    setTimeout(() => {
      throw error
    })
  }
}
