import * as fc from 'fast-check'
import { type Step, type StepName, stepAmong, stepNames, stepOf } from './steps.ts'

/**
 * An upload that leaves before its page has heard where it counts from, and what may happen until then. By single steps
 * alone it is too rare: all that the clocks are for, and most of what can be doubted, happens here.
 */
const uploadInTheDark: fc.Arbitrary<Step[]> = fc
  .tuple(
    stepAmong(['silence', 'offline', 'obstacle', 'token', 'lag']),
    stepOf('upload'),
    fc.constantFrom(100, 3100, 5000, 12_000).map((ms): Step => ({ do: 'pass', ms })),
    fc.array(stepAmong(['webhook', 'device_clock', 'relay_clock', 'sleep', 'reload', 'restart', 'pass']), {
      minLength: 1,
      maxLength: 4,
      size: 'max',
    }),
    fc.constantFrom<Step[]>(
      [],
      [{ do: 'end_silence', isAlive: false }, { do: 'online' }, { do: 'no_obstacle' }, { do: 'good_token' }],
    ),
  )
  .map(([trouble, upload, wait, things, light]) => [trouble, upload, wait, ...things, ...light])

const aWhile = fc.constantFrom(100, 3100, 9000).map((ms): Step => ({ do: 'pass', ms }))

/** An answer to an earlier upload that is on its way, as slowly as what is asked next, while another upload begins. */
const answerOnItsWay: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.constantFrom(200, 2000, 4000).map((down): Step => ({ do: 'lag', up: 0, down })),
    fc
      .tuple(stepAmong(['cut', 'reconnect', 'reload', 'pass']), stepOf('webhook'), fc.boolean())
      .map(([line, answer, isAfter]) => (isAfter ? [line, answer] : [answer, line])),
    stepOf('upload'),
    aWhile,
    stepAmong(['reload', 'pass', 'cut', 'webhook']),
    aWhile,
  )
  .map((steps) => steps.flat())

/** The tab that has the line for both is frozen, and somebody looks at the other one. */
const frozenLead: fc.Arbitrary<Step[]> = fc
  .tuple(stepOf('open_tab'), stepOf('pass'), stepOf('freeze'), stepOf('webhook'))
  .map((steps) => [...steps, { do: 'rest' }])

/** A relay that loses its history while its clock is behind: it goes through times in which the one before was already. */
const lossInThePast: fc.Arbitrary<Step[]> = fc
  .tuple(
    stepAmong(['upload', 'clear']),
    stepAmong(['webhook', 'pass', 'cut', 'silence']),
    fc.constantFrom(2000, 3_600_000),
    stepOf('webhook'),
  )
  .map(([upload, before, by, webhook]) => [
    upload,
    before,
    { do: 'relay_clock', by: -by },
    { do: 'restart', keepsHistory: false },
    webhook,
    { do: 'relay_clock', by },
  ])

/** So many steps in forty are phrases instead. */
const PHRASES = [
  { weight: 2, arbitrary: uploadInTheDark },
  { weight: 1, arbitrary: answerOnItsWay },
  { weight: 1, arbitrary: lossInThePast },
  { weight: 1, arbitrary: frozenLead },
]

/** Steps of the kinds that are wanted, with a phrase here and there. */
export function stepsOf(isWanted: (name: StepName) => boolean, maxLength: number): fc.Arbitrary<Step[]> {
  const single = stepAmong(stepNames.filter(isWanted)).map((step) => [step])
  const parts = fc.array(fc.oneof({ weight: 40, arbitrary: single }, ...PHRASES), {
    minLength: 1,
    maxLength,
    size: 'max',
  })
  return parts.map((some) =>
    some
      .flat()
      .filter((step) => isWanted(step.do))
      .slice(0, maxLength),
  )
}
