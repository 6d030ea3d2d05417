import { afterEach, describe, expect, it, vi } from 'vitest'
import { EventClock } from '../../src/protocol/event-clock.ts'
import { compareEventIds, type EventId, formatEventId } from '../../src/protocol/event-id.ts'

const HOUR = 3_600_000
const NOON = 1_763_900_000_000

/** A machine whose two clocks a test moves. */
function machine(wall = NOON, monotonic = 500.25) {
  const time = { wall, monotonic }
  const sources = { wall: () => time.wall, monotonic: () => time.monotonic }
  return {
    sources,
    pass(ms: number) {
      time.wall += ms
      time.monotonic += ms
    },
    setWall(ms: number) {
      time.wall = ms
    },
  }
}

describe('the clock that gives ids', () => {
  it('follows the wall clock, forward jumps too', () => {
    const { sources, pass, setWall } = machine()
    const clock = new EventClock(undefined, sources)
    expect(clock.now()).toBe(NOON)
    pass(1500)
    expect(clock.now()).toBe(NOON + 1500)
    setWall(NOON + HOUR)
    expect(clock.now()).toBe(NOON + HOUR)
  })

  it('runs on in real time where the wall clock steps back', () => {
    const { sources, pass, setWall } = machine()
    const clock = new EventClock(undefined, sources)
    clock.now()
    pass(100)
    setWall(NOON - HOUR)
    expect(clock.now()).toBe(NOON + 100)
    pass(2000)
    expect(clock.now()).toBe(NOON + 2100)
    setWall(NOON + 2200)
    expect(clock.now()).toBe(NOON + 2200)
  })

  it('is not slower than real time where the wall clock steps back while nobody asks', () => {
    const { sources, pass, setWall } = machine()
    const clock = new EventClock(undefined, sources)
    clock.now()
    setWall(NOON - HOUR)
    pass(2 * HOUR)
    expect(clock.now()).toBe(NOON + 2 * HOUR)
  })

  it('begins above what was given out before, and runs on from there', () => {
    const { sources, pass } = machine()
    const clock = new EventClock({ ms: NOON + 2000, n: 7 }, sources)
    expect(formatEventId(clock.position())).toBe(`${NOON + 2000}-7`)
    expect(formatEventId(clock.next())).toBe(`${NOON + 2000}-8`)
    pass(10)
    expect(clock.now()).toBe(NOON + 2010)
    expect(formatEventId(clock.next())).toBe(`${NOON + 2010}-0`)
  })

  it('gives positions that lie between the ids before and after them, and never fall', () => {
    const { sources, pass, setWall } = machine()
    const clock = new EventClock(undefined, sources)
    const given: { id: EventId; isPosition: boolean }[] = []
    for (const step of [0, 0, 1, 0, -HOUR, 0, 1, 1, 3, 0, -1, 0.5, 0.5]) {
      if (step < 0) setWall(NOON + step)
      else pass(step)
      const before = clock.position()
      const now = clock.now()
      given.push({ id: before, isPosition: true }, { id: clock.next(), isPosition: false })
      given.push({ id: clock.next(), isPosition: false }, { id: clock.position(), isPosition: true })
      expect(clock.now()).toBeGreaterThanOrEqual(now)
      expect(clock.now()).toBeGreaterThanOrEqual(given.at(-2)?.id.ms ?? Number.POSITIVE_INFINITY)
    }
    for (const [index, { id, isPosition }] of given.slice(1).entries()) {
      const before = given[index]?.id ?? expect.unreachable()
      expect(compareEventIds(before, id)).toBeLessThan(isPosition ? 1 : 0)
    }
  })

  it('gives no position above a limit, but for what was given out already', () => {
    const { sources } = machine()
    const clock = new EventClock({ ms: NOON - HOUR, n: 3 }, sources)
    expect(formatEventId(clock.position(NOON - HOUR))).toBe(`${NOON - HOUR}-3`)
    expect(formatEventId(clock.position(NOON - 10))).toBe(`${NOON - 11}-0`)
    expect(formatEventId(clock.position())).toBe(`${NOON - 1}-0`)
  })
})

describe('under fake timers', () => {
  afterEach(() => void vi.useRealTimers())

  it.each([{ toFake: ['Date'] as const }, { toFake: ['performance'] as const }, {}])(
    'it gives sane, rising values with %j',
    async ({ toFake }) => {
      vi.useFakeTimers({ ...(toFake && { toFake: [...toFake] }), now: NOON })
      const clock = new EventClock()
      const began = Date.now()
      const ids = [clock.next()]
      for (const at of [began, began - HOUR, began + 1]) {
        vi.setSystemTime(at)
        ids.push(clock.next())
      }
      vi.useRealTimers()
      for (const [index, id] of ids.slice(1).entries()) {
        expect(compareEventIds(ids[index] ?? id, id)).toBeLessThan(0)
        expect(id.ms - began).toBeLessThan(60_000)
      }
    },
  )
})
