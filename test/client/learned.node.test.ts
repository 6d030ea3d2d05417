import { describe, expect, it } from 'vitest'
import {
  type Aim,
  begin as beginStep,
  endAttempt as endStep,
  type Learned,
  learnEvent,
  learnReplay,
  nothingLearned,
  of,
  statusOf,
} from '../../src/client/knowledge/learned.ts'

const receivedAt = '2026-11-23T12:00:00.000Z'
const NOW = Date.parse(receivedAt)
const FILE = 'kyc-file'
const event = (id: string, status: 'ADDED' | 'ERROR') => ({ id, frame: FILE, status, receivedAt })
const sync = (cursor: string, complete = true, now = receivedAt) => ({ cursor, complete, now, heartbeat: 15 })
const begin = (learned: Learned, files: number) => beginStep(learned, FILE, files)
const endAttempt = (learned: Learned, isSent: boolean) => endStep(learned, FILE, isSent)
const known = (learned: Learned) => statusOf('user', learned)
const outcome = (learned: Learned) => known(learned)?.outcome ?? null
const CLOCK: Aim = { type: 'clock', elapsed: 1000, isUncertain: false }
const HELD: Aim = { type: 'held', elapsed: 1000 }

const replayed = (
  learned: Learned,
  events: ReturnType<typeof event>[],
  to: ReturnType<typeof sync>,
  { from = learned.cursor, aim = null }: { from?: string | null; aim?: Aim | null } = {},
) => learnReplay(learned, { events, sync: to, from, aim: () => aim })

/** A user without events, whose stream was read up to here. */
const heard = (cursor: string) => replayed(nothingLearned, [], sync(cursor))
/** An upload that began when the user's stream had come to here; `before`: the last event up to there. */
const begun = (files: number, cursor: string, before = [event('1-0', 'ERROR')]) =>
  replayed(begin(replayed(nothingLearned, before, sync(cursor)), files), [], sync(cursor), { aim: HELD })

describe('what is known', () => {
  it.each<[string, Learned, string | null]>([
    ['of nothing is nothing', nothingLearned, null],
    ['of a user without events is none', heard('1-0'), 'none'],
    ['is what the latest event says', replayed(nothingLearned, [event('2-0', 'ERROR')], sync('2-0')), 'error'],
    [
      'is what the last event of a replay says',
      replayed(heard('1-0'), [event('2-0', 'ERROR'), event('3-0', 'ADDED')], sync('3-0')),
      'added',
    ],
    [
      'does not change by an event that has been read before',
      [event('4-0', 'ERROR'), event('5-0', 'ADDED'), event('4-0', 'ERROR')].reduce(learnEvent, heard('3-0')),
      'added',
    ],
    ['is what happens', learnEvent(heard('1-0'), event('2-0', 'ADDED')), 'added'],
    [
      'is not an older answer that a cache replays',
      replayed(replayed(nothingLearned, [event('9-0', 'ADDED')], sync('9-0')), [event('5-0', 'ERROR')], sync('5-0')),
      'added',
    ],
    [
      'is what the relay says again after a cache has replayed an older answer',
      replayed(
        learnEvent(replayed(nothingLearned, [event('9-0', 'ADDED')], sync('9-0')), event('5-0', 'ERROR')),
        [event('9-0', 'ADDED')],
        sync('9-0'),
        { from: '5-0' },
      ),
      'added',
    ],
    [
      'is that an attempt waits, whatever was before',
      begin(replayed(nothingLearned, [event('2-0', 'ADDED')], sync('2-0')), 1),
      'waiting',
    ],
    [
      'is the latest event again once the attempt has ended',
      endAttempt(learnEvent(begun(2, '100-0'), event('101-0', 'ADDED')), false),
      'added',
    ],
    [
      'is what a store says that takes over with a clock that is behind',
      replayed(
        replayed(nothingLearned, [event('9000-0', 'ERROR')], sync('9000-0')),
        [event('5000-0', 'ADDED')],
        sync('5000-0', false),
      ),
      'added',
    ],
    [
      'is none where the relay has lost all',
      replayed(replayed(nothingLearned, [event('9000-0', 'ERROR')], sync('9000-0')), [], sync('9500-0', false)),
      'none',
    ],
  ])('%s', (_, learned, expected) => {
    expect(outcome(learned)).toBe(expected)
  })

  it('keeps the position from which it resumes when an attempt ends', () => {
    expect(endAttempt(learnEvent(begun(2, '100-0'), event('101-0', 'ADDED')), false).cursor).toBe('101-0')
  })
})

