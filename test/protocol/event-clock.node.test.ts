import { afterEach, describe, expect, it, vi } from 'vitest'
import { EventClock } from '../../src/protocol/event-clock.ts'
import { compareEventIds, formatEventId } from '../../src/protocol/event-id.ts'

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
    expect(clock.position()).toBe(NOON + 1999)
    expect(formatEventId(clock.next())).toBe(`${NOON + 2000}-8`)
    pass(10)
    expect(clock.now()).toBe(NOON + 2010)
    expect(formatEventId(clock.next())).toBe(`${NOON + 2010}-0`)
  })

  it('gives positions that lie below the ids after them, and never fall', () => {
    const { sources, pass, setWall } = machine()
    const clock = new EventClock(undefined, sources)
    let [highest, position, now] = [clock.next(), clock.position(), clock.now()]
    for (const step of [0, 0, 1, 0, -HOUR, 0, 1, 1, 3, 0, -1, 0.5, 0.5]) {
      if (step < 0) setWall(NOON + step)
      else pass(step)
      for (const id of [clock.next(), clock.next()]) {
        expect(id.ms).toBeGreaterThan(position)
        expect(compareEventIds(highest, id)).toBeLessThan(0)
        highest = id
      }
      expect(clock.position()).toBeGreaterThanOrEqual(position)
      expect(clock.now()).toBeGreaterThanOrEqual(Math.max(now, highest.ms))
      position = clock.position()
      now = clock.now()
    }
    expect(clock.given).toEqual(highest)
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
