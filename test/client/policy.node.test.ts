import { describe, expect, it } from 'vitest'
import { startByRelayClock } from '../../src/client/attempt.ts'
import { backoffDelay } from '../../src/client/backoff.ts'
import { judge } from '../../src/client/verdict.ts'

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

describe('an answer', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  it.each([
    [200, { 'content-type': 'text/event-stream' }, { type: 'open' }],
    [200, { 'content-type': 'text/event-stream; charset=utf-8' }, { type: 'open' }],
    [200, { 'content-type': 'text/html' }, { type: 'fatal', error: { code: 'bad_response', status: 200 } }],
    [200, {}, { type: 'fatal', error: { code: 'bad_response' } }],
    [204, {}, { type: 'fatal', error: { code: 'refused', status: 204 } }],
    [400, {}, { type: 'fatal', error: { code: 'refused', status: 400 } }],
    [401, {}, { type: 'unauthorized' }],
    [403, {}, { type: 'fatal', error: { code: 'forbidden', status: 403 } }],
    [404, {}, { type: 'fatal', error: { code: 'not_found', status: 404 } }],
    [408, {}, { type: 'retry', after: null }],
    [425, {}, { type: 'retry', after: null }],
    [429, { 'retry-after': '7' }, { type: 'retry', after: 7000 }],
    [500, {}, { type: 'retry', after: null }],
    [503, { 'retry-after': 'Mon, 23 Nov 2026 12:00:09 GMT' }, { type: 'retry', after: 9000 }],
    [503, { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, { type: 'retry', after: 0 }],
    [503, { 'retry-after': '999999999' }, { type: 'retry', after: 3_600_000 }],
    [503, { 'retry-after': 'soon' }, { type: 'retry', after: null }],
  ])('of %i %j means %j', (status, headers, verdict) => {
    expect(
      judge({ status, headers: new Headers(headers as Record<string, string>) }, 'text/event-stream', now),
    ).toMatchObject(verdict)
  })
})

describe('the point from which an attempt counts, when it began without a connection', () => {
  const startedAt = Date.parse('2026-11-23T12:00:00.000Z')
  const attempt = { id: 'a', files: 1, startedAt, cursor: null, added: 0, failed: 0, decidedAt: null }
  // The relay's clock is an hour ahead.
  const sync = { now: '2026-11-23T13:00:10.000Z' }

  it("is the start by the relay's clock", () => {
    expect(startByRelayClock(attempt, sync, startedAt + 10_000)).toBe(`${Date.parse('2026-11-23T13:00:00.000Z')}-0`)
  })

  it('is now, where the clock of the device has stepped back', () => {
    expect(startByRelayClock(attempt, sync, startedAt - 10_000)).toBe(`${Date.parse(sync.now)}-0`)
  })
})