describe('an attempt', () => {
  it.each<[string, Learned, object]>([
    [
      'counts what came after it, in a replay',
      replayed(begun(2, '100-0'), [event('101-0', 'ADDED'), event('102-0', 'ADDED')], sync('102-0')),
      { outcome: 'added', files: { added: 2, failed: 0 } },
    ],
    [
      'counts what happens',
      learnEvent(begun(1, '100-0'), event('101-0', 'ERROR')),
      { outcome: 'error', files: { added: 0, failed: 1 } },
    ],
    [
      'is not overturned by a late duplicate, and says that there was one answer too many',
      [event('101-0', 'ADDED'), event('102-0', 'ERROR')].reduce(learnEvent, begun(1, '100-0')),
      { outcome: 'added', files: { added: 1, failed: 1 }, doubt: 'extra' },
    ],
    [
      'counts nothing twice that happens twice',
      [event('101-0', 'ADDED'), event('101-0', 'ADDED')].reduce(learnEvent, begun(2, '100-0')),
      { outcome: 'waiting', files: { added: 1 }, doubt: null },
    ],
    [
      'counts nothing twice when a store comes back without its last event',
      replayed(
        [event('101-0', 'ADDED'), event('102-0', 'ERROR')].reduce(learnEvent, begun(2, '100-0')),
        [event('101-0', 'ADDED')],
        sync('101-0', false),
        { aim: CLOCK },
      ),
      { outcome: 'error', files: { added: 1, failed: 1 }, doubt: 'missed' },
    ],
    [
      'counts nothing twice when a cache replays an old body, ids and all',
      [event('101-0', 'ADDED')].reduce(
        learnEvent,
        replayed(learnEvent(begun(2, '100-0'), event('101-0', 'ADDED')), [event('1-0', 'ERROR')], sync('1-0'), {
          aim: CLOCK,
        }),
      ),
      { outcome: 'waiting', files: { added: 1, failed: 0 }, doubt: null },
    ],
    [
      'counts an answer with an id below its point, where the user had no event there',
      replayed(begun(1, '1763932800000-7', []), [event('1763929200000-0', 'ADDED')], sync('1763929200000-0'), {
        aim: CLOCK,
      }),
      { outcome: 'added', doubt: null },
    ],
    [
      'says that an answer may be missing when the relay has dropped events',
      replayed(begun(1, '100-0'), [], sync('300-0', false), { aim: CLOCK }),
      { outcome: 'waiting', doubt: 'missed' },
    ],
    [
      'counts what comes from a store that took over, empty and with a clock that is behind',
      learnEvent(
        replayed(begun(1, `${NOW}-0`), [], sync(`${NOW - 5000}-0`, false, new Date(NOW - 5000).toISOString()), {
          aim: CLOCK,
        }),
        event(`${NOW - 4000}-0`, 'ADDED'),
      ),
      { outcome: 'added', doubt: 'missed' },
    ],
    [
      'says that the upload before is still owed an answer',
      replayed(begin(begun(1, '100-0'), 1), [], sync('100-0'), { aim: HELD }),
      { outcome: 'waiting', doubt: 'owed' },
    ],
    [
      'does not say so where that answer came before the point',
      replayed(begin(begun(1, '100-0'), 1), [event('101-0', 'ERROR')], sync('101-0'), { aim: HELD }),
      { outcome: 'waiting', doubt: null },
    ],
    [
      'says so of the upload before that one, too',
      replayed(
        begin(
          learnEvent(replayed(begin(begun(1, '100-0'), 1), [], sync('100-0'), { aim: HELD }), event('101-0', 'ADDED')),
          1,
        ),
        [],
        sync('101-0'),
        { aim: HELD },
      ),
      { outcome: 'waiting', doubt: 'owed' },
    ],
  ])('%s', (_, learned, expected) => {
    expect(known(learned)).toMatchObject(expected)
  })
})

