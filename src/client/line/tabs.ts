import { sleep } from '../timers.ts'
import { backoffDelay } from './backoff.ts'
import { type ConnectionEvent, type ConnectionOptions, connect } from './connection.ts'

/** How often the tab that leads says how its line is, in milliseconds. */
const BEAT_INTERVAL = 5000
/** How long a tab that leads may be silent, in milliseconds: it is frozen then, or gone. Up to a quarter more, by chance. */
const PATIENCE = 12_000
/** How long it may take to answer, and the browser to answer for a lock, in milliseconds. A tab that is not frozen answers at once. */
const ANSWER_PATIENCE = 2000
/** After as many snapshots that failed a tab opens a stream of its own. */
const MAX_FAILURES = 3

/** What the tabs of one user say to each other. */
type Word =
  /** A tab that follows asks how the line is. */
  | { type: 'hello' }
  /** How the line of the tab that leads is, and what it has read. */
  | ({ type: 'line' } & Line)

interface Line {
  isOpen: boolean
  /** Another one than before says: look again. */
  position: string
}

/** Whether this browser may be able to. A server can't, whatever it has: its users are not one person. */
export function canShare(): boolean {
  return (
    typeof document !== 'undefined' && typeof BroadcastChannel !== 'undefined' && Boolean(globalThis.navigator?.locks)
  )
}

export type SharingOptions = ConnectionOptions & Required<Pick<ConnectionOptions, 'readSnapshot'>>

/**
 * Does what `connect` does, with one connection for all tabs of the origin that use the same `name`. One tab leads: it has a
 * lock, and the connection. The others follow: what the first one says is only "look again", and then they ask the relay
 * what they have missed, from where they are and with their own credential. So no word that is lost loses an event, whoever
 * comes, goes, hangs or crashes.
 */
export async function* share(name: string, options: SharingOptions): AsyncGenerator<ConnectionEvent, void> {
  const { pause, signal } = options
  const release = pause.hold()
  try {
    while (!signal.aborted) {
      if (pause.reason) {
        yield { type: 'paused', reason: pause.reason }
        await pause.over(signal)
        continue
      }
      const wanted = pause.wanted(signal)
      const tab = Tab.join(name, wanted.signal)
      try {
        const role = tab && (yield* follow(tab, { ...options, signal: wanted.signal }))
        if (!tab || role === 'alone') {
          tab?.leave()
          yield* connect(options)
          return
        }
        if (role === 'lead' && (yield* lead(tab, options)) === 'over') return
      } finally {
        tab?.leave()
        wanted.release()
      }
    }
  } finally {
    release()
  }
}

/** Looks whenever the tab that leads says so, until this one leads, is not wanted, or is better off alone. */
async function* follow(
  tab: Tab,
  options: SharingOptions,
): AsyncGenerator<ConnectionEvent, 'lead' | 'alone' | 'unwanted'> {
  if (!(await tab.standInLine())) return 'alone'
  if (!tab.leads) {
    yield { type: 'connecting' }
    tab.say({ type: 'hello' })
  }
  let patience = ANSWER_PATIENCE
  let isTakingOver = false
  let seen: Line = { isOpen: false, position: '' }
  while (!tab.leads && !options.signal.aborted) {
    const line = await tab.listen(patience)
    if (tab.leads || options.signal.aborted) break
    if (!line) {
      // Neither the tab that leads answers, nor the browser for its lock.
      if (isTakingOver) return 'alone'
      isTakingOver = true
      tab.takeOver()
      patience = ANSWER_PATIENCE
      continue
    }
    isTakingOver = false
    patience = PATIENCE * (1 + Math.random() / 4)
    const isNews = line.isOpen && (!seen.isOpen || line.position !== seen.position)
    seen = line
    if (!line.isOpen) yield { type: 'waiting', isServed: false, cause: null }
    if (isNews && !(yield* look(tab, options))) return 'alone'
  }
  return tab.leads ? 'lead' : 'unwanted'
}

/** Asks the relay for what has been missed. Returns whether it could be had, or this tab has something else to do. */
async function* look(tab: Tab, options: SharingOptions): AsyncGenerator<ConnectionEvent, boolean> {
  const { backoff, finals } = options.policy
  for (let failures = 0; failures < MAX_FAILURES; failures++) {
    const answer = await options.readSnapshot(tab.following)
    if (tab.following.aborted) return true
    if (answer.type === 'snapshot') {
      yield { type: 'polled', snapshot: answer.snapshot, isFollowing: true }
      return true
    }
    const { error, after } = answer
    // A stream of its own says that it is final.
    if (error.code === 'unauthorized' || finals.includes(error.code)) return false
    yield { type: 'waiting', isServed: false, cause: error }
    const atLeast = after ?? 0
    await options.pause.sleep({ atLeast, atMost: Math.max(atLeast, backoffDelay(failures, backoff)) }, tab.following)
  }
  return tab.following.aborted
}

