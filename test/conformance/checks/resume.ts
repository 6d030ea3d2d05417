import { deepEqual, equal, ok } from 'node:assert/strict'
import { type Check, known } from '../check.ts'
import { PROTOCOL } from '../sources.ts'
import type { Stream } from '../stream.ts'
import type { Target } from '../target.ts'
import { inOrder, statuses } from './stream.ts'

export const resume: Check[] = [
  {
    rule: 'from a cursor every later event comes, in order, then `sync`',
    quote: 'With `Last-Event-ID`: every kept event after it, of every frame, in order, then `sync`.',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const sent = ['ERROR', 'ADDED', 'ERROR', 'ERROR', 'ADDED'] as const
      const opened = await target.open(user)
      await opened.untilSync()
      await target.deliverAll(user, sent)
      const ids = (await opened.take(sent.length)).map(({ id }) => id)
      for (const [i, id] of ids.entries()) {
        const { events, sync } = await (await target.resume(user, id)).untilSync()
        deepEqual(statuses(events), sent.slice(i + 1), `the events after number ${i + 1}`)
        equal(sync.id, ids.at(-1), 'the id of sync')
        equal(JSON.parse(sync.data).complete, true, 'complete')
      }
    },
  },
  {
    rule: 'the cursor of a user without events resumes completely',
    quote:
      'A user without events has a cursor too, and resuming from it is complete: a webhook that comes between two connects is not lost.',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const opened = await target.open(user)
      const { sync: before } = await opened.untilSync()
      opened.close()
      const again = await (await target.resume(user, before.id)).untilSync()
      deepEqual(again.events, [], 'the events before there are any')
      equal(JSON.parse(again.sync.data).complete, true, 'complete before there are any')

      await target.deliverAll(user, ['ERROR', 'ADDED'])
      const { events, sync } = await (await target.resume(user, before.id)).untilSync()
      deepEqual(statuses(events), ['ERROR', 'ADDED'], 'the events')
      equal(JSON.parse(sync.data).complete, true, 'complete')
    },
  },
  {
    rule: 'an empty `Last-Event-ID` is none',
    quote: "Without `Last-Event-ID` (an empty one is none): the user's latest event of each frame, then `sync`.",
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      await target.deliverAll(user, ['ADDED', 'ERROR'])
      const { events, sync } = await (await target.resume(user, '')).untilSync()
      deepEqual(statuses(events), ['ERROR'], 'the events before sync')
      equal(JSON.parse(sync.data).complete, true, 'complete')
    },
  },
  ...unknownCursors().map(([what, cursor]) => ({
    rule: `${what} gets the latest event, \`complete:false\`, and what is live`,
    quote:
      'A cursor that is unknown, malformed or from the future, or after which an event of any frame has been dropped: the latest event of each frame as above, then `sync` with `complete:false`. It never swallows a live event.',
    source: PROTOCOL,
    async run(target: Target) {
      const user = target.user()
      await target.deliverAll(user, ['ADDED', 'ERROR'])
      const opened = await target.resume(user, cursor)
      equal(opened.status, 200, 'the status')
      const { events, sync } = await opened.untilSync()
      deepEqual(statuses(events), ['ERROR'], 'the events before sync')
      equal(JSON.parse(sync.data).complete, false, 'complete')
      await target.deliver(user, 'ADDED')
      deepEqual(statuses([await opened.next()]), ['ADDED'], 'the live event')
    },
  })),
  {
    rule: "another user's cursor is a point in time, or unknown",
    quote:
      'A cursor that the store never gave out, but whose time it can vouch for, may be taken as a point in time: everything after it, `complete:true`.',
    source: PROTOCOL,
    async run(target) {
      const [mine, other] = [target.user(), target.user()]
      await target.open(mine)
      await target.deliver(other)
      const { cursor } = await target.snapshot(other)
      // Not in the same millisecond, or both users may have the same id.
      while (Date.now() <= Number(cursor.split('-')[0]) + 1) await new Promise((resolve) => setTimeout(resolve, 1))
      await target.deliverAll(mine, ['ADDED', 'ERROR'])
      const { events, sync } = await (await target.resume(mine, cursor)).untilSync()
      const { complete } = JSON.parse(sync.data)
      deepEqual(statuses(events), complete ? ['ADDED', 'ERROR'] : ['ERROR'], 'the events before sync')
    },
  },
  {
    rule: '`now` is never behind the newest id, in `sync` and in a snapshot',
    quote:
      '`now`, here and in a snapshot, is the clock that gives ids: never behind the newest one, and it runs on where the wall clock steps back.',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      for (const status of ['ERROR', 'ADDED'] as const) {
        await target.deliver(user, status)
        const { sync } = await (await target.open(user)).untilSync()
        const { cursor, now } = await target.snapshot(user)
        const newest = Number(cursor.split('-')[0])
        ok(Date.parse(JSON.parse(sync.data).now) >= newest, 'now of sync is behind the newest id')
        ok(Date.parse(now) >= newest, 'now of the snapshot is behind the newest id')
      }
    },
  },
  {
    rule: 'all that is kept comes back, and a cursor from before that is incomplete',
    quote: 'Kept for a user: of each frame the last 32 events or 24 h (both configurable)',
    source: PROTOCOL,
    async run(target) {
      const kept = known(target.settings.keptEvents, 'keptEvents')
      const user = target.user()
      await target.deliver(user)
      const { cursor } = await target.snapshot(user)
      const sent = Array.from({ length: kept }, (_, i) => (i % 2 === 0 ? 'ERROR' : 'ADDED'))
      await target.deliverAll(user, sent)
      const all = await (await target.resume(user, cursor)).untilSync()
      deepEqual(statuses(all.events), sent, 'the events that are kept')
      equal(JSON.parse(all.sync.data).complete, true, 'complete, as long as all is kept')

      await target.deliver(user, 'ERROR')
      const { events, sync } = await (await target.resume(user, cursor)).untilSync()
      deepEqual(statuses(events), ['ERROR'], 'the events with one too many')
      equal(JSON.parse(sync.data).complete, false, 'complete with one too many')
    },
  },
  {
    rule: 'a snapshot is the cursor, the clock and the latest event, and its cursor resumes',
    quote: 'a snapshot: `{"cursor","now","events":[latest of each frame]}`',
    source: PROTOCOL,
    async run(target) {
      const user = target.user()
      const response = await target.events(user, { accept: 'application/json' })
      equal(response.headers.get('content-type'), 'application/json', 'the content-type')
      equal(response.headers.get('cache-control'), 'no-store', 'the cache-control')
      const empty = await response.json()
      deepEqual(Object.keys(empty).sort(), ['cursor', 'events', 'now'], 'the fields')
      deepEqual(empty.events, [], 'the events before there are any')

      await target.deliverAll(user, ['ERROR', 'ADDED'])
      const { cursor, events } = await target.snapshot(user)
      equal(events.length, 1, 'the number of events')
      deepEqual(Object.keys(events[0] ?? {}).sort(), ['data', 'event', 'id'], 'the fields of an event')
      deepEqual([events[0]?.id, events[0]?.event, events[0]?.data.status], [cursor, 'kyc-file', 'ADDED'], 'the event')

      const missed = await (await target.resume(user, empty.cursor)).untilSync()
      deepEqual(statuses(missed.events), ['ERROR', 'ADDED'], 'the events since the first snapshot')
      const nothing = await (await target.resume(user, cursor)).untilSync()
      deepEqual(nothing.events, [], 'the events since the second snapshot')
      equal(JSON.parse(nothing.sync.data).complete, true, 'complete')
    },
  },
  {
    rule: 'no gap and no repeat on streams that open while events pour in',
    quote: 'Between replay and live there is no gap and no repeat (listen first, then read, then drop what was read).',
    source: PROTOCOL,
    async run(target) {
      await Promise.all(Array.from({ length: 6 }, () => openDuringBurst(target)))
    },
  },
]