describe('an upload that is of no interest any more', () => {
  const next = (before: Learned, isSent: boolean) =>
    known(replayed(begin(endAttempt(before, isSent), 1), [], sync('200-0'), { aim: HELD }))

  it.each<[string, Learned, boolean, string | null]>([
    ['and had left is owed an answer', begun(1, '100-0'), true, 'owed'],
    ['and had not left is owed none', begun(1, '100-0'), false, null],
    ['and was answered is owed none', learnEvent(begun(1, '100-0'), event('101-0', 'ERROR')), true, null],
    [
      'and had not left leaves what was owed to the one before it',
      replayed(begin(begun(1, '100-0'), 1), [], sync('100-0'), { aim: HELD }),
      false,
      'owed',
    ],
  ])('%s', (_, before, isSent, doubt) => {
    expect(next(before, isSent)?.doubt).toBe(doubt)
  })
})

describe('an attempt without a point', () => {
  const heldBack = (files = 1) => begin(replayed(nothingLearned, [event('50-0', 'ERROR')], sync('50-0')), files)

  it('counts nothing, and remembers what has come', () => {
    const learned = learnEvent(heldBack(), event('60-0', 'ERROR'))
    expect(known(learned)).toMatchObject({ outcome: 'waiting', files: { failed: 0 } })
    expect(of(learned, FILE).attempt?.counted).toHaveLength(1)
  })

  it.each<[string, string, object]>([
    ['not what came before the point that the relay names', '60-0', { outcome: 'waiting', files: { failed: 0 } }],
    ['what came after it', '59-0', { outcome: 'error', files: { failed: 1 } }],
  ])('counts %s', (_, point, expected) => {
    const learned = learnEvent(heldBack(), event('60-0', 'ERROR'))
    expect(known(replayed(learned, [], sync(point), { aim: HELD }))).toMatchObject(expected)
  })

  it('waits for the answer to its own question', () => {
    const learned = replayed(heldBack(), [event('60-0', 'ERROR')], sync('60-0'), { aim: null })
    expect(of(learned, FILE).attempt?.cursor).toBeNull()
    expect(known(learned)).toMatchObject({ outcome: 'waiting', files: { failed: 0 } })
  })

  it.each<[string, number, object]>([
    ['that came before the upload was let go', NOW - 1002, { outcome: 'waiting' }],
    ['that came after it', NOW - 1000, { outcome: 'added', doubt: null }],
  ])("takes its point from the relay's clock, for an answer %s", (_, ms, expected) => {
    const learned = replayed(heldBack(), [event(`${ms}-0`, 'ADDED')], sync(`${ms}-0`), { aim: CLOCK })
    expect(known(learned)).toMatchObject(expected)
  })

  it('takes the clock that gives ids, where the one that the relay names is behind', () => {
    const ahead = NOW + 3_600_000
    const learned = replayed(heldBack(), [event(`${ahead}-0`, 'ERROR')], sync(`${ahead + 5000}-0`), { aim: CLOCK })
    expect(known(learned)).toMatchObject({ outcome: 'waiting' })
  })

  it.each<[string, Learned, Aim, string | null]>([
    ['the clocks are uncertain', heldBack(), { ...CLOCK, isUncertain: true }, '50-0'],
    ['only the latest of its answers was sent', begin(nothingLearned, 2), CLOCK, null],
  ])('says that an answer may be missing where %s', (_, learned, aim, from) => {
    const learnt = replayed(learned, [event(`${NOW}-0`, 'ADDED')], sync(`${NOW}-0`), { aim, from })
    expect(known(learnt)?.doubt).toBe('missed')
  })

  it.each<[string, string | null, boolean, string | null]>([
    ['says so where the relay names the point and has dropped events', '50-0', false, 'missed'],
    ['does not say so where it has dropped none', '50-0', true, null],
    ['does not say so where nothing had been read', null, true, null],
  ])('%s', (_, from, complete, doubt) => {
    const to = sync('60-0', complete)
    expect(known(replayed(heldBack(), [event('60-0', 'ERROR')], to, { aim: HELD, from }))?.doubt).toBe(doubt)
  })
})

it('an attempt keeps its point where the store of before has dropped events', () => {
  const learned = replayed(begun(1, '100-0'), [event('150-0', 'ERROR')], sync('150-0', false), { aim: CLOCK })
  expect(known(learned)).toMatchObject({ outcome: 'error', doubt: 'missed' })
})

