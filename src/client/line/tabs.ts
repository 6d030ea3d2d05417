import { keepSame } from '../same.ts'
import { aborted, sleep, within } from '../timers.ts'
import { backoffDelay } from './backoff.ts'
import { openBus } from './bus.ts'
import { type ConnectionEvent, type ConnectionOptions, connection, type Open } from './connection.ts'
import { isFinal, waiting } from './policy.ts'

/** How often the tab that leads says how its line is, in milliseconds. */
const BEAT_INTERVAL = 5000
/** How long the tab that leads may be silent, in milliseconds, before it counts as frozen or gone; up to a quarter more, at random. */
const PATIENCE = 12_000
/** How long the tab that leads may take to answer, and the browser to grant a lock, in milliseconds. Both usually do at once. */
const ANSWER_PATIENCE = 2000
/** After this many failed snapshots a tab opens a stream of its own. */
const MAX_FAILURES = 3

/** What the tabs of one user say to each other. */
type Word =
  /** A tab that follows asks how the line is. */
  | { type: 'hello' }
  /** How the line of the tab that leads is, and what it has read. */
  | ({ type: 'line' } & Line)

interface Line {
  isOpen: boolean
  /** Where the line is. When it changes, the other tabs ask the relay. */
  position: string
}

/** A line of which nothing has been said. */
const SHUT: Line = { isOpen: false, position: '' }

/**
 * Does what `connection` does, with one connection for all tabs of the origin that use the same `name`. One tab leads: it has
 * a lock, and the connection. The others follow: the first one tells them only that something has happened, and they ask the
 * relay for it, each from its own cursor and with its own credential. So a lost message between tabs loses no event, whichever
 * tab comes, goes, hangs or crashes.
 */
export function shared(name: string, options: ConnectionOptions): Open {
  const line = connection(options)
  let isAlone = false
  return async function* open(signal) {
    while (!isAlone && !signal.aborted) {
      const tab = join(name, signal)
      try {
        isAlone = !tab || !(yield* follow(tab, options))
        if (!tab?.leads()) continue
        yield* lead(tab, line)
        if (!tab.signal.aborted) return
      } finally {
        tab?.leave()
      }
    }
    yield* line(signal)
  }
}

/** Looks whenever the tab that leads says so, until this one leads or is not wanted. Returns `false` if it has to go on alone. */
async function* follow(tab: Tab, options: ConnectionOptions): AsyncGenerator<ConnectionEvent, boolean> {
  if (!(await tab.standInLine())) return false
  const { following } = tab
  if (!following.aborted) {
    yield { type: 'connecting' }
    tab.say({ type: 'hello' })
  }
  let patience = ANSWER_PATIENCE
  let isTakingOver = false
  let seen = SHUT
  for (;;) {
    const line = await tab.listen(patience)
    if (following.aborted) return true
    if (!line) {
      // The tab that leads did not answer, and taking its lock did not work.
      if (isTakingOver) return false
      isTakingOver = true
      tab.takeOver()
      patience = ANSWER_PATIENCE
      continue
    }
    isTakingOver = false
    patience = PATIENCE * (1 + Math.random() / 4)
    const isNews = line.isOpen && keepSame(seen, line) !== seen
    seen = line
    if (!line.isOpen) yield { type: 'waiting', isServed: false, cause: null }
    if (isNews && !(yield* look(tab, options))) return false
  }
}

/** Asks the relay for what this tab has missed. Returns `false` if that failed, and this tab still follows. */
async function* look({ following }: Tab, options: ConnectionOptions): AsyncGenerator<ConnectionEvent, boolean> {
  for (let failures = 0; failures < MAX_FAILURES; failures++) {
    const answer = await options.readSnapshot(following)
    if (following.aborted) return true
    if (answer.type === 'polled') {
      yield { ...answer, isFollowing: true }
      return true
    }
    const { error, after: atLeast } = answer
    // A stream of its own will report it as final.
    if (isFinal(error, options.policy)) return false
    const wait = waiting(false, error, backoffDelay(failures, options.policy.backoff), atLeast)
    yield wait
    await options.pause.sleep(wait, following)
  }
  return following.aborted
}