/** Delivers a burst by three senders, and opens streams all along: half from before the burst, half from nowhere. */
async function openDuringBurst(target: Target): Promise<void> {
  // One less than a relay keeps for a user, so that every stream has to get all of it, and than a user may hold open.
  const { keptEvents = 32, streamsPerUser = 8 } = target.settings
  const [burst, opens] = [Math.min(keptEvents, 32) - 1, Math.min(streamsPerUser, 8) - 1]
  const user = target.user()
  const witness = await target.open(user)
  const { sync: start } = await witness.untilSync()

  const opening: Promise<Stream>[] = []
  let sent = 0
  const sender = async () => {
    while (sent < burst) {
      // Beside the delivery, not before it: some streams read while an event is stored.
      if (sent++ % Math.ceil(burst / opens) === 0 && opening.length < opens) {
        opening.push(opening.length % 2 === 0 ? target.resume(user, start.id) : target.open(user))
      }
      await target.deliver(user)
    }
  }
  await Promise.all([sender(), sender(), sender()])

  const all = (await witness.take(burst)).map(({ id }) => id ?? '')
  deepEqual(all, inOrder(all), 'the ids of the stream that was there before')
  for (const [i, opened] of (await Promise.all(opening)).entries()) {
    const seen = await idsUpTo(opened, all.at(-1))
    // From nowhere a stream begins with what was the latest event then.
    const expected = i % 2 === 0 ? all : all.slice(seen.length > 0 ? all.indexOf(seen[0] ?? '') : 0)
    deepEqual(seen, expected, `the ids of stream ${i + 1}`)
  }
}

/** The ids of all events up to one of them, over `sync`. */
async function idsUpTo(opened: Stream, last: string | undefined): Promise<string[]> {
  const seen: string[] = []
  let isSynced = false
  while (!isSynced || seen.at(-1) !== last) {
    const { event, id } = await opened.next()
    if (event === 'sync') {
      ok(!isSynced, 'expected one sync')
      isSynced = true
    } else seen.push(id ?? '')
  }
  return seen
}

function unknownCursors(): [string, string][] {
  return [
    ['a cursor of long ago', '1-0'],
    ['a cursor from the future', '99999999999999-0'],
    ['a cursor beyond all numbers', `${'9'.repeat(400)}-0`],
    ['a cursor of 2^53 + 1', '9007199254740993-9007199254740993'],
    ['a cursor below zero', '-1-0'],
    ['a cursor with hexadecimal digits', '0x10-0'],
    ['a cursor with leading zeros', '0001763932800000-00'],
    ['text', 'nonsense'],
    ['text that is no ASCII', 'caf\u00e9'],
    ['`constructor`', 'constructor'],
    ['`__proto__`', '__proto__'],
    ['SQL', "' OR 1=1 --"],
    ['a cursor of 4,000 characters', `1763932800000-${'0'.repeat(3986)}`],
  ]
}
