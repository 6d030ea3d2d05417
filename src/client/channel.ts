import { KYC_FILE_FRAME } from '../protocol/words.ts'
import { type Moment, moment, since } from './clock.ts'
import { KycStatusError } from './errors.ts'
import { guard } from './guard.ts'
import { aimOf, MAX_HOLD, type Upload } from './knowledge/aim.ts'
import type { Attempt, UploadAttempt } from './knowledge/attempt.ts'
import {
  begin,
  endAttempt,
  hasAttempt,
  type Learned,
  learnEvent,
  learnReplay,
  nothingLearned,
  of,
  put,
  statusOf,
} from './knowledge/learned.ts'
import { type Received, type ReceivedEvent, type ReceivedSnapshot, readMessage } from './knowledge/received.ts'
import type { KnownSteps } from './knowledge/step.ts'
import { isSameStatus, type KycFileStatus } from './knowledge/upload-state.ts'
import { type ConnectionEvent, type ConnectionOptions, connection, keep } from './line/connection.ts'
import { type ConnectionState, IDLE_LINE, type LineEvent, lineAfter } from './line/line-state.ts'
import type { StreamMessage } from './line/parser.ts'
import { isFinal } from './line/policy.ts'
import { readSnapshot, type SnapshotSource } from './line/polling.ts'
import { shared } from './line/tabs.ts'
import { keepSame } from './same.ts'
import { record } from './storage/record.ts'
import { onAbort, sleep, within } from './timers.ts'

/** All that is known of one user. A new object for each change. */
export interface ChannelState extends KnownSteps {
  readonly connection: ConnectionState
  /** The upload of the step `kyc-file`. */
  readonly attempt: UploadAttempt | null
  /** `null` until the relay has been heard, unless there is an attempt. */
  readonly status: KycFileStatus | null
  /** When `status` changed last, in milliseconds since the epoch; 0 while it is `null`. */
  readonly updatedAt: number
  /** Why the line was given up; `null` while it is not. */
  readonly error: KycStatusError | null
  /** The user was signed out, and nobody has come since. */
  readonly isSignedOut: boolean
  /** The steps for which a file is on its way, see `KycStatusClient.setSending`. */
  readonly sending: ReadonlySet<string>
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
  /** Called after each change. */
  onChange(state: ChannelState, before: ChannelState): void
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

type Change = Partial<Pick<ChannelState, 'connection' | 'isSignedOut' | 'sending'>>
type Uploads = ReadonlyMap<string, Upload>

/** A request, with the cursor that it resumes from. */
interface Question {
  readonly at: Moment
  /** The upload of each step that had begun last by then. */
  readonly uploads: Uploads
  readonly from: string | null
}

export const IDLE_STATE: ChannelState = {
  connection: IDLE_LINE,
  attempt: null,
  status: null,
  updatedAt: 0,
  error: null,
  isSignedOut: false,
  steps: nothingLearned.steps,
  isHeard: false,
  sending: new Set(),
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
  #asked: Question
  /** The events of a replay, until its `sync` has come; `null` once live. */
  #replay: ReceivedEvent[] | null = []
  #heartbeat = ASSUMED_HEARTBEAT
  /** When the relay was last heard. A comment counts. */
  #heardAt: Moment | null = null
  /** The relay was heard on the present line. */
  #isProven = false
  /** How many replays and snapshots have come. */
  #syncs = 0
  /** The upload of each step that was begun last in this page. */
  #uploads: Uploads = new Map()
  /** Another tab has the connection. */
  #isFollowing = false
  /** How many sign-outs there have been: what was asked for before one is not learned after it. */
  #signOuts = 0

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#learned = record.load(options.name)
    this.#asked = this.#question()
    this.#learn(this.#learned, { connection: this.#idle })
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

  /**
   * Resolves with the first state that `test` accepts. Rejects if the connection is given up, or `signal` aborts.
   *
   * @param answered - whatever it settles with, it may have changed more than the state.
   */
  async #when(test: () => boolean, signal: AbortSignal, answered?: Promise<unknown>): Promise<ChannelState> {
    return new Promise((resolve, reject) => {
      const waiting = within(signal)
      const check = () => {
        const state = this.#state
        if (state.error) reject(state.error)
        else if (test()) resolve(state)
        else if (state.isSignedOut) reject(signedOut())
        else return
        waiting.abort()
      }
      onAbort(waiting.signal, this.subscribe(check))
      onAbort(waiting.signal, () => reject(Object.assign(new Error('AbortError'), { name: 'AbortError' })))
      check()
      void answered?.then(check)
    })
  }

  /** Resolves with what is known once that is up to date. See `KycStatusClient.ready`. */
  async ready(signal: AbortSignal): Promise<ChannelState> {
    const asking = within(signal)
    const syncs = this.#syncs
    const mustAsk = !this.#isLive && this.#state.connection.status === 'open'
    const answered = mustAsk ? this.#ask(asking.signal) : undefined
    const isKnown = () => this.#isLive || this.#syncs > syncs
    return this.#when(isKnown, signal, answered).finally(() => asking.abort())
  }

