import { describe, expect, it } from 'vitest'
import { KycStatusError, type KycStatusErrorCode } from '../../src/client/errors.ts'
import { backoffDelay } from '../../src/client/line/backoff.ts'
import {
  decide,
  type Ending,
  NO_TROUBLE,
  type PolicyOptions,
  readWaits,
  type Trouble,
} from '../../src/client/line/policy.ts'
import { judge } from '../../src/client/line/verdict.ts'

describe('the wait before the next attempt', () => {
  it.each([
    [0, 500],
    [1, 1000],
    [4, 8000],
    [6, 30_000],
    [2000, 30_000],
  ])('after %i failures is anything up to %i ms', (failures, longest) => {
    const backoff = { base: 500, max: 30_000 }
    expect(backoffDelay(failures, backoff, () => 0)).toBe(0)
    expect(backoffDelay(failures, backoff, () => 1)).toBe(longest)
  })
})

describe('the default of a wait', () => {
  it.each<[string, NonNullable<PolicyOptions['retry']>, object]>([
    ['stands where nothing is set', {}, { base: 500, max: 30_000 }],
    ['of all gives way to a longer first one', { base: 60_000 }, { base: 60_000, max: 60_000 }],
    ['of all stands beside a shorter first one', { base: 20_000 }, { base: 20_000, max: 30_000 }],
    ['at first gives way to a shorter longest one', { max: 100 }, { base: 100, max: 100 }],
    ['at first stands beside a longer longest one', { max: 900 }, { base: 500, max: 900 }],
  ])('%s', (_, retry, backoff) => {
    expect(readWaits({ retry }).backoff).toEqual(backoff)
  })
})

describe('an answer', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  it.each([
    [200, { 'content-type': 'text/event-stream' }, null],
    [200, { 'content-type': 'text/event-stream; charset=utf-8' }, null],
    [200, { 'content-type': 'text/html' }, { error: { code: 'bad_response', status: 200 } }],
    [200, {}, { error: { code: 'bad_response' } }],
    [204, {}, { error: { code: 'refused', status: 204 } }],
    [400, {}, { error: { code: 'refused', status: 400 } }],
    [401, {}, { error: { code: 'unauthorized', status: 401 } }],
    [403, {}, { error: { code: 'forbidden', status: 403 } }],
    [404, {}, { error: { code: 'not_found', status: 404 } }],
    [408, {}, { error: { code: 'unavailable' }, after: 0 }],
    [425, {}, { error: { code: 'unavailable' }, after: 0 }],
    [429, { 'retry-after': '7' }, { after: 7000 }],
    [500, {}, { error: { code: 'unavailable' }, after: 0 }],
    [503, { 'retry-after': 'Mon, 23 Nov 2026 12:00:09 GMT' }, { after: 9000 }],
    [503, { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, { after: 0 }],
    // The clock of the device is an hour behind.
    [503, { 'retry-after': 'Mon, 23 Nov 2026 13:00:09 GMT', date: 'Mon, 23 Nov 2026 13:00:00 GMT' }, { after: 9000 }],
    [503, { 'retry-after': '999999999' }, { after: 3_600_000 }],
    [503, { 'retry-after': 'soon' }, { after: 0 }],
  ])('of %i %j means %j', (status, headers, refusal) => {
    const answer = { status, headers: new Headers(headers as Record<string, string>) }
    const judged = judge(answer, 'text/event-stream', '', now)
    if (refusal) expect(judged).toMatchObject({ type: 'refused', ...refusal })
    else expect(judged).toBeNull()
  })

  it('is told in the words of the server', () => {
    const verdict = judge(
      { status: 404, headers: new Headers() },
      'text/event-stream',
      'There is nothing at this path.',
    )
    expect(verdict).toMatchObject({ error: { message: 'the relay answered 404: There is nothing at this path.' } })
  })
})

describe('what comes after the end of a request', () => {
  const policy = {
    backoff: { base: 500, max: 30_000 },
    stableAfter: 10_000,
    finals: ['forbidden'] as const,
    canRefresh: true,
  }
  const refused = (code: KycStatusErrorCode, after = 0): Ending => ({
    type: 'refused',
    error: new KycStatusError(code, code),
    after,
  })
  const ended = (how: Partial<Ending & { type: 'ended' }> = {}): Ending => ({
    type: 'ended',
    cause: new KycStatusError('network', 'it broke off'),
    heldFor: 0,
    isSwallowed: false,
    isServed: false,
    hasNoBody: false,
    ...how,
  })

  it.each<[string, Partial<Trouble>, Ending, object, Partial<Trouble>]>([
    ['a stream that broke off', { failures: 1 }, ended(), { type: 'waiting', isServed: false }, { failures: 2 }],
    ['one that had held', { failures: 9 }, ended({ heldFor: 10_000 }), { type: 'waiting' }, { failures: 1 }],
    ['404', { swallowed: 1 }, refused('not_found'), { type: 'waiting' }, { failures: 1, swallowed: 0 }],
    ['503 that names a time', {}, refused('unavailable', 60_000), { type: 'waiting', atLeast: 60_000 }, {}],
    ['403', {}, refused('forbidden'), { type: 'failed', error: { code: 'forbidden' } }, {}],
    ['401', {}, refused('unauthorized'), { type: 'again' }, { isRefused: true }],
    ['401 for a snapshot', { polls: 3 }, refused('unauthorized'), { type: 'failed' }, {}],
    ['401 twice running', { isRefused: true }, refused('unauthorized'), { type: 'failed' }, { isRefused: false }],
    ['a lost line after 401', { isRefused: true }, ended(), { type: 'waiting' }, { isRefused: false }],
    ['one swallowed stream', {}, ended({ isSwallowed: true }), { type: 'waiting' }, { swallowed: 1, polls: 0 }],
    ['two of them', { swallowed: 1 }, ended({ isSwallowed: true }), { type: 'again' }, { polls: 12 }],
    ['a fetch without a body', {}, ended({ hasNoBody: true }), { type: 'again' }, { polls: 12 }],
    ['a snapshot', { polls: 12 }, { type: 'polled' }, { type: 'waiting', isServed: true }, { polls: 11 }],
    [
      'a snapshot that failed',
      { polls: 1, swallowed: 2 },
      refused('network'),
      { type: 'waiting' },
      { polls: 0, swallowed: 2 },
    ],
    [
      'a relay without room',
      { failures: 3, swallowed: 1 },
      ended({ cause: null, isServed: true }),
      { type: 'waiting', isServed: true },
      { failures: 0, swallowed: 0 },
    ],
  ])('after %s', (_, before, ending, step, after) => {
    const decided = decide({ ...NO_TROUBLE, ...before }, ending, policy)
    expect(decided.step).toMatchObject(step)
    expect(decided.trouble).toMatchObject(after)
  })

  it('asks twice before it gives up a credential that nobody can replace, as cookies', () => {
    const cookies = { ...policy, canRefresh: false }
    const first = decide(NO_TROUBLE, refused('unauthorized'), cookies)
    expect(first.step).toMatchObject({ type: 'waiting', cause: { code: 'unauthorized' } })
    expect(decide(first.trouble, refused('unauthorized'), cookies).step.type).toBe('failed')
  })

  it('goes on polling for ever where it was told to', () => {
    const trouble = { ...NO_TROUBLE, polls: Number.POSITIVE_INFINITY }
    expect(decide(trouble, { type: 'polled' }, policy).trouble.polls).toBe(Number.POSITIVE_INFINITY)
  })
})
