import { checkOptions, duration, type Rules, wholeNumber } from '../../protocol/check-options.ts'
import { InvalidOptionsError } from '../../protocol/invalid-options.ts'
import { decide, type StepEvent, told } from '../../protocol/step-state.ts'
import type { History, StoredEvent } from './store.ts'

const DAY = 24 * 60 * 60 * 1000

const rules: Rules = {
  maxEvents: wholeNumber,
  maxAge: duration,
  keepLatest: duration,
}

export function parseHistory(caller: string, history: History): Required<History> {
  checkOptions(caller, rules, history)
  const { maxEvents = 32, maxAge = DAY } = history
  const { keepLatest = Math.max(30 * DAY, maxAge) } = history
  if (keepLatest < maxAge) {
    throw new InvalidOptionsError(
      `${caller}: keepLatest: expected at least maxAge, which is ${maxAge} ms, and not ${keepLatest} ms`,
    )
  }
  return { maxEvents, maxAge, keepLatest }
}

/**
 * The events of a user that count, of those that are kept, in the order of their ids. Of each frame these are the last
 * `maxEvents` that are younger than `maxAge`, and what a fresh page is told until the latest one is as old as `keepLatest`.
 *
 * They come to the same as all that there ever was. So a store may delete the others at any time, or leave them.
 */
export function remaining(
  kept: readonly StoredEvent[],
  now: number,
  history: Required<History>,
): readonly StoredEvent[] {
  const { maxEvents, maxAge } = history
  const [first] = kept
  if (!first || (kept.length <= maxEvents && msOf(first) >= now - maxAge)) return kept
  return ofEachFrame(kept, (events) => remainingOf(events, now, history))
}

/** The kept events that do not count any more. */
export function outdated(kept: readonly StoredEvent[], now: number, history: Required<History>): StoredEvent[] {
  return without(kept, remaining(kept, now, history))
}

/** @param left - some of them, in the same order. */
export function without(kept: readonly StoredEvent[], left: readonly StoredEvent[]): StoredEvent[] {
  let next = 0
  return kept.filter((event) => {
    const isLeft = event === left[next]
    if (isLeft) next++
    return !isLeft
  })
}

/** What a fresh page is told of the events that count, in the order of their ids. */
export function latestOfEachFrame(events: readonly StoredEvent[]): readonly StoredEvent[] {
  return events.length < 2 ? events : ofEachFrame(events, latestOf)
}

/**
 * Whether a user has so many events that it is time to look for those that do not count any more. It is true only now and
 * then, so that a webhook rarely pays for it.
 */
export function isTrimDue(count: number, { maxEvents }: Required<History>): boolean {
  return count > maxEvents && count % Math.ceil(maxEvents / 2) === 0
}

function ofEachFrame(
  events: readonly StoredEvent[],
  choose: (events: readonly StoredEvent[]) => readonly StoredEvent[],
): readonly StoredEvent[] {
  const [first] = events
  if (events.every(({ frame }) => frame === first?.frame)) return choose(events)
  const frames = new Map<string, StoredEvent[]>()
  for (const event of events) {
    const others = frames.get(event.frame)
    if (others) others.push(event)
    else frames.set(event.frame, [event])
  }
  const chosen = new Set([...frames.values()].flatMap(choose))
  return events.filter((event) => chosen.has(event))
}

/** The same for the events of one frame, of which there is one at least. */
function remainingOf(
  events: readonly StoredEvent[],
  now: number,
  { maxEvents, maxAge, keepLatest }: Required<History>,
): readonly StoredEvent[] {
  if (events.slice(-1).every((latest) => msOf(latest) < now - keepLatest)) return []
  const firstYoung = events.findIndex((event) => msOf(event) >= now - maxAge)
  if (firstYoung < 0) return latestOf(events)
  const start = Math.max(firstYoung, events.length - maxEvents)
  return [...neededFor(events.slice(start), events.slice(0, start)), ...events.slice(start)]
}

/** The earlier events without which the recent ones would come to something else: mostly none, two at most. */
function neededFor(recent: readonly StoredEvent[], earlier: readonly StoredEvent[]): StoredEvent[] {
  if (earlier.length === 0 || doesLatestDecide(recent)) return []
  const [past, present] = [earlier.map(toStep), recent.map(toStep)]
  const [all, alone] = [decide([...past, ...present]), decide(present)]
  if (all?.by === alone?.by && all?.asOf === alone?.asOf) return []
  const before = decide(past)
  return past.filter((step) => step === before?.by || step === before?.asOf).map(({ event }) => event)
}

function latestOf(events: readonly StoredEvent[]): readonly StoredEvent[] {
  if (events.length === 1 || doesLatestDecide(events)) return events.slice(-1)
  return told(events.map(toStep)).map(({ event }) => event)
}

/** An event without a state decides by itself, so that no other one has to be parsed. */
function doesLatestDecide(events: readonly StoredEvent[]): boolean {
  return events.slice(-1).every((latest) => toStep(latest).state === undefined)
}

interface Step extends StepEvent {
  event: StoredEvent
}

/** What is no JSON has no state. */
function toStep(event: StoredEvent): Step {
  try {
    return { ...(Object(JSON.parse(event.data)) as StepEvent), event }
  } catch {
    return { status: '', receivedAt: '', event }
  }
}

/** An id begins with its milliseconds. */
function msOf({ id }: StoredEvent): number {
  return Number.parseInt(id, 10)
}