/** Has the connection, and says how it is, until another tab takes over or this one is not wanted. */
async function* lead(tab: Tab, options: ConnectionOptions): AsyncGenerator<ConnectionEvent, 'over' | 'unwanted'> {
  const beat = setInterval(() => tab.sayLine(), BEAT_INTERVAL)
  try {
    for await (const event of connect({ ...options, signal: tab.signal })) {
      // A tab that is paused has no use for the lead; the next one may be in front of somebody.
      if (event.type === 'paused') return 'unwanted'
      yield event
      if (event.type === 'failed') return 'over'
      tab.setLine(lineAfter(event, tab.line))
    }
    return 'unwanted'
  } finally {
    clearInterval(beat)
  }
}

/** A line is of use to others from its `sync` on, and by each snapshot. */
function lineAfter(event: ConnectionEvent, line: Line): Line {
  switch (event.type) {
    case 'waiting':
      return { ...line, isOpen: event.isServed }
    case 'message':
      return { isOpen: line.isOpen || event.isReady, position: event.message.lastEventId }
    case 'polled':
      return { isOpen: true, position: event.snapshot.cursor }
    default:
      return line
  }
}

/** This tab among those of one user. */
class Tab {
  /** How the line is, while this tab leads. */
  line: Line = { isOpen: false, position: '' }
  readonly #name: string
  readonly #bus: BroadcastChannel
  readonly #lines: Line[] = []
  /** Aborts when this tab neither follows nor leads any more. */
  readonly #left = new AbortController()
  /** Aborts when it does not follow any more. */
  readonly #following = new AbortController()
  #leads = false
  #wake = () => {}
  #letGo = () => {}

  /** `null` where the browser does not let it. */
  static join(name: string, signal: AbortSignal): Tab | null {
    try {
      return new Tab(name, signal)
    } catch {
      return null
    }
  }

  private constructor(name: string, signal: AbortSignal) {
    this.#name = name
    // With a version, for pages of an older release that are still open.
    this.#bus = new BroadcastChannel(`${name} v1`)
    this.#bus.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data.type === 'line') {
        this.#lines.push(data)
        this.#wake()
      } else if (this.#leads) {
        this.sayLine()
      }
    }
    const left = this.#left.signal
    left.addEventListener('abort', () => {
      this.#following.abort()
      this.#letGo()
      this.#wake()
    })
    signal.addEventListener('abort', () => this.#left.abort(), { signal: left })
    if (signal.aborted) this.#left.abort()
  }

  /** Whether this tab has the lock. */
  get leads(): boolean {
    return this.#leads
  }

  get signal(): AbortSignal {
    return this.#left.signal
  }

  get following(): AbortSignal {
    return this.#following.signal
  }

  say(word: Word): void {
    if (!this.#left.signal.aborted) this.#bus.postMessage(word)
  }

  sayLine(): void {
    this.say({ type: 'line', ...this.line })
  }

  setLine(line: Line): void {
    const isNews = line.isOpen !== this.line.isOpen || line.position !== this.line.position
    this.line = line
    if (isNews) this.sayLine()
  }

  /** What the tab that leads said last; `null` after so many milliseconds without a word, or when there is something else to do. */
  async listen(patience: number): Promise<Line | null> {
    if (this.#lines.length === 0 && !this.#following.signal.aborted) {
      const woken = new AbortController()
      this.#wake = () => woken.abort()
      await sleep(patience, woken.signal)
    }
    return this.#lines.splice(0).pop() ?? null
  }

  /** Takes the lead if nobody has it; otherwise stands in line for it. Resolves with `false` where the browser denies it. */
  async standInLine(): Promise<boolean> {
    const { signal } = this.#left
    // The one that this page had a moment ago has been let go of by then.
    await sleep(0, signal)
    if (signal.aborted) return true
    const answered = new AbortController()
    const settle = () => answered.abort()
    signal.addEventListener('abort', settle)
    let isAllowed = false
    const allow = () => {
      isAllowed = true
      settle()
    }
    this.#request({ ifAvailable: true }, allow, settle)
    // Some browsers never answer.
    await sleep(ANSWER_PATIENCE, answered.signal)
    signal.removeEventListener('abort', settle)
    if (isAllowed && !this.#leads && !signal.aborted) this.#request({ signal })
    return isAllowed || signal.aborted
  }

  /** Takes the lead from a tab that does not answer. It is told, should it wake up. */
  takeOver(): void {
    this.#request({ steal: true })
  }

  leave(): void {
    this.#left.abort()
    this.#bus.close()
  }

  #request(options: LockOptions, answered = () => {}, denied = () => {}): void {
    const held = (lock: Lock | null) => {
      if (!lock || this.#left.signal.aborted) return answered()
      this.#leads = true
      this.#following.abort()
      this.#wake()
      answered()
      return new Promise<void>((resolve) => {
        this.#letGo = resolve
      })
    }
    // `async`, because it may also throw.
    const request = async () => navigator.locks.request(this.#name, options, held)
    request().catch(() => {
      // Another tab has taken over; or this one does not stand in line any more, or must not.
      if (this.#leads) this.#left.abort()
      denied()
    })
  }
}