describe('the steps of a user', () => {
  const poa = (id: string, status = 'WAITING') => ({
    id,
    frame: 'poa',
    status,
    state: 'in_review' as const,
    receivedAt,
  })
  const idsOf = (learned: Learned, step = 'poa') => of(learned, step).events.map(({ id }) => id)
  const read = (...events: ReturnType<typeof poa>[]) =>
    learnReplay(nothingLearned, { events, sync: sync(events.at(-1)?.id ?? '1-0'), from: null, aim: () => null })
  const resumed = (learned: Learned, events: ReturnType<typeof poa>[], to: ReturnType<typeof sync>, from = '2-0') =>
    learnReplay(learned, { events, sync: to, from, aim: () => null })

  it.each<[string, Learned, string[]]>([
    ['are what a first replay tells', read(poa('1-0'), poa('2-0')), ['1-0', '2-0']],
    ['are that and what happens', learnEvent(read(poa('1-0')), poa('2-0')), ['1-0', '2-0']],
    ['are read once', learnEvent(learnEvent(read(poa('1-0')), poa('2-0')), poa('2-0')), ['1-0', '2-0']],
    [
      'are that and what a line brings that comes back',
      resumed(read(poa('2-0')), [poa('3-0')], sync('3-0')),
      ['2-0', '3-0'],
    ],
    [
      'stay in order where a cache replays an older one',
      resumed(read(poa('2-0')), [poa('1-0')], sync('2-0')),
      ['1-0', '2-0'],
    ],
    [
      'are what a store says that lost its history',
      resumed(read(poa('9-0')), [poa('5-0')], sync('5-0', false)),
      ['5-0'],
    ],
    ['are none where a store lost them', resumed(read(poa('9-0')), [], sync('5-0', false)), []],
    [
      'are what a snapshot from nowhere says, and what came after it was read',
      learnReplay(learnEvent(read(poa('1-0'), poa('2-0')), poa('9-0')), {
        events: [poa('2-0')],
        sync: sync('5-0'),
        from: null,
        aim: () => null,
      }),
      ['2-0', '9-0'],
    ],
  ])('%s', (_, learned, ids) => {
    expect(idsOf(learned)).toEqual(ids)
  })

  it('keep their objects where nothing is learned of them', () => {
    const before = read(poa('1-0'), poa('2-0'))
    expect(resumed(before, [], sync('3-0')).steps).toBe(before.steps)
    expect(learnEvent(before, event('3-0', 'ADDED')).steps.get('poa')).toBe(before.steps.get('poa'))
    expect(learnEvent(before, poa('2-0')).steps).toBe(before.steps)
    expect(endStep(before, 'poa', false)).toBe(before)
  })

  it('move the cursor from which the stream resumes, whichever step an event is of', () => {
    expect(learnEvent(heard('1-0'), poa('2-0')).cursor).toBe('2-0')
  })

  it('have attempts that count their own events alone, and keep what a store lost', () => {
    const aim = () => HELD
    const begun = beginStep(beginStep(read(poa('2-0')), 'poa', 1), FILE, 1)
    const placed = learnReplay(begun, { events: [], sync: sync('2-0'), from: '2-0', aim })
    const answered = learnEvent(learnEvent(placed, poa('3-0')), event('4-0', 'ADDED'))
    const counted = (learned: Learned, step: string) => of(learned, step).attempt?.counted.map(({ id }) => id)
    expect([counted(answered, 'poa'), counted(answered, FILE)]).toEqual([['3-0'], ['4-0']])
    const lost = learnReplay(answered, { events: [], sync: sync('9-0', false), from: '4-0', aim })
    expect([counted(lost, 'poa'), counted(lost, FILE)]).toEqual([['3-0'], ['4-0']])
    expect(idsOf(lost)).toEqual([])
  })

  it('are remembered without growing for ever', () => {
    const many = Array.from({ length: 1100 }, (_, i) => poa(`${i + 1}-0`))
    const learned = many.reduce(learnEvent, heard('0-0'))
    expect(idsOf(learned)).toHaveLength(1000)
    expect(idsOf(learned).at(-1)).toBe('1100-0')
  })
})
