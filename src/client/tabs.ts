import { type ConnectionEvent, type ConnectionOptions, connect, type StreamMessage } from './connection.ts'
import { readSnapshot } from './snapshot.ts'
import { sleep } from './timers.ts'

/** How often the tab that leads says that it is there, in milliseconds. */
const BEAT_INTERVAL = 5000
/** How long a tab that leads may be silent, in milliseconds: it is frozen then, or gone. */
const PATIENCE = 12_000
/** How long it may take to answer, in milliseconds. A tab that is not frozen answers at once. */
const ANSWER_PATIENCE = 2000

/** What the tabs of one user say to each other. */
type Word =
  /** A tab that follows asks whether there is one that leads. */
  | { type: 'hello' }
  /** The tab that leads is there. */
  | { type: 'beat' }
  /** What the stream brings to the tab that leads. */
  | { type: 'heard' | 'waiting' }
  | { type: 'message'; message: StreamMessage }

/** Whether this browser can do it. A server can't, whatever it has: its users are not one person. */
export function canShare(): boolean {
  return (
    typeof document !== 'undefined' && typeof BroadcastChannel !== 'undefined' && Boolean(globalThis.navigator?.locks)
  )
}

/**
 * Does what `connect` does, with one connection for all tabs of the origin that use the same `name`. One tab leads: it has the
 * lock, and the connection. The others follow: they listen to it, then ask the relay what they have missed, then go on
 * listening; so nothing is lost whoever comes, goes or crashes, and each has shown the relay that it may know.
 */
export async function* share(name: string, options: ConnectionOptions): AsyncGenerator<ConnectionEvent, void> {
  const { pause, signal } = options
  const release = pause.hold()
  try {
    while (!signal.aborted) {
      if (pause.reason) {
        yield { type: 'paused', reason: pause.reason }
        await pause.changed(signal)
        continue
      }
      const wanted = pause.wanted(signal)
      const tab = new Tab(name, wanted.signal)
      try {
        const isOver = yield* follow(tab, { ...options, signal: wanted.signal })
        if (isOver) return
        if (tab.leads) yield* lead(tab, options)
      } finally {
        tab.leave()
        wanted.release()
      }
      if (tab.isDone) return
    }
  } finally {
    release()
  }
}

/** Reads what the tab that leads says, until this one leads or is not wanted. Returns whether there is nothing more to come. */
async function* follow(tab: Tab, options: ConnectionOptions): AsyncGenerator<ConnectionEvent, boolean> {
  if (await tab.leadsAtOnce()) return false
  yield { type: 'connecting' }
  tab.say({ type: 'hello' })
  let patience = ANSWER_PATIENCE
  let isCaughtUp = false
  while (!options.signal.aborted && !tab.leads) {
    if (!isCaughtUp) {
      const answer = await readSnapshot(options, options.signal)
      if (answer.type === 'fatal') {
        yield { type: 'failed', error: answer.error }
        return true
      }
      if (answer.type === 'snapshot') {
        isCaughtUp = true
        yield { type: 'polled', snapshot: answer.snapshot, isLive: true }
      } else {
        yield { type: 'waiting' }
        await options.pause.sleep(
          { atLeast: answer.after ?? 0, atMost: answer.after ?? ANSWER_PATIENCE },
          options.signal,
        )
        continue
      }
    }
    const word = await tab.listen(patience)
    if (options.signal.aborted || tab.leads) break
    if (!word) {
      tab.takeOver()
      continue
    }
    if (word.type !== 'hello') patience = PATIENCE
    if (word.type === 'heard' || word.type === 'waiting') yield { type: word.type }
    if (word.type === 'message') {
      // After a `sync` the tab that leads may have been away for longer than it can replay to us.
      if (options.isReady(word.message)) isCaughtUp = false
      else yield word
    }
  }
  return false
}

/** Has the connection, and passes on what it brings, until another tab takes over or this one is not wanted. */
async function* lead(tab: Tab, options: ConnectionOptions): AsyncGenerator<ConnectionEvent, void> {
  const beat = setInterval(() => tab.say({ type: 'beat' }), BEAT_INTERVAL)
  tab.say({ type: 'beat' })
  try {
    for await (const event of connect({ ...options, signal: tab.signal })) {
      if (event.type === 'heard' || event.type === 'waiting' || event.type === 'message') tab.say(event)
      // A tab that is paused has no use for the lead; the next one may be in front of somebody.
      if (event.type === 'paused') return
      yield event
      if (event.type === 'failed') tab.isDone = true
    }
  } finally {
    clearInterval(beat)
  }
}

/** This tab among those of one user. */
class Tab {
  /** There is nothing more to come. */
  isDone = false
  readonly #name: string
  readonly #bus: BroadcastChannel
  readonly #words: Word[] = []
  /** Aborts when this tab neither follows nor leads any more. */
  readonly #left = new AbortController()
  #leads = false
  #wake = () => {}
  #letGo = () => {}

  constructor(name: string, signal: AbortSignal) {
    this.#name = name
    this.#bus = new BroadcastChannel(name)
    this.#bus.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data.type === 'hello' && this.#leads) this.say({ type: 'beat' })
      this.#words.push(data)
      this.#wake()
    }
    signal.addEventListener('abort', () => this.#left.abort(), { signal: this.#left.signal })
    this.#left.signal.addEventListener('abort', () => this.#wake())
    if (signal.aborted) this.#left.abort()
  }

  /** Whether this tab has the lock. */
  get leads(): boolean {
    return this.#leads
  }

  get signal(): AbortSignal {
    return this.#left.signal
  }

  say(word: Word): void {
    this.#bus.postMessage(word)
  }

  /** The next word; `null` after so many milliseconds without one, or when there is something else to do. */
  async listen(patience: number): Promise<Word | null> {
    if (this.#words.length === 0) {
      const woken = new AbortController()
      this.#wake = () => woken.abort()
      await sleep(patience, woken.signal)
    }
    return this.#words.shift() ?? null
  }

  /** Takes the lead if nobody has it; otherwise stands in line for it. */
  async leadsAtOnce(): Promise<boolean> {
    await new Promise<void>((resolve) => this.#request({ ifAvailable: true }, resolve))
    if (!this.#leads) this.#request({ signal: this.#left.signal }, () => {})
    return this.#leads
  }

  /** Takes the lead from a tab that does not answer. It is told, should it wake up. */
  takeOver(): void {
    this.#request({ steal: true }, () => {})
  }

  leave(): void {
    this.#left.abort()
    this.#letGo()
    this.#bus.close()
  }

  #request(options: LockOptions, answered: () => void): void {
    const held = (lock: Lock | null) => {
      if (!lock || this.#left.signal.aborted) return answered()
      this.#leads = true
      this.#wake()
      answered()
      return new Promise<void>((resolve) => {
        this.#letGo = resolve
      })
    }
    navigator.locks.request(this.#name, options, held).catch(() => {
      // Another tab has taken over, or this one does not stand in line any more.
      if (this.#leads) this.#left.abort()
      answered()
    })
  }
}
