import type { Snapshot, Sync } from '../protocol/frames.ts'
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
import { type ReceivedEvent, readEvent, readMessage } from './knowledge/received.ts'
import { isSameStatus, type KycFileStatus } from './knowledge/upload-state.ts'
import { type ConnectionEvent, type ConnectionOptions, connection, keep } from './line/connection.ts'
import { type ConnectionState, IDLE_LINE, type LineEvent, lineAfter } from './line/line-state.ts'
import { readSnapshot, type SnapshotSource } from './line/polling.ts'
import { type SharingOptions, shared } from './line/tabs.ts'
import { claimOutcome } from './storage/outcome.ts'
import { record } from './storage/record.ts'
import { sleep } from './timers.ts'

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
  extends Pick<
    ConnectionOptions,
    'fetch' | 'headers' | 'canRefresh' | 'credentials' | 'connectTimeout' | 'policy' | 'pause'
  > {
  url: string
  /** Names what belongs to this user of this relay, in storage and between tabs. */
  name: string
  /** Whether all tabs share one connection. */
  isShared: boolean
  /** Whether streams are not even tried. */
  isPolling: boolean
  /** Told once what became of an attempt, in one tab of the browser. */
  onOutcome: ((status: KycFileStatus, attemptId: string) => void) | undefined
  /** Told of what goes wrong, once for each change. */
  onError(error: KycStatusError): void
}

