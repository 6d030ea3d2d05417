import { expect, it } from 'vitest'
import { aimOf, type Upload } from '../../src/client/knowledge/aim.ts'
import { newAttempt } from '../../src/client/knowledge/attempt.ts'

const HOUR = 3_600_000
/** A moment so many milliseconds after the upload began; the wall clock may have been set by `jump`, or the device slept. */
const at = (ms: number, jump = 0) => ({ steady: 1000 + ms, wall: 5_000_000 + ms + jump })
const attempt = { ...newAttempt(1), id: 'a', startedAt: at(0).wall, letGoAt: at(3000).wall }
const upload: Upload = { id: 'a', beganAt: at(0), letGoAt: at(3000) }
const held: Upload = { ...upload, letGoAt: null }

it('takes the cursor of a `sync` that was asked for while the upload is held back', () => {
  expect(aimOf(attempt, held, held, at(10), at(20))).toEqual({ type: 'held', elapsed: 20 })
})

it('takes nothing from a request that was on its way before', () => {
  expect(aimOf(attempt, held, undefined, at(-10), at(20))).toBeNull()
})

it.each([
  ['nothing happened', at(4000), at(4100), 1100, false],
  ['the wall clock was set by an hour', at(4000), at(4100, -HOUR), 1100, false],
  ['the round trip took longer than the upload was held back', at(1000), at(4100), 1100, true],
  ['the device slept for a moment', at(4000, 2000), at(4100, 2000), 3100, false],
  ['it slept for longer than the upload was held back', at(4000, 4000), at(4100, 4000), 1100 + 2900, false],
  ['it slept for more than 5 s', at(4000, 6000), at(4100, 6000), 1100 + 2900, true],
])('goes by the steady clock once it was let go: %s', (_, askedAt, now, elapsed, isUncertain) => {
  const aim = aimOf(attempt, upload, upload, askedAt, now)
  expect(aim).toEqual({ type: 'clock', elapsed, isUncertain })
})

it.each([
  ['nothing happened', at(9900), at(10_000), 7000, false],
  ['the wall clock was set back', at(9900, -HOUR), at(10_000, -HOUR), 0, true],
])('goes by the wall clock in another page: %s', (_, askedAt, now, elapsed, isUncertain) => {
  expect(aimOf(attempt, undefined, undefined, askedAt, now)).toEqual({
    type: 'clock',
    elapsed,
    isUncertain,
  })
})
