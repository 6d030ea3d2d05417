import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEvent, isSnapshot, isSync } from '../../src/client/knowledge/received.ts'
import { kycFileEventSchema, snapshotSchema, syncSchema } from '../../src/protocol/index.ts'

const text = fc.constantFrom('', 'ADDED', 'ERROR', '1763932800000-0', '1-2-3', '2026-11-23T21:20:00.000Z', 'soon')
const number = fc.constantFrom(-1, 0, 0.5, 15, 3600, 3601, Number.NaN, Number.POSITIVE_INFINITY)
const value = fc.oneof(text, number, fc.boolean(), fc.constantFrom(null, undefined, [], {}))
const named = fc.record({ id: value, event: value, data: value }, { requiredKeys: [] })

/** What is right in every field, and what is wrong in one or more of them. */
const nearly = <T extends object>(right: T, wrong: { [K in keyof T]?: fc.Arbitrary<unknown> } = {}) =>
  fc.oneof(
    fc.anything(),
    fc
      .tuple(
        fc.record(Object.fromEntries(Object.keys(right).map((key) => [key, wrong[key as keyof T] ?? value])), {
          requiredKeys: [],
        }),
        fc.subarray(Object.keys(right)),
      )
      .map(([changed, kept]) => ({
        ...changed,
        ...Object.fromEntries(kept.map((key) => [key, right[key as keyof T]])),
      })),
  )

const position = { cursor: '1763932800000-0', now: '2026-11-23T21:20:00.000Z', complete: true }

describe('what a page takes from the relay is what the schemas of the protocol say', () => {
  it.each([
    ['sync', isSync, syncSchema, nearly({ ...position, heartbeat: 15 })],
    [
      'event',
      isEvent,
      kycFileEventSchema,
      nearly({ externalUserId: 'someone', status: 'ADDED', receivedAt: '2026-11-23T21:20:00.000Z' }),
    ],
    [
      'snapshot',
      isSnapshot,
      snapshotSchema,
      nearly(
        { ...position, events: [{ id: '1-0', event: 'kyc-file', data: {} }] },
        { events: fc.array(fc.oneof(named, named, value), { maxLength: 2 }) },
      ),
    ],
  ])('%s', (_, guard, schema, values) => {
    let accepted = 0
    fc.assert(
      fc.property(values, (candidate) => {
        const isRight = schema.safeParse(candidate).success
        if (isRight) accepted++
        expect(guard(candidate)).toBe(isRight)
      }),
      { numRuns: 2000 },
    )
    expect(accepted).toBeGreaterThan(20)
  })
})