/** How long it waits before it asks again, in milliseconds; twice as long each time. */
const ASK_AGAIN_AFTER = 250
/** How long a connection outlives its last reader, in milliseconds: StrictMode and Suspense let go of it and take it again. */
const RELEASE_GRACE = 1000
/** Until the relay has said how often it sends a heartbeat, in seconds. */
const ASSUMED_HEARTBEAT = 15
/** What a heartbeat may be late, in milliseconds, on a line that passes for live. */
const HEARTBEAT_JITTER = 1000
/** A line is dead once two heartbeats have not come, and this many milliseconds have passed. */
const HEARTBEAT_SLACK = 5000
/** The longest event, in bytes: one of the relay's is a few hundred. */
const MAX_EVENT_BYTES = 65_536

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
  readonly #externalUserId: string
  readonly #options: ChannelOptions
  readonly #listeners = new Set<() => void>()
  #state = IDLE_STATE
  #learned: Learned
  #readers = 0
  #release: ReturnType<typeof setTimeout> | undefined
  #running: AbortController | null = null
  /** Where the present request resumes. */
  #resumedFrom: string | null = null
  #asked: Asked = { at: moment(), upload: null }
  /** The events of a replay, until its `sync` has come; `null` once live. */
  #replay: ReceivedEvent[] | null = []
  #heartbeat = ASSUMED_HEARTBEAT
  /** When the relay was last heard, a comment counts too. */
  #heardAt: Moment | null = null
  /** Whether that was on the present line. */
  #isProven = false
  /** How often the relay has said what is known. */
  #syncs = 0
  /** The upload that was begun last in this page. */
  #upload: Upload | null = null
  /** Whether another tab has the connection. */
  #isFollowing = false
  /** The attempt whose outcome has been told. */
  #told: string | null = null

  constructor(externalUserId: string, options: ChannelOptions) {
    this.#externalUserId = externalUserId
    this.#options = options
    this.#learned = record.load(options.name)
    this.#set({ connection: this.#idle })
  }

  get state(): ChannelState {
    return this.#state
  }

  /** Whether what is known is up to date, as far as this can be known without asking. */
  get #isLive(): boolean {
    return this.#hasStream && !this.#isStale
  }

  /** Another tab's line may have died, and the answer to a question is old at once. */
  get #hasStream(): boolean {
    const { status, transport } = this.#state.connection
    return status === 'open' && transport === 'stream' && !this.#isFollowing
  }

  /** A line of its own has been silent for so long that it may be dead. */
  get #isStale(): boolean {
    const silence = this.#heardAt && this.#isProven ? since(this.#heardAt) : Number.POSITIVE_INFINITY
    return this.#hasStream && silence > this.#heartbeat * 1000 + HEARTBEAT_JITTER
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
      const abort = () => settle(() => reject(Object.assign(new Error('the wait was aborted'), { name: 'AbortError' })))
      const check = () => {
        const state = this.#state
        if (state.error) settle(() => reject(state.error))
        else if (test(state)) settle(() => resolve(state))
        else if (state.isSignedOut) settle(() => reject(signedOut()))
      }
      const unsubscribe = this.subscribe(check)
      signal.addEventListener('abort', abort)
      if (signal.aborted) abort()
      else check()
    })
  }

  /** Resolves with what is known once that is up to date. See `KycStatusClient.ready`. */
  async ready(signal: AbortSignal): Promise<ChannelState> {
    const asking = new AbortController()
    const end = () => asking.abort()
    const stop = this.subscribe(() => (this.#isClosed || this.#state.isSignedOut) && end())
    signal.addEventListener('abort', end)
    try {
      const syncs = this.#syncs
      if (!this.#isLive && this.#state.connection.status === 'open') await this.#ask(asking.signal)
      // To wait would open the line again.
      if (this.#state.isSignedOut) throw signedOut()
      return await this.when(() => this.#isLive || this.#syncs > syncs, signal)
    } finally {
      signal.removeEventListener('abort', end)
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
    const late = new AbortController()
    const { signal } = late
    const isPlaced = this.when(({ attempt: now }) => now?.id !== attempt.id || now.cursor !== null, signal)
    if (this.#isStale) this.reconnect()
    await Promise.race([isPlaced.catch(() => {}), this.#askForPoint(signal), sleep(MAX_HOLD, signal)])
    late.abort()
    upload.letGoAt = moment()
    const current = this.#learned.attempt
    if (current?.id !== attempt.id) return attempt
    this.#learn({ ...this.#learned, attempt: { ...current, letGoAt: upload.letGoAt.wall } })
    // The point is set at the next `sync`, and an open line has none to come.
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
    // What a reload has brought along is no news: ask.
    if (this.#running && !this.#learned.isHeard) this.reconnect()
  }

  /** Connects again, now. */
  reconnect(): void {
    if (this.#isClosed) return
    this.#stop()
    if (this.#readers > 0) this.#start()
    else this.#set({ connection: this.#line({ type: 'stopped' }), error: null })
  }

  /** Forgets all, and closes the line until somebody comes again. */
  signOut(): void {
    if (this.#isClosed) return
    this.#stop()
    this.#heardAt = null
    this.#upload = null
    this.#learn(nothingLearned, { connection: this.#idle, error: null, isSignedOut: true })
  }

  close(): void {
    this.#stop()
    this.#fail(new KycStatusError('closed', 'the client was closed'))
  }

  get #idle(): ConnectionState {
    return this.#options.isPolling ? { ...IDLE_LINE, transport: 'polling' } : IDLE_LINE
  }

  get #isClosed(): boolean {
    return this.#state.error?.code === 'closed'
  }

  #retain(): void {
    clearTimeout(this.#release)
    this.#readers++
    if (this.#isClosed) return
    // Somebody who comes to a line that was given up has a reason to try again.
    if (!this.#running || this.#state.error) this.reconnect()
  }

  #releaseOne(): void {
    this.#readers--
    if (this.#readers > 0 || this.#isClosed) return
    this.#release = setTimeout(() => this.reconnect(), RELEASE_GRACE)
  }

  #start(): void {
    const controller = new AbortController()
    this.#running = controller
    this.#isProven = false
    this.#set({ connection: this.#line({ type: 'started' }), error: null, isSignedOut: false })
    void this.#run(controller.signal)
  }

  #stop(): void {
    clearTimeout(this.#release)
    this.#running?.abort()
    this.#running = null
  }

  get #source(): SnapshotSource {
    return {
      ...this.#options,
      url: `${this.#options.url}/events/${encodeURIComponent(this.#externalUserId)}`,
      lastEventId: () => this.#learned.cursor,
      findProblem: ({ events }) => {
        const bad = events.find((event) => readEvent(this.#externalUserId, event).type === 'bad')
        return bad ? badFrame(bad.event) : null
      },
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { isShared, isPolling, name, pause, policy } = this.#options
    const source: SnapshotSource = {
      ...this.#source,
      lastEventId: () => {
        this.#asked = { at: moment(), upload: this.#upload }
        this.#resumedFrom = this.#learned.cursor
        return this.#resumedFrom
      },
    }
    const options: SharingOptions = {
      ...source,
      policy,
      pause,
      isPolling,
      maxEventBytes: MAX_EVENT_BYTES,
      silenceTimeout: () => 2 * this.#heartbeat * 1000 + HEARTBEAT_SLACK,
      judge: (message) => {
        const received = readMessage(this.#externalUserId, message)
        return received.type === 'bad' ? badFrame(received.frame) : received.type === 'sync'
      },
      readSnapshot: (asking) => readSnapshot(source, asking),
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
        // This line has still to prove that it is live.
        this.#isProven = false
        this.#set({ connection: this.#line(event), error: null })
        break
      case 'heard':
        this.#heard()
        break
      case 'message': {
        const received = readMessage(this.#externalUserId, event.message)
        if (received.type === 'sync') this.#sync(received.sync)
        else if (received.type !== 'event') break
        else if (this.#replay) this.#replay.push(received.event)
        else this.#learn(learnEvent(this.#learned, received.event))
        break
      }
      case 'polled': {
        this.#heard()
        this.#isFollowing = event.isFollowing
        const learned = this.#learnSnapshot(event.snapshot, this.#resumedFrom, this.#asked)
        this.#syncs++
        this.#learn(learned, this.#synced(event.isFollowing ? 'stream' : 'polling'))
        break
      }
      case 'waiting':
      case 'paused':
        this.#set({ connection: this.#line(event) })
        break
      case 'failed':
        this.#set({ connection: this.#line(event), error: event.error })
    }
  }

  #heard(): void {
    this.#heardAt = moment()
    this.#isProven = true
  }

  #line(event: LineEvent): ConnectionState {
    return lineAfter(this.#state.connection, event, this.#heardAt?.wall ?? null)
  }

  #synced(transport: ConnectionState['transport']): Partial<ChannelState> {
    return { connection: this.#line({ type: 'synced', transport }) }
  }

  #sync(sync: Sync): void {
    const events = this.#replay ?? []
    this.#replay = null
    this.#isFollowing = false
    this.#heartbeat = sync.heartbeat
    this.#syncs++
    const aim = aimOf(this.#learned.attempt, this.#upload, this.#asked, moment())
    this.#learn(learnReplay(this.#learned, { events, sync, from: this.#resumedFrom, aim }), this.#synced('stream'))
  }

  #learnSnapshot({ events, complete = true, ...position }: Snapshot, from: string | null, asked: Asked): Learned {
    const received = events.flatMap((one) => {
      const read = readEvent(this.#externalUserId, one)
      return read.type === 'event' ? [read.event] : []
    })
    const sync = { ...position, complete, heartbeat: this.#heartbeat }
    const aim = aimOf(this.#learned.attempt, this.#upload, asked, moment())
    return learnReplay(this.#learned, { events: received, sync, from, aim })
  }

  /** Asks the relay for what is known, past the line. Returns why it could not be had, or `null`. */
  async #ask(signal: AbortSignal): Promise<{ error: KycStatusError; after: number | null } | null> {
    const from = this.#learned.cursor
    const asked = { at: moment(), upload: this.#upload }
    const answer = await readSnapshot({ ...this.#source, lastEventId: () => from }, signal)
    if (signal.aborted) return null
    if (answer.type !== 'snapshot') return answer
    this.#syncs++
    this.#learn(this.#learnSnapshot(answer.snapshot, from, asked))
    return null
  }

  /** Asks until there is an answer, or there will be none. */
  async #askForPoint(signal: AbortSignal): Promise<void> {
    for (let delay = ASK_AGAIN_AFTER; !signal.aborted && !this.#isClosed; delay *= 2) {
      const refusal = await this.#ask(signal)
      if (!refusal) return
      const { code } = refusal.error
      if (code === 'unauthorized' || this.#options.policy.finals.includes(code)) return
      await sleep(Math.max(refusal.after ?? 0, delay), signal)
    }
  }

  #fail(error: KycStatusError): void {
    this.#set({ connection: this.#line({ type: 'failed', error }), error })
  }

  #learn(learned: Learned, change: Partial<ChannelState> = {}): void {
    const isChanged = learned !== this.#learned && (learned.attempt ?? this.#learned.attempt) !== null
    this.#learned = learned
    if (isChanged) record.save(this.#options.name, learned)
    this.#set(change)
  }

  #set(change: Partial<ChannelState>): void {
    const before = this.#state
    const { attempt } = this.#learned
    const known = statusOf(this.#externalUserId, this.#learned)
    const status = known && before.status && isSameStatus(before.status, known) ? before.status : known
    const updatedAt = status === before.status ? before.updatedAt : status ? Date.now() : 0
    const after = { ...before, ...change, attempt, status, updatedAt }
    const isSame = (Object.keys(after) as (keyof ChannelState)[]).every((key) => after[key] === before[key])
    if (isSame) return
    this.#state = after
    for (const listener of [...this.#listeners]) guard(listener)
    this.#tell(before, this.#state)
  }

  #tell({ connection }: ChannelState, { connection: { cause }, attempt, status }: ChannelState): void {
    const { onOutcome, onError } = this.#options
    if (cause && !isSameTrouble(cause, connection.cause) && cause.code !== 'closed') guard(() => onError(cause))
    const isDecided = status?.outcome === 'added' || status?.outcome === 'error'
    if (!onOutcome || !attempt || !isDecided || this.#told === attempt.id) return
    this.#told = attempt.id
    void claimOutcome(attempt.id).then((isFirst) => isFirst && guard(() => onOutcome(status, attempt.id)))
  }
}

function signedOut(): KycStatusError {
  return new KycStatusError('closed', 'the user was signed out')
}

function isSameTrouble(a: KycStatusError, b: KycStatusError | null): boolean {
  return a.code === b?.code && a.message === b.message
}

function badFrame(frame: string): KycStatusError {
  return new KycStatusError('bad_response', `the relay sent a bad ${frame} frame`)
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