/** Keeps the connection, and tells the other tabs how it is, until it has failed, another tab takes over, or it is not wanted. */
async function* lead(tab: Tab, open: Open): AsyncGenerator<ConnectionEvent, void> {
  const beat = setInterval(tab.sayLine, BEAT_INTERVAL)
  try {
    for await (const event of open(tab.signal)) {
      yield event
      tab.setLine((line) => lineAfter(event, line))
    }
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
      return { isOpen: line.isOpen || !!event.received?.sync, position: event.message.lastEventId }
    case 'polled':
      return { isOpen: true, position: event.snapshot.cursor }
    default:
      return line
  }
}

type Tab = NonNullable<ReturnType<typeof join>>

/** Joins the tabs of one user; `null` where the browser can't. */
function join(name: string, signal: AbortSignal) {
  // With a version, for pages of an older release that are still open.
  const bus = globalThis.navigator?.locks ? openBus(`${name} v1`) : null
  if (!bus) return null
  /** Aborts when this tab neither follows nor leads any more. */
  const left = within(signal)
  /** Aborts when it does not follow any more. */
  const following = within(left.signal)
  let leads = false
  /** How the line is, while this tab leads. */
  let own = SHUT
  /** What the tab that leads has said last, until it is read. */
  let heard: Line | null = null
  let wake = () => {}

  const say = (word: Word) => {
    if (!left.signal.aborted) bus.postMessage(word)
  }
  const sayLine = () => say({ type: 'line', ...own })

  bus.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.type === 'line') {
      heard = data
      wake()
    } else if (leads) {
      sayLine()
    }
  }

  /** Resolves with `false` where the browser denies it; the lock is held until this tab leaves. */
  const requestLock = (options: LockOptions) =>
    new Promise<boolean>((answer) => {
      const held = (lock: Lock | null) => {
        answer(true)
        if (!lock || left.signal.aborted) return
        leads = true
        following.abort()
        return aborted(left.signal)
      }
      // `async`, because it may also throw.
      const request = async () => navigator.locks.request(name, options, held)
      request().catch(() => {
        // Another tab has taken over; or this one does not stand in line any more, or must not.
        if (leads) left.abort()
        answer(false)
      })
    })

  return {
    /** Aborts when this tab is not among them any more. */
    signal: left.signal,
    /** Aborts when this tab leads, or is not among them any more. */
    following: following.signal,
    /** Whether this tab has the lock. */
    leads: () => leads,
    say,
    sayLine,

    setLine(next: (line: Line) => Line): void {
      const before = own
      own = keepSame(before, next(before))
      if (own !== before) sayLine()
    },

    /** What the tab that leads said last; `null` after so many milliseconds without a word, or when there is something else to do. */
    async listen(patience: number): Promise<Line | null> {
      if (!heard) {
        const woken = within(following.signal)
        wake = () => woken.abort()
        await sleep(patience, woken.signal)
      }
      const line = heard
      heard = null
      return line
    },

    /** Takes the lead if nobody has it; otherwise stands in line for it. Resolves with `false` where the browser denies it. */
    async standInLine(): Promise<boolean> {
      // By then the lock that this page held a moment ago is free.
      await sleep(0, left.signal)
      if (left.signal.aborted) return true
      // Some browsers never answer.
      const answered = within(left.signal)
      const late = sleep(ANSWER_PATIENCE, answered.signal).then(() => false)
      const isAllowed = await Promise.race([requestLock({ ifAvailable: true }), late])
      answered.abort()
      if (left.signal.aborted) return true
      if (isAllowed && !leads) void requestLock({ signal: left.signal })
      return isAllowed
    },

    /** Takes the lead from a tab that does not answer. That tab learns of it when it wakes up. */
    takeOver(): void {
      void requestLock({ steal: true })
    },

    leave(): void {
      left.abort()
      bus.close()
    },
  }
}