  /** Marks the point from which answers count. See `KycStatusClient.beginUpload`. */
  async beginUpload(step: string, files: number): Promise<Attempt> {
    const learned = begin(this.#learned, step, files)
    const attempt = of(learned, step).attempt as Attempt
    const upload: Upload = { id: attempt.id, beganAt: moment(), letGoAt: null }
    this.#uploads = new Map(this.#uploads).set(step, upload)
    this.#learn(learned)
    // A listener has signed the user out, or begun another upload.
    if (this.#uploads.get(step) !== upload) return attempt
    const late = new AbortController()
    const { signal } = late
    const isPlaced = this.#when(() => this.#attempt(step)?.cursor !== null, signal)
    if (this.#isStale) this.reconnect()
    await Promise.race([isPlaced.catch(() => {}), this.#askForPoint(signal), sleep(MAX_HOLD, signal)])
    late.abort()
    upload.letGoAt = moment()
    const current = this.#attempt(step)
    if (current?.id !== attempt.id) return attempt
    this.#learn(put(this.#learned, step, { attempt: { ...current, letGoAt: upload.letGoAt.wall } }))
    // The next `sync` sets the point. An open line brings no other one, so it is opened again.
    if (current.cursor === null && this.#state.connection.status === 'open') this.reconnect()
    return this.#attempt(step) ?? attempt
  }

  /** Waits for the answers to so many files. */
  setFiles(files: number): void {
    const attempt = this.#attempt(KYC_FILE_FRAME)
    if (attempt) this.#learn(put(this.#learned, KYC_FILE_FRAME, { attempt: { ...attempt, files } }))
  }

  /** Ends the attempt of a step: all of its events speak again. See `KycStatusClient.clear`. */
  clear(step: string, isSent: boolean): void {
    this.#learn(endAttempt(this.#learned, step, isSent))
  }

  /** Says whether a file is on its way. */
  setSending(step: string, isSending: boolean): void {
    const sending = new Set(this.#state.sending)
    if (sending.has(step) === isSending) return
    if (isSending) sending.add(step)
    else sending.delete(step)
    this.#learn(this.#learned, { sending })
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
    this.#uploads = new Map()
    this.#learn(nothingLearned, { connection: this.#idle, isSignedOut: true, sending: IDLE_STATE.sending })
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
    this.#learn(this.#learned, { connection: this.#line({ type: 'started' }), isSignedOut: false })
    void this.#run(signal)
  }

  #stop(): void {
    clearTimeout(this.#release)
    this.#running?.abort()
    this.#running = null
  }

  #question(): Question {
    return { at: moment(), uploads: this.#uploads, from: this.#learned.cursor }
  }

  #attempt(step: string): Attempt | null {
    return of(this.#learned, step).attempt
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { externalUserId, isShared, name, pause } = this.#options
    const source: SnapshotSource & ChannelOptions = {
      ...this.#options,
      lastEventId: () => {
        this.#asked = this.#question()
        return this.#asked.from
      },
    }
    const options = {
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
        this.#receive(event.received)
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

  #receive({ sync, event }: Received = {}): void {
    if (sync) {
      const events = this.#replay ?? []
      this.#replay = null
      this.#isFollowing = false
      this.#heartbeat = sync.heartbeat
      this.#catchUp({ ...sync, events }, this.#asked, 'stream')
    } else if (event) {
      if (this.#replay) this.#replay.push(event)
      else this.#learn(learnEvent(this.#learned, event))
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
    this.#learn(this.#learned, { connection: this.#line(event) })
  }

  /** Learns what a replay or a snapshot says. `transport`: how the line brought it; a request beside the line has none. */
  #catchUp(snapshot: ReceivedSnapshot, asked: Question, transport?: ConnectionState['transport']): void {
    this.#syncs++
    const aim = (attempt: Attempt, step: string) =>
      aimOf(attempt, this.#uploads.get(step), asked.uploads.get(step), asked.at)
    const learned = learnReplay(this.#learned, { events: snapshot.events, sync: snapshot, from: asked.from, aim })
    this.#learn(learned, transport && { connection: this.#line({ type: 'synced', transport }) })
  }

  /** Asks for a snapshot by a request beside the line. Returns why it failed, or `null`. */
  async #ask(signal: AbortSignal): Promise<{ error: KycStatusError; after: number } | null> {
    const asked = this.#question()
    const signOuts = this.#signOuts
    const answer = await readSnapshot({ ...this.#options, lastEventId: () => asked.from }, signal)
    if (signal.aborted || signOuts !== this.#signOuts) return null
    if (answer.type === 'refused') return answer
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

  /** Tells what has changed. */
  #learn(learned: Learned, change?: Change): void {
    const isKept = learned !== this.#learned && [learned, this.#learned].some(hasAttempt)
    this.#learned = learned
    if (isKept) record.save(this.#options.name, learned)
    const before = this.#state
    const changed = { ...before, ...change }
    const { connection } = changed
    const error = connection.status === 'failed' ? connection.cause : null
    const { steps, isHeard } = learned
    const attempt = this.#attempt(KYC_FILE_FRAME)
    const known = statusOf(this.#options.externalUserId, learned)
    const status = known && before.status && isSameStatus(before.status, known) ? before.status : known
    const updatedAt = status === before.status ? before.updatedAt : status ? Date.now() : 0
    this.#state = keepSame(before, { ...changed, steps, isHeard, attempt, status, updatedAt, error })
    if (this.#state === before) return
    for (const listener of [...this.#listeners]) guard(listener)
    this.#options.onChange(this.#state, before)
  }
}

function signedOut(): KycStatusError {
  return new KycStatusError('closed', 'the user was signed out')
}
